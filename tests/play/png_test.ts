import { assertEquals, assertThrows } from "@std/assert";
import { encodePng } from "../../lib/data/image.ts";
import { deflateSync } from "node:zlib";
import { exactPixels, labelsIn } from "../../lib/play/pixels.ts";
import { nearestPixels, type StoredPixels, storedPixels } from "../../lib/play/png.ts";

/** Encodes a PNG file. The checksums are not valid, since storedPixels() does not check them.
 * @param rows Bytes of the rows, each with its filter. */
function png(width: number, bits: number, colours: number, rows: number[][], others: Record<string, number[]> = {}): Blob {
  const number = (value: number) => [value >> 24 & 255, value >> 16 & 255, value >> 8 & 255, value & 255];
  const chunk = (
    name: string,
    data: number[],
  ) => [...number(data.length), ...new TextEncoder().encode(name), ...data, 0, 0, 0, 0];
  const header = [...number(width), ...number(rows.length), bits, colours, 0, 0, 0];
  const data = [...deflateSync(Uint8Array.from(rows.flat()))];
  const chunks = [...chunk("IHDR", header), ...Object.entries(others).flatMap(([name, data]) => chunk(name, data))];
  return new Blob([Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, ...chunks, ...chunk("IDAT", data), ...chunk("IEND", []))]);
}

const read = async (blob: Blob): Promise<StoredPixels> => (await storedPixels(blob))!;
const exact = { size: { height: 1, width: 2 }, fit: "fill", alpha: false } as const;

Deno.test("storedPixels() reads what an encoder has written, with all of its filters", async () => {
  const data = Uint8Array.from({ length: 40 * 30 * 4 }, (_, i) => 128 + 90 * Math.sin(i / 9) + i % 37);
  for (const channels of [1, 3, 4]) {
    const image = { data: data.slice(0, 40 * 30 * channels), height: 30, width: 40, channels };
    const { data: stored, ...found } = await read(new Blob([new Uint8Array(await encodePng(image))]));
    assertEquals([found.height, found.width, found.depth], [30, 40, 8]);
    const shown = Array.from({ length: 40 * 30 * channels }, (_, i) => stored[4 * Math.floor(i / channels) + i % channels]);
    assertEquals(Uint8Array.from(shown as number[]), image.data);
  }
  const filtered = await read(png(2, 8, 0, [[0, 9, 8], [1, 1, 2], [2, 1, 1], [3, 4, 4], [4, 5, 6]]));
  assertEquals([...filtered.numbers!], [9, 8, 1, 3, 2, 4, 5, 8, 10, 16]);
});

Deno.test("colours below transparent pixels and 16-bit numbers reach the model as lib/data reads them", async () => {
  const clear = await read(png(2, 8, 6, [[0, 255, 0, 0, 0, 1, 2, 3, 4]]));
  assertEquals([...exactPixels(clear, exact).data], [255, 0, 0, 255, 1, 2, 3, 255]);
  assertEquals([...exactPixels(clear, { ...exact, alpha: true }).data], [255, 0, 0, 0, 1, 2, 3, 4]);
  const deep = await read(png(2, 16, 0, [[0, 1, 255, 255, 255]]));
  assertEquals(exactPixels(deep, exact).data[0], 1); // 511 >> 8
  assertEquals(exactPixels(deep, { ...exact, depth: 16 }).data[0], Math.fround(511 / 257));
});

Deno.test("label maps of numbers or palette indices give their classes; colours of the palette remain colours", async () => {
  const palette = [[31, 36, 48], [255, 0, 0], [0, 255, 0]].map((colour) => ({
    name: "",
    colour: colour as [number, number, number],
  }));
  const classes = async (blob: Blob, values: number[]) => {
    const stored = await read(blob);
    const found = labelsIn(stored, nearestPixels(stored, stored, "fill"), { values, palette }, "a.png");
    return found && [...found];
  };
  assertEquals(await classes(png(3, 8, 0, [[0, 2, 0, 1]]), [0, 1, 2]), [2, 0, 1]);
  assertEquals(await classes(png(3, 8, 0, [[0, 9, 0, 7]]), [0, 7, 9]), [2, 0, 1]);
  assertEquals(await classes(png(2, 8, 0, [[0, 255, 0]]), [0, 1]), [1, 0]); // a mask
  const PLTE = [128, 0, 0, 0, 128, 0, 128, 128, 0, 0, 0, 0];
  assertEquals(await classes(png(3, 2, 3, [[0, 0b01_10_00_00]], { PLTE }), [0, 1, 2]), [1, 2, 0]);
  const own = palette.flatMap(({ colour }) => colour).concat(0, 0, 0);
  assertEquals(await classes(png(3, 2, 3, [[0, 0b01_10_00_00]], { PLTE: own }), [0, 1, 2]), undefined);
  assertEquals(await classes(png(1, 8, 2, [[0, 255, 0, 0]]), [0, 1, 2]), undefined);
  const { message } = assertThrows(() => {
    const stored: StoredPixels = { height: 1, width: 1, depth: 8, data: Uint8Array.of(5, 5, 5, 255), profiled: false };
    labelsIn(stored, Uint32Array.of(0), { values: [0, 1, 2], palette }, "a.png");
  }, RangeError);
  assertEquals(message, "Cannot read classes from a.png: expected one of 0, 1, 2, got 5; change the file");
});

Deno.test("storedPixels() leaves other files to the browser", async () => {
  assertEquals(await storedPixels(new Blob(["GIF89a"])), undefined);
  assertEquals(await storedPixels(png(9, 8, 0, [[0, 1]])), undefined); // too short
});
