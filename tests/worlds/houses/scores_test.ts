import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { colourNames, drawHouse } from "../../../data/worlds/houses/mod.ts";
import { toTensor } from "../../../lib/data/image_bytes.ts";
import { captionScores } from "../../../data/worlds/houses/scores.ts";
import { testOnBackends } from "../../_backends.ts";

/** Returns a generator that draws what its conditions describe, or, if not honest, always two windows. */
const draws = (honest: boolean) => async (conditions: tf.Tensor2D, seed: number) =>
  toTensor(
    await Promise.all((await conditions.array()).map((row, i) => {
      const windows = honest ? row.slice(colourNames.length).indexOf(1) + 1 : 2;
      return drawHouse({ colour: colourNames[row.indexOf(1)]!, windows }, seed * 1000 + i, 64);
    })),
  );

testOnBackends("captionScores() is 1 for real houses, and 1/4 for the windows of houses that always have two", async () => {
  const before = tf.memory().numTensors;
  assertEquals(await captionScores(draws(true), { each: 2 }), { colour: 1, windows: 1, both: 1, count: 48 });
  assertEquals(await captionScores(draws(false), { each: 1 }), { colour: 1, windows: 0.25, both: 0.25, count: 24 });
  await assertRejects(() => captionScores(() => Promise.resolve(tf.zeros([1, 8, 8, 5])), { each: 1 }), Error);
  assertEquals(tf.memory().numTensors, before);
}, ["cpu"]);
