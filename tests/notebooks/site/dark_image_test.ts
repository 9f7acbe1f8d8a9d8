import { assert, assertEquals } from "@std/assert";
import { DARK_PAPER, darken } from "../../../notebooks/tools/site/dark_image.ts";

/** Draws images of 30 × 30 pixels on white, and a word of 4 × 4. */
function grid(...images: { left: number; top: number; white?: boolean }[]) {
  const [width, height] = [110, 110];
  const data = new Uint8Array(width * height * 3).fill(255);
  const paint = (left: number, top: number, side: number, colour: number[]) => {
    for (let y = top; y < top + side; y++) for (let x = left; x < left + side; x++) data.set(colour, 3 * (y * width + x));
  };
  for (const { left, top, white } of images) {
    paint(left, top, 30, [200, 30, 30]);
    if (white) paint(left, top, 12, [255, 255, 255]); // a corner
  }
  paint(5, 5, 4, [0x1f, 0x24, 0x30]);
  const at = (x: number, y: number) => [...data.slice(3 * (y * width + x), 3 * (y * width + x) + 3)];
  return { data, width, height, at };
}

Deno.test("darken() turns paper dark and words light, and leaves images as they are", () => {
  const drawn = grid({ left: 20, top: 20 }, { left: 60, top: 20 }, { left: 20, top: 60 }, { left: 60, top: 60 });
  assert(darken(drawn));
  assertEquals(drawn.at(0, 0), [...DARK_PAPER]);
  assertEquals(drawn.at(55, 55), [...DARK_PAPER], "between the images");
  assertEquals(drawn.at(35, 35), [200, 30, 30]);
  assert(drawn.at(6, 6).every((value) => value > 200), "the word is light");
});

Deno.test("darken() gives up if an image is white at its border, or if one may be missing", () => {
  const white = grid({ left: 20, top: 20, white: true }, { left: 60, top: 20 });
  assert(!darken(white));
  assertEquals(white.at(0, 0), [255, 255, 255], "nothing changes");
  assert(!darken(grid({ left: 20, top: 20 }, { left: 60, top: 20 }, { left: 20, top: 60 })));
  assert(!darken(grid()), "no image at all");
});
