/** Exercise 5: the style of one image, transferred to other inputs.
 * @module */
import { type BicycleGan, bicycleGan, tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Manner = (model: BicycleGan, like: tf.Tensor4D, inputs: tf.Tensor4D) => Promise<tf.Tensor4D>;

const SIZE = 32;
/** Factor for the initial weights. Without it, the generator would output nearly the same image for all codes. */
const LOUDER = 10;

/** Checks the answer with a small untrained model. */
export function checkManner(yours: Manner): Promise<Verdict> {
  return judged(async () => {
    const model = bicycleGan({ size: SIZE, filters: 2, inputChannels: 1, latent: 2, norm: "batch", seed: 3 });
    const { generator } = model.networks;
    generator.setWeights(generator.getWeights().map((weight) => tf.mul(weight, LOUDER)));
    try {
      return await checked(model, yours);
    } finally {
      model.dispose();
    }
  });
}

async function checked(model: BicycleGan, yours: Manner): Promise<Verdict> {
  const random = (shape: [number, number, number, number], seed: number) =>
    tf.randomUniform<tf.Rank.R4>(shape, -1, 1, "float32", seed);
  const [like, inputs] = [random([1, SIZE, SIZE, 3], 1), random([3, SIZE, SIZE, 1], 2)];
  const got = await yours(model, like, inputs);
  if (!(got instanceof tf.Tensor)) return notYet("return the images, as a tensor");
  if (`${got.shape}` !== `${[3, SIZE, SIZE, 3]}`) {
    return notYet(`three inputs give three images, [3, ${SIZE}, ${SIZE}, 3]; yours have shape [${got.shape}]`);
  }
  const same = (other: tf.Tensor) => tf.max(tf.abs(tf.sub(got, other))).dataSync()[0]! < 1e-4;
  const code = model.encode(like);
  if (same(await model.translate(inputs, { codes: tf.tile(code, [3, 1]) }))) {
    return right("three images with the code of `like`");
  }
  if (same(await model.translate(inputs))) return notYet("these images have random codes; use the code of `like`");
  if (same(await model.translate(inputs, { codes: tf.zeros([3, 2]) }))) {
    return notYet("these images have the code 0; use the code of `like`");
  }
  return notYet("the shape is right, but the images do not have the code of `like`");
}
