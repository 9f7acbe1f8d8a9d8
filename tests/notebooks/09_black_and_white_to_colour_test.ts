import { assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("09_black_and_white_to_colour", {
  "check-numbers": NUMBERS_MISSING,
  "check-luma": CODE_MISSING,
  "check-keep": CODE_MISSING,
});

Deno.test("09_black_and_white_to_colour.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("09_black_and_white_to_colour");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "1 + 3 channels", "[...] six channels"
  assertEquals(textOf(notebook, "six"), "first kernels: 4 × 4 × 6 × 16 and 4 × 4 × 4 × 16\n");
  // "With each seed, L1 alone leads to a smaller L1 distance and to less colourful images."
  assertMatch(
    textOf(notebook, "losses"),
    /“L1” has the lowest L1 with every seed.*“L1 \+ cGAN” has the highest C with every seed/s,
  );
  // "The ground and the roads have the smallest distance; the water, the parks and the buildings have the largest."
  const kinds = [...textOf(notebook, "classes").matchAll(/"(\w+)"/g)].map(([, kind]) => kind!);
  assertEquals([kinds.slice(0, 2).sort(), kinds.slice(-3).sort()], [["ground", "road"], ["building", "park", "water"]]);
  // "With batches of 4, the images are worse by both metrics, with each seed."
  assertMatch(textOf(notebook, "batches"), /“1” has the lowest L1 with every.*“1” has the highest SSIM with every/s);
  // "New dropout and another batch change the output by similar amounts."
  const [dropout, batch, alone] = table("translate").map((row) => row.at(-1)!);
  assertGreater(dropout!, 0);
  assertGreater(batch!, dropout! / 2);
  assertLess(batch!, 2 * dropout!);
  assertEquals(alone, 0);
  // "it removes all errors of the brightness"
  const [came, corrected] = table("keep").map((row) => row.at(-1)!);
  assertLess(corrected!, came!);
});
