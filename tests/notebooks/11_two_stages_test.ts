import { assertGreater } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("11_two_stages", {
  "check-places": NUMBERS_MISSING,
  "check-cloud": CODE_MISSING,
  "check-shuffled": CODE_MISSING,
});

Deno.test("11_two_stages.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("11_two_stages");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "With it, not to read is expensive."
  const [reads, doesNot] = table("wrong").map((row) => row.at(-1)!);
  assertGreater(doesNot!, 2 * reads!);
  // "Most pictures have the colour that was asked for. To count is harder"
  const [real, made] = table("scores");
  assertGreater(real![0]!, 90);
  assertGreater(made![0]!, 60);
  assertGreater(made![0]!, made![1]! + 10);
});
