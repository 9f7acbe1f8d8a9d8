/** Reads the numbers that an independent implementation computed, and sets its weights.
 * @module */
import * as tf from "../../lib/tf.ts";

/** Values with their shape, as the oracle's scripts write them. */
export interface OracleArray {
  shape: number[];
  values: number[];
}

/** `pix2pix-32.json`, which `pix2pix_oracle.py` wrote with PyTorch in float64. */
export interface Pix2PixOracle {
  settings: { size: number; filters: number; batch: number; seed: number; steps: number };
  generator: Record<string, OracleArray>;
  discriminator: Record<string, OracleArray>;
  x: OracleArray;
  y: OracleArray;
  fake: OracleArray;
  realLogits: OracleArray;
  fakeLogits: OracleArray;
  steps: {
    discriminator: number;
    adversarial: number;
    l1: number;
    discriminatorGradientNorms?: Record<string, number>;
    generatorGradientNorms?: Record<string, number>;
  }[];
}

/** The numbers of the oracle. */
export async function pix2pixOracle(): Promise<Pix2PixOracle> {
  return JSON.parse(await Deno.readTextFile(new URL("pix2pix-32.json", import.meta.url)));
}

/** An image or a map of logits. */
export function tensorOf({ shape, values }: OracleArray): tf.Tensor4D {
  return tf.tensor4d(values, shape as [number, number, number, number]);
}

/** Name in the oracle of a weight of the generator: "down.1.gamma" for "down1_norm/gamma". */
export function generatorName(weight: string): string {
  const [layer, kind] = weight.split("/") as [string, string];
  const match = /^(down|up)(\d)/.exec(layer);
  return match ? `${match[1]}.${match[2]}.${kind}` : `${layer}.${kind}`;
}

/** Name in the oracle of a weight of the discriminator: "1.gamma" for "norm1/gamma". */
export function discriminatorName(weight: string): string {
  const [layer, kind] = weight.split("/") as [string, string];
  return `${layer === "logits" ? 4 : layer.replace(/\D/g, "")}.${kind}`;
}

/** Sets the weights of a network to those of the oracle. */
export function giveWeights(
  network: tf.LayersModel,
  weights: Record<string, OracleArray>,
  nameOf: (weight: string) => string,
): void {
  for (const weight of network.trainableWeights) {
    const array = weights[nameOf(weight.originalName)];
    if (!array) throw new Error(`The oracle has no ${nameOf(weight.originalName)}`);
    tf.tidy(() => void weight.write(tf.tensor(array.values, array.shape)));
  }
}
