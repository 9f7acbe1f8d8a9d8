import { assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { loadComparison } from "../../mod.ts";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("09_black_and_white_to_colour", {
  "check-numbers": NUMBERS_MISSING,
  "check-luma": CODE_MISSING,
  "check-keep": CODE_MISSING,
});

Deno.test("09_black_and_white_to_colour.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("09_black_and_white_to_colour");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // `six-text`: a discriminator with 3 + 3 channels can be replaced by one with 1 + 3
  assertEquals(textOf(notebook, "six"), "first kernels: 4 × 4 × 6 × 16 and 4 × 4 × 4 × 16\n");
  // `unseen-text`: L1 alone is closer, and less colourful
  assertMatch(
    textOf(notebook, "losses"),
    /“L1” has the lowest L1 with every seed.*“L1 \+ cGAN” has the highest C with every seed/s,
  );
  // `classes-read-text`: the kinds with the smallest and with the largest distances
  const kinds = [...textOf(notebook, "classes").matchAll(/"(\w+)"/g)].map(([, kind]) => kind!);
  assertEquals([kinds.slice(0, 2).sort(), kinds.slice(-3).sort()], [["ground", "road"], ["building", "park", "water"]]);
  // `batches-read-text`: batches of 4 are worse after 8 epochs, and better in L1 after as many steps
  const { runs } = await loadComparison("09_batches");
  const valuesOf = (metric: "L1" | "SSIM", name: string) =>
    runs.filter(({ variant }) => variant === name).map((run) => run.metrics[metric]!);
  assertLess(Math.max(...valuesOf("L1", "1")), Math.min(...valuesOf("L1", "4")));
  assertGreater(Math.min(...valuesOf("SSIM", "1")), Math.max(...valuesOf("SSIM", "4")));
  assertMatch(textOf(notebook, "batches"), /“4, as many steps” has the lowest L1 with every seed/);
  // `translate-read-text`: both change the output by similar amounts, and `translate` avoids the second
  const [dropout, batch, alone] = table("translate").map((row) => row.at(-1)!);
  assertGreater(dropout!, 0);
  assertGreater(batch!, dropout! / 2);
  assertLess(batch!, 2 * dropout!);
  assertEquals(alone, 0);
  // `keep-read-text`: without errors in brightness, the distance is smaller
  const [came, corrected] = table("keep").map((row) => row.at(-1)!);
  assertLess(corrected!, came!);
});
