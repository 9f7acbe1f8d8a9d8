import { assertEquals, assertStringIncludes } from "@std/assert";
import { count, duration, epochLine, LinesView, Progress, workLine } from "../../lib/plot/progress.ts";
import { stepEvent } from "./_helpers.ts";

Deno.test("Progress formats step, epoch, time, rate and losses as one line", () => {
  const progress = new Progress();
  assertEquals(progress.line(), "Waiting for the first step");
  progress.add({ type: "epoch", epoch: 3, epochs: 8, step: 300, losses: {}, seconds: 1 });
  // The first step compiles the graph and must not affect the estimate.
  for (let step = 401; step <= 405; step++) {
    progress.add(stepEvent(step, { epoch: 4, steps: 1005, milliseconds: step === 401 ? 9000 : 200 }));
  }
  assertEquals(progress.milliseconds, 200);
  const line = progress.line();
  const wanted = [
    "40%",
    "step 405 of 1,005",
    "epoch 4 of 8",
    "200 ms/step",
    "2 min 0 s left",
    "learning rate 0.0002",
    "discriminator 0.500",
  ];
  for (const part of wanted) assertStringIncludes(line, part);
  assertEquals(line.match(/█/g)!.length, 8);
  progress.add(stepEvent(1005, { steps: 1005 }));
  assertStringIncludes(progress.line(), "100% · step 1,005 of 1,005 · epoch 101 of 8 · 200 ms/step · done");
});

Deno.test("epochLine() marks its losses as means", () => {
  const line = epochLine({ type: "epoch", epoch: 2, epochs: 5, step: 20, losses: { l1: 0.12345 }, seconds: 75 });
  assertEquals(line, "Epoch 2 of 5 · 1 min 15 s · l1 0.123 (means over the epoch)");
});

Deno.test("duration() and count() format numbers", () => {
  assertEquals([0.04, 9.94, 59.4, 59.6, 61, 3599.6, 7260].map(duration), [
    "0.0 s",
    "9.9 s",
    "59 s",
    "1 min 0 s",
    "1 min 1 s",
    "1 h 0 min",
    "2 h 1 min",
  ]);
  assertEquals(count(1234567), "1,234,567");
});

Deno.test("workLine() formats the progress of work on files, with the time left", () => {
  assertEquals(workLine(0, 1200, 3), "░░░░░░░░░░░░░░░░░░░░ 0% · 0 of 1,200");
  assertEquals(workLine(300, 1200, 60), "█████░░░░░░░░░░░░░░░ 25% · 300 of 1,200 · 3 min 0 s left");
  assertEquals(workLine(2, 2, 60), "████████████████████ 100% · 2 of 2");
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
