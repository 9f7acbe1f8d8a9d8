import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { captionOf } from "../../lib/plot/figure.ts";
import { lossFigure, LossHistory, lossNames, meanPoint, runningMean } from "../../lib/plot/losses.ts";
import type { Figure, Trace } from "../../lib/plot/plotly.ts";
import { COLOUR_OF } from "../../lib/plot/style.ts";

const history = Array.from({ length: 12 }, (_, i) => ({
  epoch: 1 + Math.floor(i / 4),
  step: i + 1,
  losses: { discriminator: i, l1: 10 - i },
}));
const trace = (result: Figure, name: string): Trace => result.data.findLast((one) => one.name === name)!;
const title = (result: Figure): string => (result.layout.title as { text: string }).text;

Deno.test("lossFigure() draws one line per loss, with the value of every step", () => {
  const result = lossFigure(history, { seed: 7, settings: { lambda: 100 } });
  assertEquals(result.data.length, 2);
  assertEquals(trace(result, "l1").x, history.map((point) => point.step));
  assertEquals(trace(result, "l1").y, history.map((point) => point.losses.l1));
  assertEquals((trace(result, "discriminator").line as { color: string }).color, COLOUR_OF.discriminator);
  assertStringIncludes(title(result), "lambda 100, seed 7");
  assertEquals((result.layout.xaxis as { title: { text: string } }).title.text, "Step");
});

Deno.test("lossFigure() by epoch draws the mean over the steps of each epoch", () => {
  const result = lossFigure(history, { x: "epoch" });
  assertEquals(trace(result, "discriminator").x, [1, 2, 3]);
  assertEquals(trace(result, "discriminator").y, [1.5, 5.5, 9.5]);
});

Deno.test("lossFigure() by epoch draws exact means of many steps, and says where it cannot", () => {
  const long = Array.from({ length: 9000 }, (_, i) => {
    const epoch = 1 + Math.floor(i / 3);
    return { epoch, step: i + 1, losses: { l1: epoch } };
  });
  const result = lossFigure(long, { x: "epoch" });
  const epochs = Array.from({ length: 3000 }, (_, i) => i + 1);
  assertEquals([trace(result, "l1").x, trace(result, "l1").y, captionOf(result)], [epochs, epochs, ""]);
  const joined = new LossHistory();
  for (const point of long) joined.add(point);
  assertEquals(captionOf(lossFigure(joined, { x: "epoch" })), "Each epoch is averaged over means of 4 steps.");
  assertEquals(
    captionOf(lossFigure(long.map((point) => ({ ...point, epoch: point.step })), { x: "epoch" })),
    "Each point is the mean of 4 epochs.",
  );
});

Deno.test("lossFigure() draws faint steps below the running mean, and says so", () => {
  const result = lossFigure(history, { smooth: 3 });
  assertEquals(result.data.length, 4);
  const [faint, bold] = result.data.filter((one) => one.name === "discriminator");
  assertEquals(faint!.y, history.map((point) => point.losses.discriminator));
  assert((faint!.opacity as number) < 0.5 && faint!.showlegend === false);
  assertEquals((bold!.y as number[]).slice(0, 5), [0, 0.5, 1, 2, 3]);
  assertStringIncludes(captionOf(result), "running mean over 3 steps; faint: individual steps");
});

Deno.test("lossFigure() names each smoothed curve once in the legend, and groups it with its steps", () => {
  const result = lossFigure(history, { smooth: 3 });
  const shown = result.data.filter((one) => one.showlegend !== false);
  assertEquals(shown.map((one) => one.name), ["discriminator", "l1"]);
  assertEquals(result.data.map((one) => one.legendgroup), ["discriminator", "discriminator", "l1", "l1"]);
  assertEquals(result.layout["showlegend"], true);
  assert(shown.every((one) => (one.hovertemplate as string).startsWith("%{fullData.name} ")));
  assertEquals(lossFigure(history, { smooth: 3, losses: ["l1"] }).layout["showlegend"], false);
});

Deno.test("runningMean() forgets a very large value that has left the window", () => {
  assertEquals(runningMean([1, 1e20, 1, 2, 3], 2), [1, 5e19, 5e19, 1.5, 2.5]);
});

Deno.test("runningMean() ignores NaN", () => {
  assertEquals(runningMean([1, NaN, 3, 5], 2), [1, 1, 3, 4]);
  assertEquals(runningMean([NaN, 2], 1), [NaN, 2]);
});

Deno.test("lossFigure() leaves gaps and notes the number of omitted values", () => {
  const points = [1, NaN, -1, 2].map((loss, i) => ({ epoch: 1, step: i + 1, losses: { loss } }));
  assertEquals(lossFigure(points).data[0]!.y, [1, null, -1, 2]);
  const log = lossFigure(points, { log: true });
  assertEquals(log.data[0]!.y, [1, null, null, 2]);
  assertEquals((log.layout.yaxis as { type: string }).type, "log");
  assertStringIncludes(captionOf(log), "1 value is not finite");
  assertStringIncludes(captionOf(log), "1 value ≤ 0");
});

Deno.test("lossFigure() averages the steps of a long run, and says so", () => {
  const long = Array.from({ length: 10_000 }, (_, i) => ({ epoch: 1, step: i + 1, losses: { loss: i } }));
  const result = lossFigure(long);
  const { x, y } = result.data[0] as unknown as { x: number[]; y: number[] };
  assert(x.length <= 4000, `${x.length} points`);
  assertEquals([x[0], y[0]], [4, 1.5]);
  assertEquals(x.at(-1), 10_000);
  assertStringIncludes(captionOf(result), "Each point is the mean of 4 steps.");
});

Deno.test("lossFigure() draws the selected losses and throws on unknown ones", () => {
  assertEquals(lossFigure(history, { losses: ["l1"] }).data.map((one) => one.name), ["l1"]);
  assertThrows(() => lossFigure(history, { losses: ["l3"] }), RangeError, `"l3": this run has the losses discriminator, l1`);
  assertThrows(() => lossFigure(history, { smooth: 0 }), RangeError, "got 0");
  assertEquals(lossFigure([]).data, []);
});

const step = (n: number, loss: number) => ({ epoch: 1, step: n, losses: { loss } });

Deno.test("LossHistory keeps every step below its capacity", () => {
  const history = new LossHistory(10);
  for (let n = 1; n <= 9; n++) history.add(step(n, n));
  assertEquals([...history].map((point) => [point.step, point.losses.loss]), Array.from({ length: 9 }, (_, i) => [i + 1, i + 1]));
  assertEquals(history.stepsPerPoint, 1);
});

Deno.test("LossHistory averages neighbouring points at its capacity", () => {
  const history = new LossHistory(8);
  for (let n = 1; n <= 100; n++) {
    history.add(step(n, n));
    assert(history.length <= 8, `${history.length} points after ${n} steps`);
  }
  // Full at 8 steps (then 2 steps per point), at 16 (then 4), at 32 (then 8) and at 64 (then 16).
  assertEquals(history.stepsPerPoint, 16);
  const kept = [...history];
  assertEquals(kept.map((point) => point.step), [16, 32, 48, 64, 80, 96, 100]);
  assertEquals(kept.map((point) => point.losses.loss), [8.5, 24.5, 40.5, 56.5, 72.5, 88.5, 98.5]);
});

Deno.test("LossHistory throws on a capacity below two points", () => {
  assertThrows(() => new LossHistory(1), RangeError, "got 1");
});

Deno.test("meanPoint() averages the losses of each name and keeps NaN", () => {
  const mean = meanPoint([
    { epoch: 1, step: 1, losses: { a: 1, b: NaN } },
    { epoch: 2, step: 2, losses: { a: 2, b: 1, c: 5 } },
  ]);
  assertEquals([mean.epoch, mean.step], [2, 2]);
  assertAlmostEquals(mean.losses.a!, 1.5);
  assert(Number.isNaN(mean.losses.b));
  assertEquals(mean.losses.c, 5);
  assertEquals(lossNames([mean, { epoch: 1, step: 1, losses: { z: 1, a: 1 } }]), ["a", "b", "c", "z"]);
});

Deno.test("LossHistory describes itself in Deno.inspect()", () => {
  const history = new LossHistory(2);
  for (let n = 1; n <= 3; n++) history.add(step(n, n));
  assertEquals(Deno.inspect(history), "LossHistory of 2 points, 2 steps each");
});
