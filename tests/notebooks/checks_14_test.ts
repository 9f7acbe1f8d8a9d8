import { assertMatch } from "@std/assert";
import { checkNumbers, checkThreshold, checkWorth, type Threshold, type Worth } from "../../notebooks/checks/14.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkNumbers() accepts 0.49 and 14.4, and explains near misses", async () => {
  await says(checkNumbers({ right: 0.49, kWh: 14.4 }), /^Right: 0\.49, and 14\.4 kWh/);
  const misses: [number, number, RegExp][] = [
    [NaN, 14.4, /each NaN/],
    [49.2, 14.4, /not a percentage/],
    [0.95, 14.4, /fraction of generated images that are found/],
    [0.98, 14.4, /most images are real/],
    [0.979, 14.4, /most images are real|half of the images/],
    [0.51, 14.4, /fraction of alarms that are wrong/],
    [0.3, 14.4, /into \(14\.1\)/],
    [0.49, 14_400, /1 kWh is 1000 Wh/],
    [0.49, 0.6, /two days are 48 hours/],
    [0.49, 7.2, /300 W and 48 hours/],
  ];
  for (const [right, kWh, words] of misses) await says(checkNumbers({ right, kWh }), words);
});

Deno.test("checkWorth() accepts (14.1) used twice, and explains near misses", async () => {
  const once: Worth = (t, f, p) => t * p / (t * p + f * (1 - p));
  const answers: [Worth, RegExp][] = [
    [(t, f, p) => once(t, f, once(t, f, p)), /^Right: /],
    [(t, f, p) => once(t * t, f * f, p), /^Right: /],
    [once, /result for one detector/],
    [(t, f, p) => once(t, f, p) ** 2, /do not multiply/],
    [(t, f, p) => once(t * t, f, p), /a real image also needs two alarms/],
    [(t, f, p) => once(t, f * f, p), /a generated image also needs two alarms/],
    [(t, f, p) => once(1 - (1 - t) ** 2, 1 - (1 - f) ** 2, p), /by at least one of them/],
    [() => 0.5, /the p of the second/],
    [() => NaN, /return a number/],
  ];
  for (const [answer, words] of answers) await says(checkWorth(answer), words);
});

Deno.test("checkThreshold() accepts the threshold with the allowed false alarms, and explains near misses", async () => {
  const falling = (scores: number[]) => [...scores].sort((one, other) => other - one);
  const place = (scores: number[], f: number) => Math.floor(f * scores.length + 1e-9);
  const answers: [Threshold, RegExp][] = [
    [(scores, f) => falling(scores)[place(scores, f)] ?? -Infinity, /^Right: /],
    [(scores, f) => falling(scores)[place(scores, f) + 1] ?? -Infinity, /causes 3 false alarms; at most 2 are allowed/],
    [(scores, f) => falling(scores)[Math.max(0, place(scores, f) - 1)]!, /causes 1 false alarms; 2 are allowed/],
    [(scores, f) => scores.sort((one, other) => other - one)[place(scores, f)]!, /sort a copy/],
    [(_, f) => 1 - f, /allowed/],
    [(scores, f) => falling(scores)[place(scores, f)]! - 1e-9, /at most 2 are allowed/],
    [() => NaN, /return a number/],
    [(scores, f) => scores.length === 4 ? 0 : falling(scores)[place(scores, f)]!, /for all or for none/],
  ];
  for (const [answer, words] of answers) await says(checkThreshold(answer), words);
});
