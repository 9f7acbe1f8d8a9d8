import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LinesView, live } from "../../lib/plot/live.ts";
import { PLOTLY_TYPE } from "../../lib/plot/png.ts";
import { stepEvent, training } from "./_helpers.ts";

const printer = (): { lines: string[]; print: (line: string) => void } => {
  const lines: string[] = [];
  return { lines, print: (line) => void lines.push(line) };
};

Deno.test("live() prints one line per epoch and sample in a terminal", async () => {
  const { lines, print } = printer();
  await live({ print }).watch(training());
  assertEquals(lines.map((line) => line.split(" · ")[0]), [
    "Samples before training: 2 images",
    "Epoch 1 of 2",
    "Samples after epoch 1: 2 images",
    "Epoch 2 of 2",
    "Samples after epoch 2: 2 images",
  ]);
});

Deno.test("watch() returns the losses of all steps", async () => {
  const history = await live({ print: () => {} }).watch(training());
  const points = [...history];
  assertEquals(points.map((point) => point.step), Array.from({ length: 20 }, (_, i) => i + 1));
  assertEquals(points.map((point) => point.losses.l1), Array.from({ length: 20 }, (_, i) => 1 / (i + 1)));
});

Deno.test("follow() yields every event and ends the view after a break", async () => {
  let seen = 0;
  for await (const event of live({ print: () => {} }).follow(training())) if (event.type === "step") seen++;
  assertEquals(seen, 20);

  const { memoryOutlet } = await import("./_helpers.ts");
  const outlet = memoryOutlet();
  for await (const event of live({ outlet }).follow(training())) if (event.step === 5) break;
  const losses = [...outlet.last().values()][1]!.data;
  assert(PLOTLY_TYPE in losses, "the figure is interactive after a break");
  const [trace] = (losses[PLOTLY_TYPE] as { data: { x: number[] }[] }).data;
  assertEquals(trace!.x, [1, 2, 3, 4, 5]);
});

Deno.test("follow() rethrows an error of the training run", async () => {
  async function* broken() {
    yield stepEvent(1);
    await Promise.resolve();
    throw new Error("the loss is NaN");
  }
  const { lines, print } = printer();
  await assertRejects(() => live({ print }).watch(broken()), Error, "the loss is NaN");
  assertEquals(lines, []);
  assertStringIncludes(String(live), "function live");
});

Deno.test("LinesView prints warnings and checkpoints, but not every step", async () => {
  const lines: string[] = [];
  const view = new LinesView((line) => void lines.push(line));
  for (let step = 1; step <= 100; step++) await view.show(stepEvent(step));
  assertEquals(lines, []);
  await view.show({ type: "warning", epoch: 1, step: 100, message: "b.jpg is flat" });
  await view.show({ type: "checkpoint", epoch: 1, step: 1000, folder: "runs/a" });
  assertEquals(lines, ["Warning: b.jpg is flat", "Checkpoint at step 1,000: runs/a"]);
  assertEquals([view.lastStep, view.finished], [1000, false]);
  await view.show({ type: "epoch", epoch: 2, epochs: 2, step: 1001, losses: {}, seconds: 1 });
  assertEquals(view.finished, true);
});
