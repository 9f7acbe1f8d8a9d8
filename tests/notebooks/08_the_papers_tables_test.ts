import { assertEquals, assertGreater } from "@std/assert";
import { loadComparison } from "../../mod.ts";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, testLesson, textOf } from "./_notebooks.ts";

testLesson("08_the_papers_tables", {
  "check-numbers": NUMBERS_MISSING,
  "check-iou": CODE_MISSING,
  "check-agreement": CODE_MISSING,
});

Deno.test("the comparisons of chapter 8 support what it says about them", async () => {
  const [byLoss, byGenerator, byPatch] = [
    await loadComparison("08_losses"),
    await loadComparison("08_generators"),
    await loadComparison("08_patches"),
  ];
  type Result = typeof byLoss;
  const values = (result: Result, variant: string, metric = "IoU") => result.summary(metric)[variant]!.values;
  const above = (high: number[], low: number[]) => assertGreater(Math.min(...high), Math.max(...low));
  // `losses-read-text`: the runs form four groups that do not overlap
  const [l1, gan, cgan, withGan, withCgan] = ["L1", "GAN", "cGAN", "L1 + GAN", "L1 + cGAN"].map((v) => values(byLoss, v));
  above(cgan!, gan!);
  above(l1!, cgan!);
  for (const both of [withGan, withCgan]) above(both!, l1!);
  // `losses-read-text`: whether D should receive x remains open
  assertEquals(byLoss.verdict("IoU", ["L1 + GAN", "L1 + cGAN"]).best, undefined);
  for (const metric of ["pixel", "class", "IoU"]) {
    // `generators-read-text`: much higher scores with skip connections, with both objectives
    for (const losses of ["L1", "L1 + cGAN"]) {
      const [unet, narrow] = ["U-Net", "encoder-decoder"].map((name) => values(byGenerator, `${name}, ${losses}`, metric));
      above(unet!, narrow!.map((value) => 1.4 * value));
    }
  }
  // `generators-read-text`: the adversarial loss raises the IoU, and lowers the pixel accuracy of the encoder-decoder
  for (const name of ["U-Net", "encoder-decoder"]) {
    above(values(byGenerator, `${name}, L1 + cGAN`), values(byGenerator, `${name}, L1`));
  }
  above(values(byGenerator, "encoder-decoder, L1", "pixel"), values(byGenerator, "encoder-decoder, L1 + cGAN", "pixel"));
  // `patches-read-text`: only one pair of sizes is distinguished
  const sizes = ["1 × 1", "16 × 16", "34 × 34", "70 × 70"];
  const distinguished = sizes.flatMap((first, i) =>
    sizes.slice(i + 1).map((second) => [first, second]).filter((pair) => byPatch.verdict("IoU", pair).best)
  );
  assertEquals(distinguished, [["16 × 16", "70 × 70"]]);
  above(values(byPatch, "16 × 16"), values(byPatch, "70 × 70"));
});

Deno.test("08_the_papers_tables.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("08_the_papers_tables");
  // `chance-text`: L1 + cGAN wins by all three scores
  const fair = textOf(notebook, "fair");
  assertEquals(fair.match(/“L1 \+ cGAN” has the highest/g)?.length, 3);
  // `chance-text`: the runs with L1 differ more than the means of the two variants
  for (
    const [l1, low, high, both] of [...fair.matchAll(/: L1 (\S+) \((\S+) to (\S+)\), L1 \+ cGAN (\S+) /g)].map(([, ...all]) =>
      all.map(Number)
    )
  ) {
    assertGreater(high! - low!, both! - l1!);
  }
  // `agree-read-text`: pairs, those that our seeds distinguish, and those in the order of the paper
  const counts = [...textOf(notebook, "agreement").matchAll(/of (\d+) pairs of rows, (\d+) told apart, (\d+) of these/g)];
  const total = (n: number) => counts.reduce((sum, match) => sum + Number(match[n]), 0);
  assertEquals([total(1), total(2), total(3)], [22, 16, 13]);
});
