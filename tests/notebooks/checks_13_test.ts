import { assertMatch } from "@std/assert";
import { checkNumbers, checkSmooth, checkSplit, type Smooth, type Split } from "../../notebooks/checks/13.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkNumbers() accepts 3750 and 0.95, and explains near misses", async () => {
  await says(checkNumbers({ steps: 3750, m: 0.95 }), /^Right: 3750 steps, and 0\.95/);
  const misses: [number, number, RegExp][] = [
    [NaN, 0.95, /each NaN/],
    [15_000, 0.95, /a batch of 4/],
    [75, 0.95, /in one epoch/],
    [60_000, 0.95, /larger batches mean fewer steps/],
    [3000, 0.95, /how many batches/],
    [3750, 0.55, /weight of the old average/],
    [3750, 0.75, /the weights differ/],
    [3750, 0.9, /0\.1 times the new loss/],
  ];
  for (const [steps, m, words] of misses) await says(checkNumbers({ steps, m }), words);
});

Deno.test("checkSmooth() accepts the mean of the last n, and explains near misses", async () => {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const last = (values: number[], i: number, n: number) => values.slice(Math.max(0, i - n + 1), i + 1);
  const answers: [Smooth, RegExp][] = [
    [(values, n) => values.map((_, i) => mean(last(values, i, n))), /^Right: /],
    [
      (values, n) => values.map((_, i) => mean(last(values, i, n)) * last(values, i, n).length / n),
      /divide by their number/,
    ],
    [(values, n) => values.map((_, i) => mean(values.slice(i, i + n))), /these are the next values/],
    [(values) => values.map((_, i) => mean(values.slice(Math.max(0, i - 1), i + 2))), /not with the next one/],
    [(values) => values.map((_, i) => mean(values.slice(0, i + 1))), /mean of all values so far/],
    [(values) => values, /the means are different/],
    [(values, n) => values.slice(n - 1), /you returned 4/],
    [() => 1 as never, /an array/],
    [(values) => values.reverse(), /must not change/],
  ];
  for (const [answer, words] of answers) await says(checkSmooth(answer), words);
});

Deno.test("checkSplit() accepts whole houses, the same each time, and explains near misses", async () => {
  const houses = (files: string[]) => [...new Set(files.map((file) => file.split("_")[0]!))].sort();
  const right: Split = (files, part) => {
    const all = houses(files);
    const chosen = all.slice(0, Math.round(part * all.length));
    return files.filter((file) => chosen.includes(file.split("_")[0]!));
  };
  let call = 0;
  const answers: [Split, RegExp][] = [
    [right, /^Right: /],
    [(files, part) => files.slice(0, Math.round(part * files.length)), /on both sides/],
    [(files) => files.filter((file) => file.startsWith("house1")), /3 belong in the test set; yours has 2/],
    [(files) => right(files, 1), /yours has 10/],
    [(files, part) => right(files, part).concat(right(files, part)), /twice/],
    [() => ["house99.png"], /not one of the files/],
    [(files) => {
      const chosen = houses(files).slice(call, call++ + 3);
      return files.filter((file) => chosen.includes(file.split("_")[0]!));
    }, /a second call returns other files/],
    [(files) => {
      const chosen = [...new Set(files.map((file) => file.split("_")[0]!))].slice(0, 3);
      return files.filter((file) => chosen.includes(file.split("_")[0]!));
    }, /come in another order/],
    [() => 1 as never, /an array/],
  ];
  for (const [answer, words] of answers) await says(checkSplit(answer), words);
});
