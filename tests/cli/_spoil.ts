/** A model whose training diverged.
 * @module */
import { join } from "node:path";

/** Sets all weights of the generator in a model folder to NaN. */
export async function spoil(folder: string): Promise<void> {
  const path = join(folder, "generator", "weights.bin");
  const { size } = await Deno.stat(path);
  await Deno.writeFile(path, new Uint8Array(new Float32Array(size / 4).fill(NaN).buffer));
}
