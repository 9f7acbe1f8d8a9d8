/** Compares an encoder-decoder and a U-Net as the generator of pix2pix, as in Table 2 of its paper (chapter 8). Usage:
 *
 *     deno run -A notebooks/comparisons/08_generators.ts
 *
 * @module */
import { keep } from "./08_losses.ts";

await keep("08_generators", "generator", {
  "encoder-decoder, L1": { generator: "encoderDecoder", adversarial: false },
  "encoder-decoder, L1 + cGAN": { generator: "encoderDecoder" },
  "U-Net, L1": { adversarial: false },
  "U-Net, L1 + cGAN": {},
});
