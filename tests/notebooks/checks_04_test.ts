import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkDiagnosis, checkHinge, checkUndecided, type Diagnose, type HingeLoss } from "../../notebooks/checks/04.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkUndecided() accepts ½, ½ and 2, and explains near misses", async () => {
  const right = { number: 0.5, leastSquares: 0.5, hinge: 2 };
  await says(checkUndecided(right), /^Right: at 0.5 \(4\.5\) is 0.5, and \(4\.6\) is 2 at 0/);
  const misses: [Partial<typeof right>, RegExp][] = [
    [{ number: NaN }, /each NaN/],
    [{ number: 0 }, /\(0 − 1\)² \+ 0² is not the minimum/],
    [{ leastSquares: 0.25 }, /only one of the two terms/],
    [{ leastSquares: 1 }, /both terms of \(4\.5\)/],
    [{ hinge: 1 }, /two terms/],
    [{ hinge: 0 }, /0 is not their sum/],
  ];
  for (const [miss, words] of misses) await says(checkUndecided({ ...right, ...miss }), words);
});

Deno.test("checkHinge() accepts the means of both margins, and explains near misses", async () => {
  const parts = (real: tf.Tensor, fake: tf.Tensor) => [tf.relu(tf.sub(1, real)), tf.relu(tf.add(1, fake))] as const;
  const of = (reduce: (x: tf.Tensor) => tf.Tensor): HingeLoss => (real, fake) => {
    const [a, b] = parts(real, fake);
    return tf.add(reduce(a), reduce(b)) as tf.Scalar;
  };
  const answers: [HingeLoss, RegExp][] = [
    [of((x) => tf.mean(x)), /^Right: 1\.000/],
    [of((x) => tf.sum(x)), /take means, not sums/],
    [(real, fake) => of((x) => tf.mean(x))(fake, real), /are swapped/],
    [(real, fake) => tf.add(tf.mean(tf.sub(1, real)), tf.mean(tf.add(1, fake))), /the loss is 0, not less/],
    [(real) => tf.mean(tf.relu(tf.sub(1, real))), /it is \(4\.6\)/],
    [(real) => real as never, /return a scalar/],
    [() => 1 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkHinge(answer), words);
});

Deno.test("checkDiagnosis() accepts a diagnosis that is right for all runs, and names the first wrong one", async () => {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const apart = ([x, y]: number[], [a, b]: number[]) => Math.hypot(x! - a!, y! - b!);
  const middleOf = (points: number[][]) => [0, 1].map((axis) => mean(points.map((point) => point[axis]!)));
  const spreadOf = (points: number[][], middle = middleOf(points)) =>
    Math.sqrt(mean(points.map((point) => apart(point, middle) ** 2)));
  const diagnosis = (last = true, circlesFirst = false, around?: number[]): Diagnose => (moments, real) => {
    const middles = moments.map(middleOf);
    const circles = mean(middles.slice(1).map((middle, i) => apart(middle, middles[i]!))) > real / 2;
    if (circlesFirst && circles) return "circles";
    if (spreadOf(last ? moments.at(-1)! : moments[0]!, around) < real / 5) return "collapse";
    return circles ? "circles" : "well";
  };
  const answers: [Diagnose, RegExp][] = [
    [diagnosis(), /^Right: all 7 training runs/],
    [() => "well", /end within 0\.3 of their middle.* "collapse", and yours says "well"/],
    [diagnosis(true, true), /points that jump and end within 0\.1.* yours says "circles"/],
    [diagnosis(true, false, [0, 0]), /points that jump and end within 0\.1/],
    [diagnosis(false), /end within 0\.3/],
    [() => "ill" as never, /say "collapse", "circles" or "well", not ill/],
  ];
  for (const [answer, words] of answers) await says(checkDiagnosis(answer), words);
});
