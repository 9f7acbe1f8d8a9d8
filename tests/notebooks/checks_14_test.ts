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
    [49.2, 14.4, /not in percent/],
    [0.95, 14.4, /which part of the made ones is found/],
    [0.98, 14.4, /most pictures are real/],
    [0.979, 14.4, /most pictures are real|half of the pictures/],
    [0.51, 14.4, /which part of the alarms is wrong/],
    [0.3, 14.4, /into \(14\.1\)/],
    [0.49, 14_400, /a kWh has a thousand/],
    [0.49, 0.6, /two days are 48 hours/],
    [0.49, 7.2, /300 W, 48 hours/],
  ];
  for (const [right, kWh, words] of misses) await says(checkNumbers({ right, kWh }), words);
});

Deno.test("checkWorth() accepts (14.1) used twice, and explains near misses", async () => {
  const once: Worth = (t, f, p) => t * p / (t * p + f * (1 - p));
  const answers: [Worth, RegExp][] = [
    [(t, f, p) => once(t, f, once(t, f, p)), /^Right: /],
    [(t, f, p) => once(t * t, f * f, p), /^Right: /],
    [once, /one detector alone/],
    [(t, f, p) => once(t, f, p) ** 2, /do not multiply/],
    [(t, f, p) => once(t * t, f, p), /the real ones must be accused twice/],
    [(t, f, p) => once(t, f * f, p), /the made ones must be found twice/],
    [(t, f, p) => once(1 - (1 - t) ** 2, 1 - (1 - f) ** 2, p), /at least one of both/],
    [() => 0.5, /the p of the second/],
    [() => NaN, /give back a number/],
  ];
  for (const [answer, words] of answers) await says(checkWorth(answer), words);
});

Deno.test("checkThreshold() accepts the threshold with the allowed false alarms, and explains near misses", async () => {
  const falling = (scores: number[]) => [...scores].sort((one, other) => other - one);
  const place = (scores: number[], f: number) => Math.floor(f * scores.length + 1e-9);
  const answers: [Threshold, RegExp][] = [
    [(scores, f) => falling(scores)[place(scores, f)] ?? -Infinity, /^Right: /],
    [(scores, f) => falling(scores)[place(scores, f) + 1] ?? -Infinity, /accuses 3, and 2 may be/],
    [(scores, f) => falling(scores)[Math.max(0, place(scores, f) - 1)]!, /accuses 1; 2 may be/],
    [(scores, f) => scores.sort((one, other) => other - one)[place(scores, f)]!, /sort a copy/],
    [(_, f) => 1 - f, /may be/],
    [(scores, f) => falling(scores)[place(scores, f)]! - 1e-9, /and 2 may be/],
    [() => NaN, /give back a number/],
    [(scores, f) => scores.length === 4 ? 0 : falling(scores)[place(scores, f)]!, /all or none/],
  ];
  for (const [answer, words] of answers) await says(checkThreshold(answer), words);
});
