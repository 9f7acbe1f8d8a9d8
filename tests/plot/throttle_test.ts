import { assert, assertEquals } from "@std/assert";
import { Throttle } from "../../lib/plot/throttle.ts";

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
