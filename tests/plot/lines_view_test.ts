import { assertEquals } from "@std/assert";
import { LinesView } from "../../lib/plot/lines_view.ts";
import { stepEvent } from "./_helpers.ts";

Deno.test("LinesView prints what is rare, and not every step", async () => {
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
