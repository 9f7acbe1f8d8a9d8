/** Exercise 5: a sample from the normal distribution around a caption's embedding, Eq. (11.1).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Cloud = (mean: tf.Tensor2D, logDeviation: tf.Tensor2D, epsilon: tf.Tensor2D) => tf.Tensor2D;

/** Compares the answer with the expected values. */
export function checkCloud(yours: Cloud): Promise<Verdict> {
  return judged(() => {
    const [mean, log, epsilon] = [[[1, -2], [0, 3]], [[0, -1], [0.5, 1]], [[2, 0.5], [-1, -0.25]]].map((rows) =>
      tf.tensor2d(rows)
    ) as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const got = yours(mean, log, epsilon);
    if (!(got instanceof tf.Tensor)) return notYet("give back a tensor, from a function without async");
    if (`${got.shape}` !== `${mean.shape}`) {
      return notYet(`the shape is that of the mean, [${mean.shape}], yours is [${got.shape}]`);
    }
    const farthest = (wanted: tf.Tensor) => tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]!;
    const drawn = (deviation: tf.Tensor) => tf.add(mean, tf.mul(deviation, epsilon));
    if (farthest(drawn(tf.exp(log))) < 1e-5) return right("mean and deviation of each number");
    if (farthest(drawn(log)) < 1e-5) {
      return notYet("the network gives the logarithm of the deviation: tf.exp makes it the deviation");
    }
    if (farthest(drawn(tf.exp(tf.div(log, 2)))) < 1e-5) {
      return notYet("that would be right for the logarithm of the variance; here it is that of the deviation");
    }
    if (farthest(tf.add(mean, tf.exp(log))) < 1e-5) return notYet("ε is missing: the draws would all be the same");
    return notYet("the shape is right, the values are not those of (11.1)");
  });
}
