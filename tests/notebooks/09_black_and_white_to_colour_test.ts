import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("09_black_and_white_to_colour", {
  "check-numbers": NUMBERS_MISSING,
  "check-luma": CODE_MISSING,
  "check-keep": CODE_MISSING,
});

Deno.test("09_black_and_white_to_colour.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("09_black_and_white_to_colour");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "Meadows are green and water is blue: what can be known has been learnt."
  const [, both, photos] = table("colourful");
  assert(both![0]! > photos![0]! * 0.6 && both![0]! < photos![0]! * 1.5, `${both![0]} against ${photos![0]}`);
  // "translate gives each picture the same answer in whatever company"
  const [same, mixed] = [...textOf(notebook, "batch").matchAll(/: ([\d.e-]+)/g)].map(([, number]) => Number(number));
  assertEquals(same, 0);
  assertGreater(mixed!, 0);
  // "it takes away whatever the generator got wrong of the outlines"
  const [came, corrected] = table("keep").map((row) => row.at(-1)!);
  assertLess(corrected!, came!);
});
