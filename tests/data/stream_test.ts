import * as tf from "../../lib/tf.ts";
import { assert, assertEquals, assertLess, assertLessOrEqual, assertRejects } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Image } from "../../lib/data/image_bytes.ts";
import { prefetch } from "../../lib/data/prefetch.ts";
import { firstBatch, type PairSource, streamLabelled, streamPairs, streamUnpaired } from "../../lib/data/stream.ts";

await tf.setBackend("cpu");

/** Returns an image whose pixels encode its index. */
function numbered(index: number, size: number): Image {
  const data = new Uint8Array(size * size * 3).map((_, i) => (index >> (8 * (i % 3))) & 255);
  return { data, height: size, width: size, channels: 3 };
}

/** Returns the bytes in use after garbage collection. */
function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

const source = (count: number, read: number[] = []): PairSource => ({
  ...{ name: "numbers", count, height: 8, width: 8, inputChannels: 3, targetChannels: 3 },
  read(index) {
    read.push(index);
    return Promise.resolve({ input: numbered(index, 8), target: numbered(index, 8), name: `${index}` });
  },
});

Deno.test("streamPairs() yields 100,000 pairs in constant memory, each exactly once", async () => {
  const seen = new Uint8Array(100_000);
  const [before, used]: [number, number[]] = [tf.memory().numTensors, []];
  let batches = 0;
  for await (const { input, target, names } of streamPairs(source(100_000)).batches({ batch: 50, seed: 1 })) {
    const [red, green, blue] = input.dataSync().subarray(0, 3).map((value) =>
      Math.round((value + 1) * 127.5)
    ) as unknown as number[];
    assertEquals(`${red! | green! << 8 | blue! << 16}`, names[0]);
    for (const name of names) seen[Number(name)]!++;
    tf.dispose([input, target]);
    if (++batches % 200 === 0) used.push(memoryInUse());
  }
  assert(seen.every((times) => times === 1));
  assertEquals(tf.memory().numTensors, before);
  assertLess(used.at(-1)! - used[1]!, 8e6, `bytes in use during the epoch: ${used}`); // all images together have 38 MB
});

Deno.test("streamPairs() with skip reads only the rest of 100,000 pairs", async () => {
  const read: number[] = [];
  const names = [];
  for await (const batch of streamPairs(source(100_000, read)).batches({ batch: 10, seed: 1, skip: 9_998 })) {
    names.push(...batch.names);
    tf.dispose([batch.input, batch.target]);
  }
  assertEquals(read.map(String), names);
  assertEquals(names.length, 20);
  const last = [];
  for await (const batch of streamPairs(source(100_000)).batches({ batch: 20, seed: 1, skip: 4_999 })) {
    last.push(...batch.names);
    tf.dispose([batch.input, batch.target]);
  }
  assertEquals(last, names, "the order does not depend on the batch");
});

Deno.test("streamPairs() with share reads every n-th pair of each batch, in the same order; a short last batch repeats pairs", async () => {
  const namesOf = async (options: object, read: number[] = []) => {
    const batches: string[][] = [];
    for await (const { input, target, names } of streamPairs(source(13, read)).batches({ batch: 6, seed: 1, ...options })) {
      batches.push(names);
      tf.dispose([input, target]);
    }
    assertEquals(read.map(String), batches.flat());
    return batches;
  };
  for (const skip of [0, 1]) {
    const whole = await namesOf({ skip });
    for (const index of [0, 1, 2]) { // the last batch has one pair
      const own = whole.map((names) => names.filter((_, i) => i % 3 === index));
      assertEquals(await namesOf({ skip, share: { index, of: 3 } }), [...own.slice(0, -1), whole.at(-1)]);
    }
  }
});

Deno.test("streamPairs() reads only a few pairs ahead, and stops when the consumer stops", async () => {
  const read: number[] = [];
  for await (const { input, target } of streamPairs(source(1000, read)).batches({ batch: 2 })) {
    tf.dispose([input, target]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    break;
  }
  assert(read.length >= 8 && read.length <= 12, `${read.length} read`);
});

Deno.test("streamUnpaired() and streamLabelled() throw an error in place of the failed image", async () => {
  const failing = (index: number) => {
    if (index === 2) throw new Error("Cannot read number 2");
    return { picture: numbered(index, 4), label: index, name: `${index}` };
  };
  const labelled = streamLabelled({ name: "numbers", count: 4, height: 4, width: 4, channels: 3, classes: 4, read: failing });
  const promised = (index: number) => new Promise<ReturnType<typeof failing>>((resolve) => resolve(failing(index)));
  const about = { name: "numbers", aCount: 4, bCount: 3, height: 4, width: 4, aChannels: 3, bChannels: 3 };
  const unpaired = streamUnpaired({
    ...about,
    readA: promised,
    readB: (index) => promised(index % 2),
  });
  const before = tf.memory().numTensors;
  for (const batches of [labelled.batches({ shuffle: false }), unpaired.batches({ shuffle: false })]) {
    const seen: string[] = [];
    try {
      for await (const batch of batches) {
        seen.push(...batch.names);
        tf.dispose(batch as unknown as tf.TensorContainer);
      }
      throw new Error("no error thrown");
    } catch (error) {
      assertEquals([(error as Error).message, seen.length], ["Cannot read number 2", 2]);
    }
  }
  assertEquals(tf.memory().numTensors, before);
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Returns jobs of different durations, and counts of their states. */
function watched(count: number, fails?: number) {
  const seen = { started: 0, running: 0, most: 0, finished: 0 };
  const jobs = Array.from({ length: count }, (_, number) => async () => {
    seen.started++;
    seen.most = Math.max(seen.most, ++seen.running);
    await pause(number % 2 === 0 ? 8 : 1);
    seen.running--;
    seen.finished++;
    if (number === fails) throw new Error(`job ${number} failed`);
    return number;
  });
  return { jobs, seen };
}

Deno.test("prefetch() preserves the order and runs several jobs at once, up to the limit", async () => {
  const { jobs, seen } = watched(12);
  const results = [];
  for await (const result of prefetch(jobs, 4)) results.push(result);
  assertEquals(results, Array.from({ length: 12 }, (_, i) => i));
  assertEquals(seen.most, 4);
});

Deno.test("prefetch() continues while the consumer is busy, up to the limit", async () => {
  const { jobs, seen } = watched(20);
  const reader = prefetch(jobs, 5);
  assertEquals(seen.started, 0);
  await reader.next();
  await pause(40);
  assertEquals(seen.finished, 6); // one consumed, five waiting
  await reader.return();
});

Deno.test("prefetch() runs few jobs at the same time, however many it may start in advance", async () => {
  const { jobs, seen } = watched(60);
  for await (const _ of prefetch(jobs, 50));
  assertEquals([seen.most, seen.finished], [8, 60]);
});

Deno.test("prefetch() starts nothing after a break and leaves nothing running", async () => {
  const { jobs, seen } = watched(20);
  for await (const result of prefetch(jobs, 4)) if (result === 2) break;
  assertEquals(seen.running, 0);
  const started = seen.started;
  assertLessOrEqual(started, 7);
  await pause(20);
  assertEquals(seen.started, started);
});

Deno.test("prefetch() throws the error of a failed job in place of its result", async () => {
  const { jobs, seen } = watched(20, 3);
  const results: number[] = [];
  await assertRejects(
    async () => {
      for await (const result of prefetch(jobs, 6)) results.push(result);
    },
    Error,
    "job 3 failed",
  );
  assertEquals(results, [0, 1, 2]);
  assertEquals(seen.running, 0);
  assert(seen.started < 20);
});

Deno.test("prefetch() throws on an invalid limit", async () => {
  await assertRejects(() => prefetch([], 0).next(), RangeError, "got 0");
});

Deno.test("firstBatch() returns the first elements, in order and without augmentation", async () => {
  const pairs = streamPairs(source(5));
  const [one, three] = [await firstBatch(pairs), await firstBatch(pairs, 3)];
  assertEquals([one.names, three.names], [["0"], ["0", "1", "2"]]);
  assertEquals(three.input.dataSync().slice(0, 192), one.input.dataSync());
  await assertRejects(
    () => firstBatch(streamPairs(source(0))),
    RangeError,
    "Cannot read a batch of numbers: expected at least one element, got none; use another data set",
  );
  tf.dispose([one.input, one.target, three.input, three.target]);
});
