/** Reads the numbers that `conditional_gan_oracle.py` computed with PyTorch in float64.
 * @module */
import type { OracleArray } from "./_load.ts";

/** `conditional_gan-16.json`. */
export interface ConditionalGanOracle {
  settings: { size: number; filters: number; latent: number; classes: number; batch: number };
  generator: Record<string, OracleArray>;
  discriminator: Record<string, OracleArray>;
  x: OracleArray;
  labels: number[];
  fake: OracleArray;
  realLogits: OracleArray;
  fakeLogits: OracleArray;
  steps: {
    /** Of D's step, and of G's. */
    noise: [OracleArray, OracleArray];
    discriminator: number;
    generator: number;
    discriminatorGradientNorms?: Record<string, number>;
    generatorGradientNorms?: Record<string, number>;
  }[];
}

/** The oracle's numbers. */
export async function conditionalGanOracle(): Promise<ConditionalGanOracle> {
  return JSON.parse(await Deno.readTextFile(new URL("conditional_gan-16.json", import.meta.url)));
}
