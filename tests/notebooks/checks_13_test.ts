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
    [75, 0.95, /of one epoch/],
    [60_000, 0.95, /the fewer the steps/],
    [3000, 0.95, /how many batches/],
    [3750, 0.55, /belongs to the old mean/],
    [3750, 0.75, /do not count alike/],
    [3750, 0.9, /0\.1 of the new loss/],
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
      /divide by how many there are/,
    ],
    [(values, n) => values.map((_, i) => mean(values.slice(i, i + n))), /values that come/],
    [(values) => values.map((_, i) => mean(values.slice(Math.max(0, i - 1), i + 2))), /not the one after it/],
    [(values) => values.map((_, i) => mean(values.slice(0, i + 1))), /mean of all up to here/],
    [(values) => values, /are other ones/],
    [(values, n) => values.slice(n - 1), /yours are 4/],
    [() => 1 as never, /an array/],
    [(values) => values.reverse(), /must stay as it is/],
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
    [(files) => files.filter((file) => file.startsWith("house1")), /3 are for testing, yours are 2/],
    [(files) => right(files, 1), /yours are 10/],
    [(files, part) => right(files, part).concat(right(files, part)), /twice/],
    [() => ["house99.png"], /none of the files/],
    [(files) => {
      const chosen = houses(files).slice(call, call++ + 3);
      return files.filter((file) => chosen.includes(file.split("_")[0]!));
    }, /a second call gives others/],
    [(files) => {
      const chosen = [...new Set(files.map((file) => file.split("_")[0]!))].slice(0, 3);
      return files.filter((file) => chosen.includes(file.split("_")[0]!));
    }, /another order/],
    [() => 1 as never, /an array/],
  ];
  for (const [answer, words] of answers) await says(checkSplit(answer), words);
});
