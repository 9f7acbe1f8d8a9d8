/** Exercise 5: a sample from the normal distribution around a caption's embedding, Eq. (11.1).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Sample = (mean: tf.Tensor2D, logDeviation: tf.Tensor2D, epsilon: tf.Tensor2D) => tf.Tensor2D;

/** Compares the answer with the expected values. */
export function checkSample(yours: Sample): Promise<Verdict> {
  return judged(() => {
    const [mean, log, epsilon] = [[[1, -2], [0, 3]], [[0, -1], [0.5, 1]], [[2, 0.5], [-1, -0.25]]].map((rows) =>
      tf.tensor2d(rows)
    ) as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const got = yours(mean, log, epsilon);
    if (!(got instanceof tf.Tensor)) return notYet("return a tensor, from a function without async");
    if (`${got.shape}` !== `${mean.shape}`) {
      return notYet(`the result has the shape of the mean, [${mean.shape}]; yours has [${got.shape}]`);
    }
    const farthest = (wanted: tf.Tensor) => tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]!;
    const drawn = (deviation: tf.Tensor) => tf.add(mean, tf.mul(deviation, epsilon));
    if (farthest(drawn(tf.exp(log))) < 1e-5) return right("mean and standard deviation of each element");
    if (farthest(drawn(log)) < 1e-5) {
      return notYet("the network outputs the logarithm of the standard deviation: apply tf.exp to it");
    }
    if (farthest(drawn(tf.exp(tf.div(log, 2)))) < 1e-5) {
      return notYet("this would be right for the logarithm of the variance; here it is that of the standard deviation");
    }
    if (farthest(tf.add(mean, tf.exp(log))) < 1e-5) return notYet("ε is missing, so all samples would be the same");
    return notYet("the shape is right, but the values are not those of (11.1)");
  });
}
