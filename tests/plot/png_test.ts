import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { figure, line } from "../../lib/plot/figure.ts";
import { dataUri, displayablePng, encodePng, isPng, toPng, toRgb, toSvg } from "../../lib/plot/png.ts";
import { pixelsOf } from "./_helpers.ts";

Deno.test("encodePng() is lossless", async () => {
  const data = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 37) % 256);
  const pixels = await pixelsOf(await encodePng({ data, width: 5, height: 4, channels: 3 }));
  assertEquals([pixels.width, pixels.height], [5, 4]);
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 5; x++) assertEquals(pixels.at(x, y), [...data.slice((y * 5 + x) * 3, (y * 5 + x) * 3 + 3)]);
  }
});

Deno.test("toRgb() converts greyscale, RGBA and label planes", () => {
  assertEquals([...toRgb({ data: Uint8Array.of(7, 200), width: 2, height: 1, channels: 1 })], [7, 7, 7, 200, 200, 200]);
  assertEquals([...toRgb({ data: Uint8Array.of(100, 0, 0, 0, 100, 0, 0, 255), width: 2, height: 1, channels: 4 })], [
    255,
    255,
    255,
    100,
    0,
    0,
  ]);
  const planes = Uint8Array.of(0, 255, 0, 0, 0, 255, 0, 0, 0, 0, 1, 0, 0, 255, 0);
  const rgb = [...toRgb({ data: planes, width: 3, height: 1, channels: 5 })];
  assertEquals(rgb.slice(0, 3), [0x00, 0x72, 0xb2]); // plane 1
  assertEquals(rgb.slice(3, 6), [0x1f, 0x24, 0x30]); // plane 0
  assertEquals(rgb.slice(6, 9), [0x00, 0x9e, 0x73]); // plane 3
});

Deno.test("dataUri() encodes the bytes as base64", () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => (i * 31) % 256);
  const [head, content] = dataUri(bytes).split(",");
  assertEquals([head, Uint8Array.fromBase64(content!)], ["data:image/png;base64", bytes]);
});

Deno.test("isPng() recognizes a Png", () => {
  assertEquals(isPng(displayablePng({ png: Uint8Array.of(1), width: 1, height: 1, alt: "" })), true);
  for (const thing of [null, undefined, {}, { png: "x" }, 1]) assertEquals(isPng(thing), false);
});

const BLUE = [0x00, 0x72, 0xb2];
const flat = (value: number) =>
  figure([line([0, 10], [value, value], { name: "a", colour: "#0072b2", line: { width: 10 } })], {
    title: "Title with λ",
    x: { title: "Step", range: [0, 10] },
    y: { title: "Loss", range: [0, 1] },
    height: 300,
  });

Deno.test("toPng() draws a line at its values", async () => {
  const still = await toPng(flat(0.25), { width: 600, scale: 1 });
  assertEquals([still.width, still.height], [600, 300]);
  const pixels = await pixelsOf(still.png);
  assertEquals([pixels.width, pixels.height], [600, 300]);
  const column = Array.from({ length: 300 }, (_, y) => y).filter((y) =>
    pixels.at(300, y).every((value, c) => Math.abs(value - BLUE[c]!) < 12)
  );
  assert(column.length >= 9 && column.length <= 11, `${column.length} blue pixels in a column`);
  // The plot area extends from 52 below the top to 60 above the bottom; a quarter of its height is y = 193.
  const middle = column.reduce((sum, y) => sum + y, 0) / column.length;
  assert(Math.abs(middle - (52 + 0.75 * (300 - 52 - 60))) < 3, `the line is at ${middle}`);
  assertGreater(pixels.count([0x1f, 0x24, 0x30]), 300); // text
});

Deno.test("toPng() multiplies the size by the scale", async () => {
  const still = await toPng(flat(0.5), { width: 400, scale: 2 });
  const pixels = await pixelsOf(still.png);
  assertEquals([pixels.width, pixels.height, still.width, still.height], [800, 600, 400, 300]);
});

Deno.test("toSvg() draws text as outlines and fits the margin to the labels", async () => {
  const svg = await toSvg(flat(0.5));
  assertStringIncludes(svg, "<svg");
  assert(!svg.includes("<text"));
  const left = async (title: string): Promise<number> => {
    const wide = figure([line([0, 1], [1e9, 2e9], { name: "a", colour: "red" })], {
      title,
      y: { title: "y", range: [1.0001e9, 1.0002e9] },
    });
    return Number((await toSvg(wide)).match(/class="plotclip"><rect width="(\d+)/)![1]);
  };
  const narrow = Number(svg.match(/class="plotclip"><rect width="(\d+)/)![1]);
  assertGreater(narrow, await left("T"));
});

Deno.test("toSvg() throws on a width of 0", async () => {
  await assertRejects(() => toSvg(flat(0), { width: 0 }), RangeError, "got 0 x 300");
});

Deno.test("toPng() adds no globals and does not keep the process alive", async () => {
  const code = `
    import { figure } from ${JSON.stringify(import.meta.resolve("../../lib/plot/figure.ts"))};
    import { toPng } from ${JSON.stringify(import.meta.resolve("../../lib/plot/png.ts"))};
    const before = Object.getOwnPropertyNames(globalThis);
    const { png } = await toPng(figure([], { title: "T" }));
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    console.log(JSON.stringify({ bytes: png.length, added }));`;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, code);
    const args = ["run", "-A", "--no-check", "--config", config, file];
    const program = new Deno.Command(Deno.execPath(), { args, stdout: "piped", signal: AbortSignal.timeout(60_000) });
    const { code: status, stdout } = await program.output();
    assertEquals(status, 0);
    const said = JSON.parse(new TextDecoder().decode(stdout)) as { bytes: number; added: string[] };
    assertGreater(said.bytes, 1000);
    // Deno itself adds "nodeBootstrap" when it loads an npm package.
    assertEquals(said.added.filter((name) => name !== "nodeBootstrap"), []);
  } finally {
    await Deno.remove(file);
  }
});
