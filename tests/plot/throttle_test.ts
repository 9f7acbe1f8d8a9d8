import { assert, assertEquals } from "@std/assert";
import { Throttle } from "../../lib/plot/throttle.ts";

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

Deno.test("request() draws at once, then not before the pause is over, and then the newest", async () => {
  let newest = 0;
  const drawn: number[] = [];
  const pace = new Throttle(() => Promise.resolve(void drawn.push(newest)), { interval: 100, fraction: 1 });
  for (newest = 1; newest <= 5; newest++) await pace.request();
  newest = 5;
  assertEquals(drawn, [1]);
  await sleep(200);
  assertEquals(drawn, [1, 5]);
  await sleep(150);
  assertEquals(drawn, [1, 5]); // nothing new: nothing drawn
});

Deno.test("request() pauses in proportion to what a drawing takes, the first one apart", async () => {
  const ends: number[] = [];
  const pace = new Throttle(async () => {
    await sleep(20);
    ends.push(performance.now());
  }, { interval: 0, fraction: 0.05 });
  while (ends.length < 3) {
    void pace.request();
    await sleep(5);
  }
  // The first one counts as nothing, so the second follows at once; then 20 ms are a twentieth of 400.
  assert(ends[2]! - ends[1]! > 20 / 0.05, `the third drawing came ${ends[2]! - ends[1]!} ms after the second`);
  pace.cancel();
});

Deno.test("now() draws after what is being drawn, never at the same time", async () => {
  let at = 0;
  let most = 0;
  const pace = new Throttle(async () => {
    most = Math.max(most, ++at);
    await sleep(10);
    at--;
  }, { interval: 10, fraction: 1 });
  await Promise.all([pace.request(), pace.now(), pace.request(), pace.now()]);
  assertEquals(most, 1);
  pace.cancel();
});

Deno.test("cancel() takes back what was to be drawn later", async () => {
  let drawings = 0;
  const pace = new Throttle(() => Promise.resolve(void drawings++), { interval: 50, fraction: 1 });
  await pace.request();
  await pace.request();
  pace.cancel();
  await sleep(100);
  assertEquals(drawings, 1);
});
