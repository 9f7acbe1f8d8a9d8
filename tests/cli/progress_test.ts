import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { trainProgress } from "../../lib/cli/progress.ts";
import type { StepEvent } from "../../lib/events.ts";
import { fakeScreen, shown } from "./_screen.ts";

function step(number: number): StepEvent {
  const losses = { discriminator: 0.6931, adversarial: 2.5, l1: 0.3456 };
  return { type: "step", epoch: 1, step: number, steps: 200, losses, learningRate: 0.0002, milliseconds: 200 };
}
const epoch = { type: "epoch", epoch: 1, epochs: 12, step: 100, losses: { l1: 0.25 }, seconds: 65.4 } as const;

Deno.test("trainProgress() shows position, step time, time left, learning rate and losses on one line of a terminal", () => {
  const screen = fakeScreen(true, 200);
  let time = 0;
  const progress = trainProgress(screen, () => time);
  progress.show(step(99));
  time = 1000;
  progress.show(step(100));
  const line = shown(screen.text);
  for (
    const part of [
      "50%",
      "step 100 of 200",
      "200 ms/step",
      "20 s left",
      "learning rate 0.0002",
      "discriminator 0.693",
      "l1 0.346",
    ]
  ) {
    assertStringIncludes(line, part);
  }
  progress.show(epoch);
  assertMatch(shown(screen.text), /^Epoch 1 of 12 .*l1 0.250.*\n$/);
  progress.show(step(101));
  progress.end();
  assertMatch(shown(screen.text), /^Epoch 1 of 12 .*\n$/);
});

Deno.test("trainProgress() draws at most ten times a second, and never wider than the terminal", () => {
  const screen = fakeScreen(true, 60);
  let time = 0;
  const progress = trainProgress(screen, () => time);
  for (let i = 1; i <= 100; i++) progress.show(step(i)), time += 10;
  assertEquals(screen.text.split("\r").length - 1, 10);
  assert(shown(screen.text).length < 60);
});

Deno.test("trainProgress() prints plain lines without a terminal: a step every half minute, epochs, warnings", () => {
  const screen = fakeScreen(false);
  let time = 0;
  const progress = trainProgress(screen, () => time);
  for (let i = 1; i <= 70; i++) progress.show(step(i)), time += 1000;
  progress.show(epoch);
  progress.show({ type: "warning", epoch: 1, step: 100, message: "The loss is not a number" });
  progress.end();
  const lines = screen.text.trimEnd().split("\n");
  assertEquals(lines.map((line) => line.match(/step \d+|Epoch \d+|Warning.*/)?.[0]), [
    "step 1",
    "step 31",
    "step 61",
    "Epoch 1",
    "Warning: The loss is not a number",
  ]);
});
