/** Composes the game's page: one HTML file that contains the scripts and the .wasm file, and opens without a server.
 * @module */
import { tfjsWasm } from "../../packages.ts";
import { GAME_PAGE, pageScripts, textOf } from "../bundle.ts";
import { htmlDocument, packedPart } from "../html.ts";
import { PAGE_PARTS } from "../page_data.ts";

/** Composes the page.
 * @param say Called before bundling, which takes several seconds.
 * @returns The HTML file.
 * @throws {Error} If the scripts cannot be bundled. */
export async function gamePage(say: () => void = () => {}): Promise<string> {
  const [scripts, body, wasm] = await Promise.all([
    pageScripts(say, undefined, GAME_PAGE),
    textOf(new URL("page.html", import.meta.url)),
    Deno.readFile(new URL("tfjs-backend-wasm-simd.wasm", tfjsWasm.url())),
  ]);
  const parts = await Promise.all([
    packedPart(PAGE_PARTS.worker, new TextEncoder().encode(scripts.worker)),
    packedPart(PAGE_PARTS.wasm, wasm),
  ]);
  return htmlDocument({ title: "The game of two networks", body: body.trimEnd(), parts }, scripts);
}
