/** Models for plain TensorFlow.js: `tf.loadLayersModel` loads them without Forger, and `predict` returns the same images as
 * `translate` and `generate`.
 *
 * The models differ from the networks in a model folder in two respects. First, they contain only layers of TensorFlow.js (see
 * plain_layers.ts). Second, batch norm in translating models uses the statistics of each image, as `translate` does. The saved
 * pix2pix generator would use the running statistics in `predict`.
 * @module */
import { withPlanes } from "../models/blocks.ts";
import { type SomeModel, systemOf } from "../systems/registry.ts";
import * as tf from "../tf.ts";
import { VERSION } from "../train/files.ts";
import { usedNetworks, weightsOf } from "./pack.ts";
import { applyPlain } from "./plain_layers.ts";
import type { PackedWeight, Precision } from "./protocol.ts";
import { BYTES, packWeights } from "./weights.ts";

/** Options of {@linkcode plainModels}. */
export interface PlainModelOptions {
  /** Whether batch norm of a translating model uses its running statistics, as with `translate({ batchStatistics: false })`.
   * Default false. */
  runningStatistics?: boolean;
}

type Symbolic = tf.SymbolicTensor;

/** Builds the models for plain TensorFlow.js. The caller disposes of the models.
 *
 * - pix2pix, cyclegan, gan, conditional-gan: each generator that is used after training. The inputs and outputs do not change.
 * - bicyclegan: `generator`, which maps an image and a code to an image; `encoder`, which maps an image to its code.
 * - stackgan: `generator`, which maps a condition, noise, and an ε for each stage to an image and its sketch.
 * - classifier: `classifier`, which maps an image to the probability of each class.
 * @returns The models, keyed by name. */
export function plainModels(
  model: SomeModel,
  { runningStatistics = false }: PlainModelOptions = {},
): Record<string, tf.LayersModel> {
  const { kind, networks } = model;
  const options = { ownStatistics: systemOf(kind)!.uses.includes("translate") && !runningStatistics };
  if (kind === "bicyclegan") {
    const encoder = networks["encoder"]!;
    const image = inputOf(encoder, "picture");
    const [code] = applyPlain(encoder, [image], options);
    return {
      generator: withCode(networks["generator"]!, model.settings.latent),
      encoder: tf.model({ name: "encoder", inputs: image, outputs: code! }),
    };
  }
  if (kind === "stackgan") return { generator: bothStages(networks) };
  return Object.fromEntries(
    usedNetworks(model).map((name) => {
      const network = networks[name]!;
      const inputs = network.inputNames.map((input) => inputOf(network, input));
      const outputs = applyPlain(network, inputs, options);
      return [name, tf.model({ name, inputs, outputs: kind === "classifier" ? [probabilities(outputs[0]!)] : outputs })];
    }),
  );
}

/** Returns a new input with the shape of a network's input. */
function inputOf(network: tf.LayersModel, name: string, newName = name): Symbolic {
  return tf.input({ shape: network.inputs[network.inputNames.indexOf(name)]!.shape.slice(1), name: newName });
}

function probabilities(logits: Symbolic): Symbolic {
  return tf.layers.softmax({ name: "probabilities" }).apply(logits) as Symbolic;
}

/** Concatenates the input image and the code, as `translate` of a BicycleGAN does. */
function withCode(generator: tf.LayersModel, latent: number): tf.LayersModel {
  const [, height, width, channels] = generator.inputs[0]!.shape as [null, number, number, number];
  const image = tf.input({ shape: [height, width, channels - latent], name: "input" });
  const code = tf.input({ shape: [latent], name: "code" });
  const outputs = applyPlain(generator, [withPlanes(image, code, "code_")], { ownStatistics: true });
  return tf.model({ name: "generator", inputs: [image, code], outputs });
}

/** Combines both stages of a StackGAN in one model. Batch norm uses its running statistics, as in `generate`. */
function bothStages({ sketcher, refiner }: Record<string, tf.LayersModel>): tf.LayersModel {
  const [condition, noise] = [inputOf(sketcher!, "condition"), inputOf(sketcher!, "noise")];
  const epsilons = [inputOf(sketcher!, "epsilon", "sketch_epsilon"), inputOf(refiner!, "epsilon", "picture_epsilon")] as const;
  const inputs = (network: tf.LayersModel, given: Record<string, Symbolic>) => network.inputNames.map((name) => given[name]!);
  const first = inputs(sketcher!, { condition, noise, epsilon: epsilons[0] });
  const [sketch] = applyPlain(sketcher!, first, { ownStatistics: false, prefix: "sketch_" });
  const second = inputs(refiner!, { sketch: sketch!, condition, epsilon: epsilons[1] });
  const [image] = applyPlain(refiner!, second, { ownStatistics: false, prefix: "picture_" });
  return tf.model({ name: "generator", inputs: [condition, noise, ...epsilons], outputs: [image!, sketch!] });
}

/** Names of the file that `tf.loadLayersModel` loads and of the file with the weights. */
const [TOPOLOGY, WEIGHTS] = ["model.json", "weights.bin"];

/** Returns the files of a model in the format of TensorFlow.js.
 * @param precision Precision of large weights. TensorFlow.js converts the weights to float32 when it loads them.
 * @throws {RangeError} If a weight is not finite. */
export function plainFiles(name: string, network: tf.LayersModel, precision: Precision): Record<string, Uint8Array> {
  const { bytes, entries } = packWeights(weightsOf(name, network), precision);
  const sized = entries.map((entry, i) => bytes[i]!.subarray(0, bytesOf(entry))); // without padding
  const topology = {
    format: "layers-model",
    generatedBy: `Forger ${VERSION}`,
    convertedBy: null,
    modelTopology: network.toJSON(undefined, false),
    weightsManifest: [{ paths: [WEIGHTS], weights: entries.map(specOf) }],
  };
  const weights = new Uint8Array(sized.reduce((sum, { length }) => sum + length, 0));
  sized.reduce((at, piece) => (weights.set(piece, at), at + piece.length), 0);
  return { [TOPOLOGY!]: new TextEncoder().encode(JSON.stringify(topology)), [WEIGHTS!]: weights };
}

function bytesOf({ shape, precision }: PackedWeight): number {
  return tf.util.sizeFromShape(shape) * BYTES[precision];
}

/** Describes a weight in the format of TensorFlow.js. */
function specOf({ name, shape, precision, scale, least }: PackedWeight): object {
  const quantization = precision === "uint8" ? { dtype: precision, scale, min: least } : { dtype: precision };
  return { name, shape, dtype: "float32", ...precision !== "float32" && { quantization } };
}
