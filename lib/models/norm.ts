/** The choice between batch and instance normalisation, which every network of pictures has.
 * @module */
import type * as tf from "../tf.ts";
import { BatchNorm } from "../layers/batch_norm.ts";
import { InstanceNorm } from "../layers/instance_norm.ts";

/** How layers are normalised: by the statistics of the batch, as pix2pix does, or of each picture by itself, as CycleGAN does. */
export type Norm = "batch" | "instance";

/** The kinds of {@linkcode Norm}. */
export const NORMS: readonly Norm[] = ["batch", "instance"];

/** Normalises a layer's output. As in the reference implementation batch norm learns a scale and a shift, and instance norm has neither.
 * @param layer its name, and the seed of batch norm's initial scales.
 * @throws {RangeError} if the kind is not known. */
export function normalise(x: tf.SymbolicTensor, norm: Norm, layer: { name: string; seed: number }): tf.SymbolicTensor {
  if (!NORMS.includes(norm)) {
    throw new RangeError(`Cannot build the network: norm must be "batch" or "instance", got "${norm}"; choose one of them`);
  }
  const { name } = layer;
  return (norm === "batch" ? new BatchNorm(layer) : new InstanceNorm({ name, affine: false })).apply(x) as tf.SymbolicTensor;
}

/** Whether a convolution before the norm has a bias. Either norm takes it away again; but batch norm's shift stands in for it, and the
 * reference implementation leaves it only to layers before an instance norm: with them the numbers of weights are the published ones. */
export function biasBefore(norm: Norm): boolean {
  return norm === "instance";
}
