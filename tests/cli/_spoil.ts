/** A model whose training blew up.
 * @module */
import { join } from "node:path";

/** Makes all weights of a saved model's generator NaN.
 * @param folder the model's. */
export async function spoil(folder: string): Promise<void> {
  const path = join(folder, "generator", "weights.bin");
  const { size } = await Deno.stat(path);
  await Deno.writeFile(path, new Uint8Array(new Float32Array(size / 4).fill(NaN).buffer));
}
