/** Composes the game's page: one HTML file that contains the scripts and the .wasm file, and opens without a server.
 * @module */
import { join } from "node:path";
import { tfjsWasm } from "../../packages.ts";
import config from "../bundle.json" with { type: "json" };

/** Composes the page.
 * @returns The HTML file.
 * @throws {Error} If the scripts cannot be bundled. */
export async function gamePage(): Promise<string> {
  const here = (name: string) => new URL(name, import.meta.url);
  const [page, worker, body, style, wasm] = await Promise.all([
    bundle(here("page.ts"), "esm"),
    bundle(here("worker.ts"), "iife"),
    bytesOf(here("page.html")),
    bytesOf(here("style.css")),
    bytesOf(new URL("tfjs-backend-wasm-simd.wasm", tfjsWasm.url())),
  ]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const part = async (id: string, bytes: Uint8Array<ArrayBuffer>) =>
    `<script type="text/plain" id="${id}">${await packed(bytes)}</script>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The game of two networks</title>
<link rel="icon" href="data:,">
<style>
${text(style)}</style>
</head>
<body>
${text(body)}
${await part("worker", worker)}
${await part("wasm", wasm)}
<script type="module">${text(page).replaceAll("</script", "<\\/script")}</script>
</body>
</html>
`;
}

/** Compresses bytes and encodes them as base64. */
async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer()).toBase64();
}

/** Reads a file of this package, from the disk or from a registry. */
async function bytesOf(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol === "file:") return await Deno.readFile(url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot read ${url}: ${response.status} ${response.statusText}; try again`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Bundles a script for browsers.
 * @param format "iife" for a classic script, as workers need, or "esm" for a module. */
async function bundle(entry: URL, format: "iife" | "esm"): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir({ prefix: "forger-game-" });
  try {
    // The import map lies outside the project, so that the project's own configuration does not apply.
    const imports = Object.entries(config.imports).map(([name, path]) => [name, new URL(path, import.meta.resolve("../")).href]);
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ imports: Object.fromEntries(imports) }));
    const out = join(folder, "out.js");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--config", join(folder, "deno.json"), "--no-lock", "--platform", "browser"],
        ...["--format", format, "--minify", "--output", out, entry.href],
      ],
      cwd: folder,
      ...{ stdin: "null", stdout: "null", stderr: "piped" } as const,
      env: { NO_COLOR: "1" },
    }).output();
    if (success) return await Deno.readFile(out);
    const lines = new TextDecoder().decode(stderr).split("\n").map((line) => line.trim()).filter((line) => line !== "");
    const reason = lines.find((line) => line.startsWith("error"))?.replace(/^error:\s*/, "") ?? lines.at(-1) ??
      "deno bundle failed";
    throw new Error(`Cannot bundle the game: ${reason}; the first time, esbuild is downloaded, which needs a network connection`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
