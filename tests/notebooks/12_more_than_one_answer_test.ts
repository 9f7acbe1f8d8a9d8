import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { loadComparison, modelHistory } from "../../mod.ts";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("12_more_than_one_answer", {
  "check-numbers": NUMBERS_MISSING,
  "check-best": CODE_MISSING,
  "check-manner": CODE_MISSING,
});

Deno.test("12_more_than_one_answer.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("12_more_than_one_answer");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // `why-text`: a colour chosen by the noise has a larger expected distance than the median
  const [[median], [chosen]] = table("why") as [number[], number[]];
  assertGreater(chosen!, median!);
  // `library-read-text`: the code of the untrained encoder contains almost no information
  const [, [kl]] = table("hand-code") as [number[], number[], number[]];
  assertLess(kl!, 0.2);
  // `votes-read-text`: BicycleGAN is several times as diverse, and its best of ten is much closer to the target
  const [single, several] = table("measure") as [number[], number[]];
  assertGreater(several[0]!, 3 * single[0]!);
  assertLess(several[1]!, 0.85 * single[1]!);
  // `votes-read-text`: red, yellow and green hardly occur, purple and white do
  for (const [red, yellow, green, , purple, white] of table("votes").slice(1)) {
    for (const rare of [red, yellow, green]) assertLess(rare!, 4);
    for (const often of [purple, white]) assertGreater(often!, 4);
  }
});

Deno.test("the history of varied-facades supports what chapter 12 says about it", async () => {
  // `history-read-text`: the best L1 distance of ten outputs falls
  const history = await modelHistory("varied-facades");
  assertLess(history.at(-1)!.values["best_l1"]!, 0.8 * history[0]!.values["best_l1"]!);
});

Deno.test("the comparison 12_parts supports what chapter 12 says about it", async () => {
  const result = await loadComparison("12_parts");
  const versions = ["BicycleGAN", "without the code loss", "without the KL divergence"];
  const of = (metric: string, variant: string) => result.summary(metric)[variant]!;
  for (const version of versions) {
    // `history-text`: more diverse than pix2pix, with a closer best of ten, and a mean of ten that is farther away
    assertGreater(of("diversity", version).low, 3 * of("diversity", "pix2pix").high);
    assertLess(of("best of 10", version).high, of("best of 10", "pix2pix").low);
    assertGreater(of("mean of 10", version).low, of("mean of 10", "pix2pix").high);
  }
  // `history-text`: the mean of ten separates one pair of versions; by the other metrics, their ranges overlap
  assertGreater(of("mean of 10", "without the code loss").low, of("mean of 10", "BicycleGAN").high);
  for (const metric of ["diversity", "best of 10"]) {
    for (const other of versions.slice(1)) assertEquals(result.verdict(metric, [versions[0]!, other]).best, undefined);
  }
});
