/** Exercise 5: an interpolation in latent space along which the length of z changes linearly.
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type EvenWalk = (from: tf.Tensor1D, to: tf.Tensor1D, points: number) => tf.Tensor2D;

const POINTS = 5;

/** Checks the end points, and the length and direction of each vector. */
export function checkWalk(yours: EvenWalk): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

function verdictOn(yours: EvenWalk): Verdict {
  const [from, to] = [tf.tensor1d([3, 0, 0]), tf.tensor1d([0, 0, -1])];
  const walk = yours(from, to, POINTS);
  if (!(walk instanceof tf.Tensor)) return notYet("return a tensor, from a function that is not async");
  if (`${walk.shape}` !== `${[POINTS, 3]}`) {
    return notYet(`${POINTS} points of 3 numbers have the shape [${POINTS},3], yours is [${walk.shape}]`);
  }
  const got = walk.arraySync();
  const near = (a: number, b: number) => Math.abs(a - b) < 1e-5;
  for (let i = 0; i < POINTS; i++) {
    const tau = i / (POINTS - 1);
    const line = [3 * (1 - tau), 0, -tau];
    const [length, wanted] = [Math.hypot(...got[i]!), 3 * (1 - tau) + tau];
    const stretched = line.map((value) => value * wanted / Math.hypot(...line));
    if (got[i]!.every((value, k) => near(value, stretched[k]!))) continue;
    if (i === 0 && got[0]!.every((value, k) => near(value, to.arraySync()[k]!))) return notYet("the walk begins at the end");
    if (got[i]!.every((value, k) => near(value, line[k]!))) {
      return notYet(
        `point ${i} is on the line (2.4), but its length is ${length.toFixed(3)}, not ${wanted.toFixed(3)}: scale it`,
      );
    }
    if (near(length, wanted)) return notYet(`point ${i} has the right length, but not the direction of the line (2.4)`);
    return notYet(`the length of point ${i} should be ${wanted.toFixed(3)}, yours is ${length.toFixed(3)}`);
  }
  return right("the walk has the directions of the line, and its length changes evenly");
}
