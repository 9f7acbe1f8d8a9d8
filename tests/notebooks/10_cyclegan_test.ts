import { assert, assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("10_cyclegan", { "check-step": NUMBERS_MISSING, "check-cycle": CODE_MISSING, "check-pool": CODE_MISSING });

Deno.test("10_cyclegan.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("10_cyclegan");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "The cycle throws out the one that folds, and the one that always says the same."
  const [moved, turned, folded, same] = table("cycle").map((row) => row.at(-1)!);
  assert(moved === 0 && turned === 0 && folded! > 0.1 && same! > 0.2, `${[moved, turned, folded, same]}`);
  // "Half of what D sees is fresh, and half is memory, some of it very old."
  const shares = table("pool").map((row) => row.at(-1)!);
  assert(Math.abs(shares[0]! - 0.5) < 0.06 && shares.at(-1)! + shares.at(-2)! > 0.02, `${shares}`);
  // "what comes back is no longer x"
  const [cycle, lawless] = table("without").map((row) => row.at(-1)!);
  assertGreater(lawless!, cycle! * 1.3);
});

Deno.test("solutions/10_cyclegan.ipynb: with a heavier cycle less is changed", async () => {
  const changes = rowsOf(textOf(await keptSolutions("10_cyclegan"), "identity")).map((row) => row.at(-1)!);
  assertLess(changes.at(-1)!, changes[0]!);
});
