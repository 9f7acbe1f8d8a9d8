import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { loadComparison } from "../../mod.ts";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("10_cyclegan", { "check-step": NUMBERS_MISSING, "check-cycle": CODE_MISSING, "check-pool": CODE_MISSING });

Deno.test("10_cyclegan.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("10_cyclegan");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // `game-read-text`: three generators reach the smallest value of (10.1)
  const [shift, flip, fold, constant] = table("cycle").map((row) => row.slice(-2)) as [number, number][];
  for (const [value] of [shift!, flip!, fold!]) assertAlmostEquals(value!, -Math.log(4), 1e-3);
  assertGreater(constant![0], -1);
  // `cycle-read-text`: (10.4) excludes the generators that lose information
  assert(shift![1] === 0 && flip![1] === 0 && fold![1] > 0.2 && constant![1] > 0.2);
  // `norm-text`: the same corner has much influence, and the opposite one little
  const [same, opposite, even] = table("outlines").map((row) => row.at(-1)!);
  assertGreater(same!, 4 * even!);
  assertLess(opposite!, even! / 2);
  // `pool-read-text`: half of the images are new, and some are hundreds of steps old
  const shares = table("pool").map((row) => row.at(-1)!);
  assert(Math.abs(shares[0]! - 0.5) < 0.06 && shares.at(-1)! > 0.02, `${shares}`);
  // `frozen-read-text`: the order of the updates hardly matters
  const [before, after] = table("frozen").map((row) => row.at(-1)!);
  assertLess(Math.abs(before! - after!), 0.1);
  // `unseen-read-text`: by L1, x is closer to the true plaster house than the translation is
  const [[made, x]] = table("unseen") as [number[], number[]];
  assertGreater(made!, x!);
});

Deno.test("comparison 10_losses supports what chapter 10 says about it", async () => {
  const comparison = await loadComparison("10_losses");
  const range = (variant: string, metric: string) => {
    const runs = comparison.runs.filter((run) => run.variant === variant).map(({ metrics }) => metrics[metric]!);
    return [Math.min(...runs), Math.max(...runs)] as const;
  };
  // `without-read-text`: with neither loss, the houses are lost
  assertLess(range("neither", "structure")[1], 0.15);
  // `without-read-text`: the cycle loss alone improves the reconstructions, but hardly the structure
  assertLess(range("cycle only", "reconstruction")[1], 0.7 * range("neither", "reconstruction")[0]);
  assertLess(range("cycle only", "structure")[1], 0.25);
  // `without-read-text`: the identity loss alone keeps the houses
  assertGreater(range("identity only", "structure")[0], 0.5);
  for (const metric of ["reconstruction", "correctness", "structure"]) {
    // `without-read-text`: both losses are better than the cycle loss alone, but not than the identity loss alone
    assertEquals(comparison.verdict(metric, ["cycle and identity", "cycle only"]).best, "cycle and identity");
    assertEquals(comparison.verdict(metric, ["cycle and identity", "identity only"]).best, undefined);
  }
});

Deno.test("solutions/10_cyclegan.ipynb: with a larger weight of the cycle loss, less is changed", async () => {
  const changes = rowsOf(textOf(await keptSolutions("10_cyclegan"), "identity")).map((row) => row.at(-1)!);
  assertLess(changes.at(-1)!, changes[0]!);
});
