import { assertMatch } from "@std/assert";
import { checkAgreement, checkIou, checkNumbers, type MeanIou, type ToldApart } from "../../notebooks/checks/08.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

Deno.test("checkNumbers() accepts 0.7 and 0.46, and explains near misses", async () => {
  await says(checkNumbers({ pixel: 0.7, iou: 0.46 }), /^Right: 0\.7, and 0\.46/);
  const misses: [number, number, RegExp][] = [
    [NaN, 0.46, /each NaN/],
    [0.625, 0.46, /that is \(8\.2\)/],
    [70, 0.46, /not in percent/],
    [0.8, 0.46, /how many pixels are there/],
    [0.7, 0.625, /\(8\.2\), without/],
    [0.7, 0.667, /wall alone/],
    [0.7, 0.25, /window alone/],
    [0.7, 0.538, /one IoU for each class/],
    [0.7, 0.1, /And the window/],
  ];
  for (const [pixel, iou, words] of misses) await says(checkNumbers({ pixel, iou }), words);
});

Deno.test("checkIou() accepts (8.3) without classes that do not occur, and explains near misses", async () => {
  const ious = (confusion: number[][], once = 1) =>
    confusion.map((row, i) => row[i]! / (sum(row) + sum(confusion.map((other) => other[i]!)) - once * row[i]!));
  const there = (values: number[]) => values.filter((value) => !Number.isNaN(value));
  const answers: [MeanIou, RegExp][] = [
    [(confusion) => sum(there(ious(confusion))) / there(ious(confusion)).length, /^Right: /],
    [(confusion) => sum(ious(confusion)) / confusion.length, /0 \/ 0: leave it out/],
    [(confusion) => sum(there(ious(confusion))) / confusion.length, /divide by two, not by three/],
    [(confusion) => sum(ious(confusion, 0)) / confusion.length, /subtract them once/],
    [(confusion) => sum(confusion.map((row, i) => row[i]! / sum(row))) / confusion.length, /that is \(8\.2\)/],
    [(confusion) => sum(confusion.map((row, i) => row[i]!)) / sum(confusion.map(sum)), /that is \(8\.1\)/],
    [() => 0.5, /another number/],
    [() => "1" as never, /return a number/],
    [(confusion) => sum(confusion.pop()!), /must stay as it is/],
  ];
  for (const [answer, words] of answers) await says(checkIou(answer), words);
});

Deno.test("checkAgreement() accepts rows whose seeds agree, and explains near misses", async () => {
  const above = (a: number[], b: number[]) => Math.min(...a) > Math.max(...b);
  const count = (rows: number[][], told: (a: number[], b: number[]) => boolean) =>
    sum(rows.flatMap((a, i) => rows.slice(i + 1).map((b) => Number(told(a, b)))));
  const answers: [ToldApart, RegExp][] = [
    [(rows) => count(rows, (a, b) => above(a, b) || above(b, a)), /^Right: /],
    [(rows) => 2 * count(rows, (a, b) => above(a, b) || above(b, a)), /counted once/],
    [(rows) => count(rows, () => true), /all pairs/],
    [(rows) => count(rows, above), /either of the two|another number/],
    [
      (rows) => count(rows, (a, b) => Math.min(...a) >= Math.max(...b) || Math.min(...b) >= Math.max(...a)),
      /does not mean equal/,
    ],
    [
      (rows) => count(rows, ([a, b], [c, d]) => a! > c! && b! > d! || a! < c! && b! < d!),
      /the ranges overlap/,
    ],
    [() => NaN, /return a number/],
    [() => 7, /another number/],
  ];
  for (const [answer, words] of answers) await says(checkAgreement(answer), words);
});
