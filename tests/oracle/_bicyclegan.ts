/** Reads the numbers that an independent implementation computed of a BicycleGAN.
 * @module */
import type { TrainedOracle } from "./_changes.ts";
import type { OracleArray } from "./_load.ts";

/** `bicyclegan-32.json`, which `bicyclegan_oracle.py` wrote with PyTorch in float64. */
export interface BicycleGanOracle extends TrainedOracle {
  settings: { size: number; filters: number; depth: number; layers: number; latent: number };
  a: OracleArray;
  b: OracleArray;
  /** The draws and the losses of each step. */
  steps: { epsilon: OracleArray; code: OracleArray; losses: Record<string, number> }[];
}

/** The oracle's numbers. */
export async function bicycleGanOracle(): Promise<BicycleGanOracle> {
  return JSON.parse(await Deno.readTextFile(new URL("bicyclegan-32.json", import.meta.url)));
}
