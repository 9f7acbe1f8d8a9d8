import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { patchHeatmap } from "../../lib/plot/heatmap.ts";
import type { Output } from "../../lib/plot/jupyter.ts";
import { NotebookView, Throttle } from "../../lib/plot/notebook_view.ts";
import { PLOTLY_TYPE } from "../../lib/plot/png.ts";
import { memoryOutlet, pixelsOf, sampleEvent, stepEvent, training } from "./_helpers.ts";

const text = (output: Output | undefined): string => output?.data["text/plain"] as string;

Deno.test("NotebookView updates three outputs in place", async () => {
  const outlet = memoryOutlet();
  const view = new NotebookView(outlet, {
    title: "Losses of the test",
    seed: 3,
    caption: "Both of 2.",
    rows: ["first", "second", "of a longer list"],
    throttle: { interval: 1 },
  });
  for await (const event of training()) await view.show(event);
  const last = [...outlet.last().values()];
  assertEquals(last.length, 3);
  const [progress, losses, samples] = last;
  assertStringIncludes(text(progress), "100% · step 20 of 20 · epoch 2 of 2");
  assert(view.finished);

  // At the end, an interactive figure with every step, and its PNG.
  const { data, layout } = losses!.data[PLOTLY_TYPE] as {
    data: { name: string; x: number[]; y: number[] }[];
    layout: { title: { text: string } };
  };
  assertEquals(data.find(({ name }) => name === "l1")!.y, Array.from({ length: 20 }, (_, i) => 1 / (i + 1)));
  assertStringIncludes(layout.title.text, "Losses of the test");
  assertStringIncludes(layout.title.text, "seed 3");
  const still = await pixelsOf(Uint8Array.fromBase64(losses!.data["image/png"] as string));
  assert(still.width > 800 && still.count([0xd5, 0x5e, 0x00]) > 100, "the discriminator's curve is drawn");

  // The latest samples, not the first.
  const grid = await pixelsOf(Uint8Array.fromBase64(samples!.data["image/png"] as string));
  assert(grid.count([40, 100, 0]) > 1000 && grid.count([0, 100, 0]) === 0);
  assertStringIncludes(text(samples), "After epoch 2, step 20. Both of 2.");
});

Deno.test("NotebookView writes the names of the samples beside them", async () => {
  const outlet = memoryOutlet();
  await new NotebookView(outlet, { rows: ["first", "second"] }).show(sampleEvent(1));
  assertStringIncludes(text([...outlet.last().values()].at(-1)), "rows first, second.");
});

Deno.test("NotebookView shows PNGs during training, at most one per interval", async () => {
  const outlet = memoryOutlet();
  const view = new NotebookView(outlet, { throttle: { interval: 60_000 } });
  for (let step = 1; step <= 15; step++) await view.show(stepEvent(step));
  const bundles = outlet.shown.map(({ output }) => Object.keys(output.data));
  // Two placeholders, then a progress line and a PNG for the first step; the other steps wait.
  assertEquals(bundles, [["text/plain"], ["text/plain"], ["text/plain"], ["image/png", "text/plain"]]);
  await view.end();
  const curves = [...outlet.last().values()][1]!;
  assertEquals((curves.data[PLOTLY_TYPE] as { data: { x: number[] }[] }).data[0]!.x.length, 15);
  const before = outlet.shown.length;
  await view.end();
  assertEquals(outlet.shown.length, before); // nothing to draw
});

Deno.test("NotebookView handles events in order without await", async () => {
  const outlet = memoryOutlet();
  const view = new NotebookView(outlet);
  const events = await Array.fromAsync(training());
  await events.map((event) => view.show(event)).at(-1);
  assertEquals(view.lastStep, 20);
  const [progress, losses] = [...outlet.last().values()];
  assertStringIncludes(text(progress), "step 20 of 20");
  assert(PLOTLY_TYPE in losses!.data);
  assertEquals([...outlet.last().values()].length, 3);
});

Deno.test("NotebookView shows the figure of the option patches, and warnings below the progress", async () => {
  const outlet = memoryOutlet();
  const view = new NotebookView(outlet, { patches: (event) => patchHeatmap([[event.epoch, 0]]) });
  await view.show(stepEvent(1));
  for (let n = 0; n < 2; n++) await view.show({ type: "warning", epoch: 1, step: 1, message: "a.jpg is flat" });
  await view.show(sampleEvent(2, 1));
  const running = [...outlet.last().values()];
  assertEquals(running.length, 4);
  assertEquals(text(running[0]).split("\n").slice(1), ["Warning: a.jpg is flat"]);
  assert(!(PLOTLY_TYPE in running[3]!.data)); // JupyterLab could not update it
  await view.end();
  const { data } = [...outlet.last().values()][3]!.data[PLOTLY_TYPE] as { data: { z: number[][] }[] };
  assertEquals(data[0]!.z[0]!.map((value) => value.toFixed(2)), ["0.88", "0.50"]);
});

Deno.test("NotebookView turns a failed drawing into a warning", async () => {
  const outlet = memoryOutlet();
  const view = new NotebookView(outlet, { losses: ["l9"] });
  await view.show(stepEvent(1));
  await view.show(stepEvent(2));
  await view.end();
  assertStringIncludes(text([...outlet.last().values()][0]), `Warning: cannot draw the losses: Cannot draw the loss "l9"`);
});

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

Deno.test("request() draws immediately, then postpones to the end of the pause", async () => {
  let newest = 0;
  const drawn: number[] = [];
  const throttle = new Throttle(() => Promise.resolve(void drawn.push(newest)), { interval: 100, fraction: 1 });
  for (newest = 1; newest <= 5; newest++) await throttle.request();
  newest = 5;
  assertEquals(drawn, [1]);
  await sleep(200);
  assertEquals(drawn, [1, 5]);
  await sleep(150);
  assertEquals(drawn, [1, 5]); // nothing to draw
});

Deno.test("request() pauses in proportion to the drawing time, except the first", async () => {
  const ends: number[] = [];
  const throttle = new Throttle(async () => {
    await sleep(20);
    ends.push(performance.now());
  }, { interval: 0, fraction: 0.05 });
  while (ends.length < 3) {
    void throttle.request();
    await sleep(5);
  }
  // The first drawing does not count, so the second follows immediately; then 20 ms are 5% of 400 ms.
  assert(ends[2]! - ends[1]! > 20 / 0.05, `the third drawing came ${ends[2]! - ends[1]!} ms after the second`);
  throttle.cancel();
});

Deno.test("now() waits for the drawing in progress", async () => {
  let at = 0;
  let most = 0;
  const throttle = new Throttle(async () => {
    most = Math.max(most, ++at);
    await sleep(10);
    at--;
  }, { interval: 10, fraction: 1 });
  await Promise.all([throttle.request(), throttle.now(), throttle.request(), throttle.now()]);
  assertEquals(most, 1);
  throttle.cancel();
});

Deno.test("cancel() cancels the postponed drawing", async () => {
  let drawings = 0;
  const throttle = new Throttle(() => Promise.resolve(void drawings++), { interval: 50, fraction: 1 });
  await throttle.request();
  await throttle.request();
  throttle.cancel();
  await sleep(100);
  assertEquals(drawings, 1);
});
