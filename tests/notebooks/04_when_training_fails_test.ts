import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("04_when_training_fails", {
  "check-undecided": NUMBERS_MISSING,
  "check-hinge": CODE_MISSING,
  "check-diagnose": CODE_MISSING,
});

Deno.test("04_when_training_fails.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("04_when_training_fails");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  const [real] = table("measured");
  // "The share in heaps grows, and the spread comes near that of the real ring and stays there."
  const healthy = table("healthy");
  assertGreater(healthy.at(-1)![1]!, healthy[0]![1]!);
  for (const [, , spread] of healthy.slice(2)) assert(Math.abs(spread! / real![2]! - 1) < 0.3, `${spread}`);
  // "nearly one and the same point"
  assertLess(Math.min(...table("collapse").map(([, , spread]) => spread!)), real![2]! / 4);
  // "The average arrives", "lets the circle become a spiral"; a smaller rate does not.
  const [large, small, average, penalty] = table("farthest").map((row) => row.at(-1)!);
  assert(large! > 0.8 && small! > 0.8, "the circle is in the game, not in the step");
  assertLess(average!, 0.1);
  assertLess(penalty!, 0.01);
  // "The better D gets, the less minimax gives G to learn from, by powers of ten [...] The others keep pushing."
  const [minimax, ...others] = table("strengths-show");
  assertLess(minimax!.at(-1)! * 30, minimax!.at(-2)!);
  for (const row of others) assertGreater(row.at(-1)!, minimax!.at(-1)! * 10);
  // "only an eighth of them has found a heap; with the other cost it is three quarters, though in three of the eight heaps only"
  const [saturated, not] = table("saturated");
  assertLess(Math.abs(saturated![1]! - 1 / 8), 0.03);
  assertLess(Math.abs(not![1]! - 3 / 4), 0.05);
  assertEquals(not![0], 3);
  assertMatch(textOf(notebook, "warned"), /discriminator wins outright/);
});
