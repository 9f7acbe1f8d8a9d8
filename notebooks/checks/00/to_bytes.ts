/** Exercise 4: conversion from [-1, 1] to bytes.
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type ToBytes = (x: tf.Tensor) => tf.Tensor;

/** Values, and the bytes to which they are mapped. */
const PAIRS: [x: number, byte: number][] = [[-1, 0], [1, 255], [-0.6, 51], [0.2, 153], [0.203, 153], [-1.4, 0], [3, 255], [
  0.6,
  204,
]];

/** Checks the shape and the values of the result. */
export function checkToBytes(yours: ToBytes): Promise<Verdict> {
  return judged(() => {
    const got = yours(tf.tensor2d(PAIRS.map(([x]) => x), [2, 4]));
    if (!(got instanceof tf.Tensor)) return notYet("return a tensor");
    if (`${got.shape}` !== `${[2, 4]}`) return notYet(`the shape should stay [2,4], yours is [${got.shape}]`);
    const values = got.dataSync();
    const wrong = PAIRS.findIndex(([, byte], i) => Math.abs(values[i]! - byte) > 1e-4);
    if (wrong < 0) return right("each number is converted to its byte");
    const [x, byte] = PAIRS[wrong]!;
    const value = Number(values[wrong]!.toFixed(3));
    if (x < -1 || x > 1) return notYet(`${x} is outside of [-1, 1], and becomes ${byte}, not ${value}: clip it`);
    if (Math.abs(value - byte) < 1) return notYet(`a byte is a whole number: ${x} becomes ${byte}, not ${value}`);
    return notYet(`${x} becomes ${byte}, yours is ${value}`);
  });
}
