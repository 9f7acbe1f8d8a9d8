import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { captionOf, type Figure, type Trace } from "../../lib/plot/spec.ts";
import { LossHistory } from "../../lib/plot/history.ts";
import { lossFigure, runningMean } from "../../lib/plot/loss_figure.ts";
import { COLOUR_OF } from "../../lib/plot/style.ts";

const history = Array.from({ length: 12 }, (_, i) => ({
  epoch: 1 + Math.floor(i / 4),
  step: i + 1,
  losses: { discriminator: i, l1: 10 - i },
}));
const trace = (made: Figure, name: string): Trace => made.data.findLast((one) => one.name === name)!;
const title = (made: Figure): string => (made.layout.title as { text: string }).text;

Deno.test("lossFigure() draws one line a loss, with every step's value", () => {
  const made = lossFigure(history, { seed: 7, settings: { lambda: 100 } });
  assertEquals(made.data.length, 2);
  assertEquals(trace(made, "l1").x, history.map((point) => point.step));
  assertEquals(trace(made, "l1").y, history.map((point) => point.losses.l1));
  assertEquals((trace(made, "discriminator").line as { color: string }).color, COLOUR_OF.discriminator);
  assertStringIncludes(title(made), "lambda 100, seed 7");
  assertEquals((made.layout.xaxis as { title: { text: string } }).title.text, "Step");
});

Deno.test("lossFigure() by epoch draws the mean of each epoch's steps", () => {
  const made = lossFigure(history, { x: "epoch" });
  assertEquals(trace(made, "discriminator").x, [1, 2, 3]);
  assertEquals(trace(made, "discriminator").y, [1.5, 5.5, 9.5]);
});

Deno.test("lossFigure() by epoch draws every epoch's own mean, however many steps there are, and says where it cannot", () => {
  const long = Array.from({ length: 9000 }, (_, i) => {
    const epoch = 1 + Math.floor(i / 3);
    return { epoch, step: i + 1, losses: { l1: epoch } };
  });
  const made = lossFigure(long, { x: "epoch" });
  const epochs = Array.from({ length: 3000 }, (_, i) => i + 1);
  assertEquals([trace(made, "l1").x, trace(made, "l1").y, captionOf(made)], [epochs, epochs, ""]);
  const joined = new LossHistory();
  for (const point of long) joined.add(point);
  assertEquals(captionOf(lossFigure(joined, { x: "epoch" })), "Each epoch is put together from means of 4 steps.");
  assertEquals(
    captionOf(lossFigure(long.map((point) => ({ ...point, epoch: point.step })), { x: "epoch" })),
    "Each point is the mean of 4 epochs.",
  );
});

Deno.test("lossFigure() shows the steps faintly under a smoothed line, and says so", () => {
  const made = lossFigure(history, { smooth: 3 });
  assertEquals(made.data.length, 4);
  const [faint, bold] = made.data.filter((one) => one.name === "discriminator");
  assertEquals(faint!.y, history.map((point) => point.losses.discriminator));
  assert((faint!.opacity as number) < 0.5 && faint!.showlegend === false);
  assertEquals((bold!.y as number[]).slice(0, 5), [0, 0.5, 1, 2, 3]);
  assertStringIncludes(captionOf(made), "mean of the last 3 steps; faint: each step");
});

Deno.test("runningMean() passes over what is not a number", () => {
  assertEquals(runningMean([1, NaN, 3, 5], 2), [1, 1, 3, 4]);
  assertEquals(runningMean([NaN, 2], 1), [NaN, 2]);
});

Deno.test("lossFigure() leaves gaps and says how many values it could not draw", () => {
  const points = [1, NaN, -1, 2].map((loss, i) => ({ epoch: 1, step: i + 1, losses: { loss } }));
  assertEquals(lossFigure(points).data[0]!.y, [1, null, -1, 2]);
  const log = lossFigure(points, { log: true });
  assertEquals(log.data[0]!.y, [1, null, null, 2]);
  assertEquals((log.layout.yaxis as { type: string }).type, "log");
  assertStringIncludes(captionOf(log), "1 value is not finite");
  assertStringIncludes(captionOf(log), "1 value of 0 or less");
});

Deno.test("lossFigure() joins the steps of a long training, and says so", () => {
  const long = Array.from({ length: 10_000 }, (_, i) => ({ epoch: 1, step: i + 1, losses: { loss: i } }));
  const made = lossFigure(long);
  const { x, y } = made.data[0] as unknown as { x: number[]; y: number[] };
  assert(x.length <= 4000, `${x.length} points`);
  assertEquals([x[0], y[0]], [4, 1.5]);
  assertEquals(x.at(-1), 10_000);
  assertStringIncludes(captionOf(made), "Each point is the mean of 4 steps.");
});

Deno.test("lossFigure() draws the losses that are asked for, and refuses what is not there", () => {
  assertEquals(lossFigure(history, { losses: ["l1"] }).data.map((one) => one.name), ["l1"]);
  assertThrows(() => lossFigure(history, { losses: ["l3"] }), RangeError, `"l3": this training has discriminator, l1`);
  assertThrows(() => lossFigure(history, { smooth: 0 }), RangeError, "over 0 steps");
  assertEquals(lossFigure([]).data, []);
});
