import { assert, assertEquals } from "@std/assert";
import { Pace } from "../../lib/plot/pace.ts";

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

Deno.test("wish() draws at once, then not before the pause is over, and then the newest", async () => {
  let newest = 0;
  const drawn: number[] = [];
  const pace = new Pace(() => Promise.resolve(void drawn.push(newest)), { least: 100, share: 1 });
  for (newest = 1; newest <= 5; newest++) await pace.wish();
  newest = 5;
  assertEquals(drawn, [1]);
  await sleep(200);
  assertEquals(drawn, [1, 5]);
  await sleep(150);
  assertEquals(drawn, [1, 5]); // nothing new: nothing drawn
});

Deno.test("wish() pauses in proportion to what a drawing takes, the first one apart", async () => {
  const ends: number[] = [];
  const pace = new Pace(async () => {
    await sleep(20);
    ends.push(performance.now());
  }, { least: 0, share: 0.05 });
  while (ends.length < 3) {
    void pace.wish();
    await sleep(5);
  }
  // The first one counts as nothing, so the second follows at once; then 20 ms are a twentieth of 400.
  assert(ends[2]! - ends[1]! > 20 / 0.05, `the third drawing came ${ends[2]! - ends[1]!} ms after the second`);
  pace.forget();
});

Deno.test("now() draws after what is being drawn, never at the same time", async () => {
  let at = 0;
  let most = 0;
  const pace = new Pace(async () => {
    most = Math.max(most, ++at);
    await sleep(10);
    at--;
  }, { least: 10, share: 1 });
  await Promise.all([pace.wish(), pace.now(), pace.wish(), pace.now()]);
  assertEquals(most, 1);
  pace.forget();
});

Deno.test("forget() takes back what was to be drawn later", async () => {
  let drawings = 0;
  const pace = new Pace(() => Promise.resolve(void drawings++), { least: 50, share: 1 });
  await pace.wish();
  await pace.wish();
  pace.forget();
  await sleep(100);
  assertEquals(drawings, 1);
});
