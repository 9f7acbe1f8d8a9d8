/** Compares the patch sizes of pix2pix's discriminator, as in Table 3 of its paper (chapter 8). Usage:
 *
 *     deno run -A notebooks/comparisons/08_patches.ts
 *
 * @module */
import { keep } from "./08_losses.ts";

await keep("08_patches", "patch size", {
  "1 × 1": { layers: 0 },
  "16 × 16": { layers: 1 },
  "34 × 34": { layers: 2 },
  "70 × 70": { layers: 3 },
});
