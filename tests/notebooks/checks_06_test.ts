import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkField, checkPatch, checkWorst, type Field, type Worst } from "../../notebooks/checks/06.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkPatch() accepts 15 and 4, and explains near misses", async () => {
  await says(checkPatch({ side: 15, apart: 4 }), /^Right: patches of 15 × 15, 4 pixels apart/);
  const misses: [number, number, RegExp][] = [
    [NaN, 4, /each NaN/],
    [9, 4, /the last layer first/],
    [7, 4, /right for strides of 1/],
    [27, 4, /does not see 27/],
    [15, 5, /multiplied, not added/],
    [15, 2, /not 2 pixels apart/],
  ];
  for (const [side, apart, words] of misses) await says(checkPatch({ side, apart }), words);
});

Deno.test("checkField() accepts (6.1) from the last layer back, and explains near misses", async () => {
  const answers: [Field, RegExp][] = [
    [(layers) => layers.reduceRight((side, { kernel, stride }) => (side - 1) * stride + kernel, 1), /^Right: /],
    [
      (layers) => layers.reduce((side, { kernel, stride }) => (side - 1) * stride + kernel, 1),
      /go through the layers from the end/,
    ],
    [(layers) => layers.reduceRight((side, { kernel, stride }) => side * stride + kernel - 1, 1), /one layer with a 5 × 5/],
    [(layers) => layers.reduceRight((side, { kernel, stride }) => (side - 1) * stride + kernel, 0), /1, yours returns 0/],
    [(layers) => layers.reduceRight((side, { kernel }) => side - 1 + kernel, 1), /go through the layers|sees 11 pixels/],
  ];
  for (const [answer, words] of answers) await says(checkField(answer), words);
});

Deno.test("checkWorst() accepts the least convincing patch, and explains near misses", async () => {
  const found = (pick: (x: tf.Tensor1D) => tf.Tensor, turned = false, padding = 1): Worst => (logits, layers) => {
    const index = pick(tf.reshape(logits, [-1])).dataSync()[0]!;
    const strides = [1, 1, ...Array<number>(layers).fill(2)];
    const back = (verdict: number) => strides.reduce((begin, stride) => begin * stride - padding, verdict);
    const [top, left] = [back(Math.floor(index / logits.shape[2])), back(index % logits.shape[2])];
    const side = strides.reduce((side, stride) => (side - 1) * stride + 4, 1);
    return turned ? { top: left, left: top, side } : { top, left, side };
  };
  const answers: [Worst, RegExp][] = [
    [found((x) => tf.argMin(x)), /^Right: /],
    [found((x) => tf.argMax(x)), /convinces D most/],
    [found((x) => tf.argMin(x), true), /exchanged/],
    [found((x) => tf.argMin(x), false, 0), /begins at \(-7, 5\), yours at \(4, 16\)/],
    [() => ({ top: 0, left: 0, side: 70 }), /has the side 34, yours 70/],
    [() => 3 as never, /return an object/],
  ];
  for (const [answer, words] of answers) await says(checkWorst(answer), words);
});
