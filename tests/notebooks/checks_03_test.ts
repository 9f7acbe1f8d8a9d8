import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkOneHot, checkPlanes, checkSizes, type OneHot, type Planes } from "../../notebooks/checks/03.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkSizes() accepts 7 and 104, and explains near misses", async () => {
  await says(checkSizes({ channels: 7, numbers: 104 }), /^Right: D gets 7 channels, G 104 numbers/);
  const misses: [number, number, RegExp][] = [
    [NaN, 104, /each NaN/],
    [3, 104, /are added/],
    [4, 104, /one for each class/],
    [12, 104, /not multiplied/],
    [9, 104, /not 9/],
    [7, 100, /told the label too/],
    [7, 101, /does not get 101/],
  ];
  for (const [channels, numbers, words] of misses) await says(checkSizes({ channels, numbers }), words);
});

Deno.test("checkOneHot() accepts vectors with a 1 each, and explains near misses", async () => {
  const compared: OneHot = (labels, classes) =>
    tf.cast(tf.equal(tf.reshape(labels, [-1, 1]), tf.range(0, classes, 1, "int32")), "float32") as tf.Tensor2D;
  const answers: [OneHot, RegExp][] = [
    [compared, /^Right: /],
    [(labels, classes) => tf.transpose(compared(labels, classes)), /is transposed/],
    [(labels, classes) => tf.cast(compared(labels, classes), "bool") as tf.Tensor2D, /not bool: tf\.cast/],
    [(labels, classes) => tf.sub(1, compared(labels, classes)), /label 2 of 5 classes is \[0,0,1,0,0\], yours is \[1,1,0,1,1\]/],
    [(labels) => compared(labels, 4), /the shape is \[4, 5\], yours is \[4,4\]/],
    [() => 1 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkOneHot(answer), words);
});

Deno.test("checkPlanes() accepts the vector at every pixel, and explains near misses", async () => {
  const laid = (pictures: tf.Tensor4D, vectors: tf.Tensor2D) => {
    const [batch, height, width] = pictures.shape;
    return tf.tile(tf.reshape(vectors, [batch, 1, 1, -1]), [1, height, width, 1]) as tf.Tensor4D;
  };
  const repeated: Planes = (pictures, vectors) => {
    const [batch, height, width] = pictures.shape;
    const flat = tf.tile(tf.reshape(vectors, [batch, -1, 1]), [1, 1, height * width]);
    return tf.concat([pictures, tf.reshape(flat, [batch, height, width, -1])], 3) as tf.Tensor4D;
  };
  const answers: [Planes, RegExp][] = [
    [(pictures, vectors) => tf.concat([pictures, laid(pictures, vectors)], 3), /^Right: /],
    [(pictures, vectors) => tf.concat([laid(pictures, vectors), pictures], 3), /come first, unchanged/],
    [repeated, /the shape is right, but pixel \(0, 0\) of image 0 contains \[0,0,0\] and should contain \[0,1,0\]/],
    [(pictures, vectors) => tf.concat([pictures, laid(pictures, tf.reverse(vectors, 0))], 3), /the label of the other one/],
    [(pictures) => pictures, /the shape should be \[2,3,4,5\], yours is \[2,3,4,2\]/],
    [() => 1 as never, /return images/],
  ];
  for (const [answer, words] of answers) await says(checkPlanes(answer), words);
});
