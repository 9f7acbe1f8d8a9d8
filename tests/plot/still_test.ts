import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { figure, line } from "../../lib/plot/figure.ts";
import { toPng, toSvg } from "../../lib/plot/still.ts";
import { pixelsOf } from "./_helpers.ts";

const BLUE = [0x00, 0x72, 0xb2];
const flat = (value: number) =>
  figure([line([0, 10], [value, value], { name: "a", colour: "#0072b2", line: { width: 10 } })], {
    title: "Title with λ",
    x: { title: "Step", range: [0, 10] },
    y: { title: "Loss", range: [0, 1] },
    height: 300,
  });

Deno.test("toPng() draws the line where its values are", async () => {
  const still = await toPng(flat(0.25), { width: 600, scale: 1 });
  assertEquals([still.width, still.height], [600, 300]);
  const pixels = await pixelsOf(still.png);
  assertEquals([pixels.width, pixels.height], [600, 300]);
  const column = Array.from({ length: 300 }, (_, y) => y).filter((y) =>
    pixels.at(300, y).every((value, c) => Math.abs(value - BLUE[c]!) < 12)
  );
  assert(column.length >= 9 && column.length <= 11, `${column.length} blue pixels in a column`);
  // The plot's area is from 52 below the top to 60 above the bottom; a quarter of the way up it is y = 193.
  const middle = column.reduce((sum, y) => sum + y, 0) / column.length;
  assert(Math.abs(middle - (52 + 0.75 * (300 - 52 - 60))) < 3, `the line is at ${middle}`);
  assertGreater(pixels.count([0x1f, 0x24, 0x30]), 300); // words
});

Deno.test("toPng() gives as many pixels as the scale says", async () => {
  const still = await toPng(flat(0.5), { width: 400, scale: 2 });
  const pixels = await pixelsOf(still.png);
  assertEquals([pixels.width, pixels.height, still.width, still.height], [800, 600, 400, 300]);
});

Deno.test("toSvg() needs no font, and moves its margin with the width of the labels", async () => {
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

Deno.test("toSvg() refuses a size of nothing", async () => {
  await assertRejects(() => toSvg(flat(0), { width: 0 }), RangeError, "got 0 x 300");
});

Deno.test("toPng() leaves no globals behind, and nothing that keeps a program alive", async () => {
  const code = `
    import { figure } from ${JSON.stringify(import.meta.resolve("../../lib/plot/figure.ts"))};
    import { toPng } from ${JSON.stringify(import.meta.resolve("../../lib/plot/still.ts"))};
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
    // "nodeBootstrap" is left by Deno itself, whenever a package from npm is loaded.
    assertEquals(said.added.filter((name) => name !== "nodeBootstrap"), []);
  } finally {
    await Deno.remove(file);
  }
});
