/** Exercise 2: the generators' loss in a step of CycleGAN, and the number of images that they generate.
 * @module */
import { CYCLEGAN } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const LOSSES = { adversarial: 0.3 + 0.4, cycle: 0.2, identity: 0.1 };
/** In each of the two directions: the translation, the reconstruction, and the identity mapping. */
const IMAGES = 3 * 2;

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkStep({ loss, images }: { loss: number; images: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(loss) || Number.isNaN(images)) return notYet("put a number in the place of each NaN");
    const { lambda, identity } = CYCLEGAN;
    const { adversarial, cycle, identity: own } = LOSSES;
    const of = (identity: number) => adversarial + lambda * cycle + lambda * identity * own;
    const near = (wanted: number) => Math.abs(loss - wanted) < 1e-6;
    if (near(of(1))) return notYet("the identity loss has the weight λ / 2");
    if (near(of(0))) return notYet("the identity loss is missing; it has the weight λ / 2");
    if (near(adversarial + cycle + own)) return notYet("this is the sum of the losses without their weights");
    if (!near(of(identity))) return notYet(`(10.6) is not ${loss}: add 0.3 + 0.4, λ times 0.2, and λ / 2 times 0.1`);
    if (images === 2) {
      return notYet("the loss is right; each of the two images is also translated back, and (10.5) needs two more");
    }
    if (images === 4) return notYet("the loss is right; (10.5) needs two more images, F(x) and G(y)");
    if (images !== IMAGES) {
      return notYet(`the loss is right; there are not ${images} images: count G(x), F(y), and what follows from them`);
    }
    return right(`${of(identity).toFixed(1)}, and ${IMAGES} images`);
  });
}
