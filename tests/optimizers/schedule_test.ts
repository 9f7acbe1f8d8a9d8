import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { linearDecay } from "../../lib/optimizers/schedule.ts";

Deno.test("linearDecay() is constant, then decreases linearly to zero after the last epoch", () => {
  const rate = linearDecay({ rate: 2e-4, epochs: 200, from: 100 });
  assertEquals([0, 50, 99].map(rate), [2e-4, 2e-4, 2e-4]);
  for (let epoch = 100; epoch < 200; epoch++) assertAlmostEquals(rate(epoch), 2e-4 * (200 - epoch) / 101, 1e-12);
  assertEquals([200, 201].map(rate), [0, 0]);
});

Deno.test("linearDecay() is constant if the decay begins after the last epoch", () => {
  const rate = linearDecay({ rate: 1, epochs: 3, from: 3 });
  assertEquals([0, 1, 2].map(rate), [1, 1, 1]);
});

Deno.test("linearDecay() throws if the decay does not begin within the epochs", () => {
  assertThrows(
    () => linearDecay({ rate: 1, epochs: 5, from: 6 }),
    RangeError,
    "from 0 to 5, got 6",
  );
  assertThrows(() => linearDecay({ rate: 1, epochs: 5, from: 0.5 }), RangeError, "got 0.5");
  assertThrows(() => linearDecay({ rate: 1, epochs: 5, from: -1 }), RangeError, "got -1");
});
