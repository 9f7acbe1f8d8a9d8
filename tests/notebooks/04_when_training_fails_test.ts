import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { loadComparison, type plot } from "../../mod.ts";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, numbersIn, outputsOf, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("04_when_training_fails", {
  "check-undecided": NUMBERS_MISSING,
  "check-hinge": CODE_MISSING,
  "check-diagnose": CODE_MISSING,
});

Deno.test("04_when_training_fails.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("04_when_training_fails");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  const [real] = table("measure");
  // `healthy-read-text`: more points are in modes, and the spread stays near that of the data
  const healthy = table("healthy"); // step, modes, inModes, spread
  assertGreater(healthy.at(-1)![2]!, healthy[0]![2]!);
  for (const [, , , spread] of healthy.slice(2)) assert(Math.abs(spread! / real![2]! - 1) < 0.3, `${spread}`);
  // `collapse-read-text`: at some moments, all points are nearly the same, or on a thin line
  assertLess(Math.min(...table("collapse").map((row) => row.at(-1)!)), real![2]! / 4);
  // `remedies-read-text`: the average and the penalty reach 0, a smaller rate does not
  const lines = textOf(notebook, "remedies").trim().split("\n").filter((line) => /^(rate|average|penalty)/.test(line));
  const [large, small, average, penalty] = lines.map((line) => Number(line.split(" ").at(-1)));
  assert(large! > 0.8 && small! > 0.8, "the cycle is in the game, and not in the size of the steps");
  assertLess(average!, 0.1);
  assertLess(penalty!, 0.01);
  // `strengths-read-text`: the gradient of minimax shrinks by orders of magnitude, the others remain much larger
  const traces = outputsOf(notebook, "strengths").flatMap(({ data }) => {
    return (data?.["application/vnd.plotly.v1+json"] as plot.Figure | undefined)?.data ?? [];
  });
  const [minimax, ...others] = traces.map(({ y }) => y as number[]);
  assertEquals(traces.length, 5);
  assertLess(minimax!.at(-1)! * 100, minimax![0]!);
  for (const y of others) assertGreater(y.at(-1)!, minimax!.at(-1)! * 10);
  // The critic's estimate of the Wasserstein distance, and its explanation.
  for (const [, a, distance, critic, expected] of textOf(notebook, "critic").split("\n").slice(3).map(numbersIn)) {
    if (a === undefined) continue;
    assertAlmostEquals(distance!, a, 0.1);
    assertAlmostEquals(critic! / expected!, 1, 0.1);
  }
  assertMatch(textOf(notebook, "compare"), /No verdict/);
  assertMatch(textOf(notebook, "warned"), /discriminator wins outright/);
});

Deno.test("the comparisons of chapter 4 bear out what its prose says of them", async () => {
  const saturation = (await loadComparison("04_saturation")).summary("fraction of points in modes");
  assertLess(saturation["minimax (1.3)"]!.high, 0.1); // `saturation-read-text`: in every run
  assertGreater(saturation["non-saturating (1.7)"]!.low, 0.65); // `saturation-read-text`: more than 65%
  const kept = await loadComparison("04_losses");
  const [few, many] = ["non-saturating", "Wasserstein, penalty × 0.1"];
  // `verdicts-read-text`: the two metrics favour different losses, and non-saturating and least squares are not distinguished
  assertEquals(kept.verdict("fraction of points in modes", [few, many]).best, few);
  assertEquals(kept.verdict("modes found", [few, many]).best, many);
  assertEquals(kept.summary("modes found")[many]!.low, 8);
  assertEquals(kept.verdict("fraction of points in modes", [few, "least squares"]).best, undefined);
  assertEquals(kept.summary("modes found")["Wasserstein, penalty × 10"]!.low, 0); // `verdicts-read-text`
});
