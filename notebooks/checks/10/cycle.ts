/** Exercise 5: the cycle loss, Eq. (10.4).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** A generator. */
export type Translate = (images: tf.Tensor4D) => tf.Tensor4D;
/** Signature of the function that the exercise asks for. */
export type CycleLoss = (G: Translate, F: Translate, x: tf.Tensor4D, y: tf.Tensor4D) => tf.Scalar;

/** Checks the answer on two generators that are not inverse to each other. */
export function checkCycle(yours: CycleLoss): Promise<Verdict> {
  return judged(() => {
    const [x, y] = [tf.fill([1, 2, 2, 3], 0.5), tf.fill([1, 4, 4, 3], -0.25)] as [tf.Tensor4D, tf.Tensor4D];
    const G: Translate = (images) => tf.add(tf.mul(images, 2), 1); // F(G(x)) = −2 x, G(F(y)) = 3 − 2 y
    const F: Translate = (images) => tf.sub(1, images);
    const loss = yours(G, F, x, y);
    if (!(loss instanceof tf.Tensor)) return notYet("return a tensor, from a function without async");
    if (loss.size !== 1) return notYet(`return a scalar: means over all pixels; yours has shape [${loss.shape}]`);
    const [ofX, ofY] = [Math.abs(-2 * 0.5 - 0.5), Math.abs(3 + 2 * 0.25 + 0.25)];
    const got = loss.dataSync()[0]!;
    const near = (wanted: number) => Math.abs(got - wanted) < 1e-4;
    if (near(ofX + ofY)) return right("both ways, with images of different sizes");
    const said = `the loss should be ${(ofX + ofY).toFixed(3)}, yours is ${got.toFixed(3)}`;
    if (near(ofX)) return notYet(`${said}; the way from y to X and back is missing`);
    if (near(ofY)) return notYet(`${said}; the way from x to Y and back is missing`);
    if (near((ofX + ofY) / 2)) return notYet(`${said}; the two terms are added, not averaged`);
    if (near(Math.abs(3 - 2 * 0.5 - 0.5) + Math.abs(2 * 0.25 + 0.25))) {
      return notYet(`${said}; on the way from x, apply G first`);
    }
    if (near(12 * ofX + 48 * ofY)) return notYet(`${said}; take means over the pixels, not sums`);
    return notYet(`${said}; it is (10.4)`);
  });
}
