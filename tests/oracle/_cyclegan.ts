/** Reads the numbers that an independent implementation computed of a CycleGAN.
 * @module */
import type { TrainedOracle } from "./_changes.ts";
import type { OracleArray } from "./_load.ts";

/** A loss of {@linkcode CycleGanOracle}. */
export type OracleLoss = "adversarialX" | "adversarialY" | "cycle" | "identity" | "discriminatorX" | "discriminatorY";

/** `cyclegan-16.json`, which `cyclegan_oracle.py` wrote with PyTorch in float64. */
export interface CycleGanOracle extends TrainedOracle {
  settings: { size: number; filters: number; blocks: number; layers: number; batch: number; seed: number };
  x: OracleArray;
  y: OracleArray;
  fakeX: OracleArray;
  fakeY: OracleArray;
  xAgain: OracleArray;
  yAgain: OracleArray;
  logitsOfX: OracleArray;
  logitsOfFakeY: OracleArray;
  /** Of the first step, by "network/layer.kind". */
  gradientNorms: Record<string, number>;
  /** From which step the pictures are that the discriminators are given at each step. */
  seen: number[];
  steps: Record<OracleLoss, number>[];
}

/** The oracle's numbers. */
export async function cycleGanOracle(): Promise<CycleGanOracle> {
  return JSON.parse(await Deno.readTextFile(new URL("cyclegan-16.json", import.meta.url)));
}

/** The oracle's name of a weight: "down1/kernel" is its "down1.kernel". */
export function oracleName(weight: string): string {
  return weight.replace("/", ".");
}
