import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { loadComparison, modelHistory } from "../../mod.ts";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("11_two_stages", {
  "check-places": NUMBERS_MISSING,
  "check-sample": CODE_MISSING,
  "check-shuffled": CODE_MISSING,
});

Deno.test("11_two_stages.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("11_two_stages");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // `wrong-read-text`: the third term gives the discriminator that ignores the caption a larger loss
  const [reads, ignores] = table("wrong").map((row) => row.at(-1)!);
  assertGreater(ignores!, 2 * reads!);
  // `scores-read-text`: the colour is correct more often than the number of windows
  const [real, made, pretrained] = table("scores");
  assertGreater(real![0]!, 0.9);
  assertGreater(made![0]!, 0.6);
  assertGreater(made![0]!, made![1]! + 0.1);
  assertGreater(pretrained![0]!, pretrained![1]!);
});

Deno.test("the history of captioned-houses supports what chapter 11 says about it", async () => {
  // `history-read-text`: in the first half, stage II is untrained, and its images match by chance at best
  const history = await modelHistory("captioned-houses");
  const last = history.at(-1)!;
  for (const { epoch, values } of history) {
    if (epoch > last.epoch / 2) continue;
    assertLess(values["caption_colour"]!, 0.2);
    assertLess(values["caption_windows"]!, 0.3);
  }
  assertGreater(last.values["caption_colour"]!, 0.8);
});

Deno.test("comparison 11_captions supports what chapter 11 says about it", async () => {
  const comparison = await loadComparison("11_captions");
  const bestAfter = (epochs: number) => comparison.verdict(`colour after ${epochs} epochs`).best;
  // `compare-read-text`: wrong captions help after two epochs; later the ranges overlap
  assertEquals([2, 4, 8, 16].map(bestAfter), ["with wrong captions", undefined, undefined, undefined]);
});
