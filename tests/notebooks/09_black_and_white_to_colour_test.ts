import { assertEquals, assertGreater, assertLess } from "@std/assert";
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
  // "Measure them separately: new dropout, another batch"
  const [dropout, batch, alone] = table("translate").map((row) => row.at(-1)!);
  assertGreater(dropout!, 0);
  assertGreater(batch!, 0);
  assertEquals(alone, 0);
  // "it removes all errors of the brightness"
  const [came, corrected] = table("keep").map((row) => row.at(-1)!);
  assertLess(corrected!, came!);
});
