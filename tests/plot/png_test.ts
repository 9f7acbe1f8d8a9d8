import { assertEquals } from "@std/assert";
import { asPng, base64, dataUri, encodePng, isPng, toRgb } from "../../lib/plot/png.ts";
import { pixelsOf } from "./_helpers.ts";

Deno.test("encodePng() keeps every pixel", async () => {
  const data = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 37) % 256);
  const pixels = await pixelsOf(await encodePng({ data, width: 5, height: 4, channels: 3 }));
  assertEquals([pixels.width, pixels.height], [5, 4]);
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 5; x++) assertEquals(pixels.at(x, y), [...data.slice((y * 5 + x) * 3, (y * 5 + x) * 3 + 3)]);
  }
});

Deno.test("toRgb() repeats grey, lays what shines through on white, and colours the highest plane", () => {
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

Deno.test("base64() and dataUri() give back the bytes", () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, i) => (i * 31) % 256);
  assertEquals(Uint8Array.fromBase64(base64(bytes)), bytes);
  assertEquals(dataUri(Uint8Array.of(1, 2, 3)), "data:image/png;base64,AQID");
});

Deno.test("isPng() knows a PNG from other things", () => {
  assertEquals(isPng(asPng({ png: Uint8Array.of(1), width: 1, height: 1, alt: "" })), true);
  for (const thing of [null, undefined, {}, { png: "x" }, 1]) assertEquals(isPng(thing), false);
});
