/** Reads the numbers that an independent implementation computed of a StackGAN.
 * @module */
import type { TrainedOracle } from "./_changes.ts";
import type { OracleArray } from "./_load.ts";

/** The draws of a step, for D and then for G, and its losses. */
interface OracleStep {
  draws: OracleArray[];
  losses: Record<string, number>;
}

/** `stackgan-32.json`, which `stackgan_oracle.py` wrote with PyTorch in float64. */
export interface StackGanOracle extends TrainedOracle {
  settings: {
    size: number;
    condition: number;
    latent: number;
    augmented: number;
    compressed: number;
    filters: number;
    blocks: number;
  };
  images: OracleArray;
  conditions: OracleArray;
  /** Steps of stage I. */
  sketch: OracleStep[];
  /** Steps of stage II, which follow them. */
  image: OracleStep[];
  /** Running statistics after all steps, keyed by "network/layer". */
  running: Record<string, Record<"mean" | "variance", OracleArray>>;
}

/** The oracle's numbers. */
export async function stackGanOracle(): Promise<StackGanOracle> {
  return JSON.parse(await Deno.readTextFile(new URL("stackgan-32.json", import.meta.url)));
}
