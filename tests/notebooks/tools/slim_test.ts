import { assert, assertEquals, assertLess } from "@std/assert";
import { Buffer } from "node:buffer";
import type { Notebook, NotebookOutput } from "../../../notebooks/tools/notebook.ts";
import { slimNotebook } from "../../../notebooks/tools/slim.ts";
import { loadSharp } from "../../../lib/packages.ts";

const PLOTLY = "application/vnd.plotly.v1+json";

async function slimmed(outputs: NotebookOutput[]): Promise<NotebookOutput[]> {
  const cell = { id: "a", cell_type: "code", metadata: {}, source: "1;", outputs } as const;
  const notebook: Notebook = { cells: [{ ...cell, outputs }], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  return (await slimNotebook(notebook)).cells[0]!.outputs!;
}

/** Returns a PNG with smooth gradients and a different colour for nearly every pixel. */
async function photo(): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => [i / 192, (i / 3) % 64 * 4, 128][i % 3]! + (i * 7919) % 13);
  return await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } }).png().toBuffer();
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

Deno.test("slimNotebook() joins the chunks of a stream and removes ANSI colour codes", async () => {
  const stream = (name: string, text: string): NotebookOutput => ({ output_type: "stream", name, text: [text] });
  const outputs = [
    stream("stdout", "a\n"),
    stream("stdout", "\x1b[33mb\x1b[39m\n"),
    stream("stderr", "c\n"),
    stream("stdout", "d\n"),
  ];
  assertEquals(await slimmed(outputs), [
    { output_type: "stream", name: "stdout", text: ["a\n", "b\n"] },
    { output_type: "stream", name: "stderr", text: ["c\n"] },
    { output_type: "stream", name: "stdout", text: ["d\n"] },
  ]);
  const result: NotebookOutput = { output_type: "execute_result", data: { "text/plain": ["\x1b[33m70\x1b[39m"] }, metadata: {} };
  assertEquals((await slimmed([result]))[0]!.data, { "text/plain": ["70"] });
  // A figure displays itself, and leaves an empty result.
  assertEquals((await slimmed([{ ...result, data: {} }, result])).length, 1);
});

Deno.test("slimNotebook() shrinks images with little change to their pixels", async () => {
  const sharp = await loadSharp();
  const before = await photo();
  const [output] = await slimmed([{ output_type: "display_data", data: { "image/png": base64(before) }, metadata: {} }]);
  const after = Buffer.from(output!.data!["image/png"] as string, "base64");
  assertLess(after.length, before.length);
  const [was, is] = await Promise.all([before, after].map((file) => sharp(file).removeAlpha().raw().toBuffer()));
  assertEquals(is!.length, was!.length);
  const difference = was!.reduce((sum, value, i) => sum + Math.abs(value - is![i]!), 0) / was!.length;
  assertLess(difference, 4);
});

Deno.test("slimNotebook() does not enlarge an image that is already small", async () => {
  const sharp = await loadSharp();
  const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#fff" } }).png({ palette: true, effort: 10 })
    .toBuffer();
  const [output] = await slimmed([{ output_type: "display_data", data: { "image/png": base64(dot) + "\n" }, metadata: {} }]);
  assert(Buffer.from(output!.data!["image/png"] as string, "base64").length <= dot.length);
});

Deno.test("slimNotebook() rounds the numbers of a figure, shrinks its images, and keeps everything else", async () => {
  const source = `data:image/png;base64,${base64(await photo())}`;
  const figure = {
    data: [{ type: "scatter", x: [1, 12345], y: [0.123456789, null] }],
    layout: { images: [{ source }], title: "0.123456" },
  };
  const [output] = await slimmed([{ output_type: "display_data", data: { [PLOTLY]: figure }, metadata: {} }]);
  const slim = output!.data![PLOTLY] as typeof figure;
  assertEquals(slim.data, [{ type: "scatter", x: [1, 12345], y: [0.1235, null] }]);
  assertEquals(slim.layout.title, "0.123456");
  assertLess(slim.layout.images[0]!.source.length, source.length);
});
