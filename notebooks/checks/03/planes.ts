/** Exercise 6: label vectors as constant planes, appended to the channels of images.
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Planes = (pictures: tf.Tensor4D, vectors: tf.Tensor2D) => tf.Tensor4D;

/** Checks every pixel. */
export function checkPlanes(yours: Planes): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

function verdictOn(yours: Planes): Verdict {
  const [batch, height, width, channels, classes] = [2, 3, 4, 2, 3];
  const pictures = tf.randomUniform<tf.Rank.R4>([batch, height, width, channels], -1, 1, "float32", 1);
  const vectors = tf.tensor2d([[0, 1, 0], [0, 0, 1]]);
  const got = yours(pictures, vectors);
  if (!(got instanceof tf.Tensor) || got.rank !== 4) return notYet("return images: [batch, height, width, channels]");
  const wanted = [batch, height, width, channels + classes];
  if (`${got.shape}` !== `${wanted}`) return notYet(`the shape should be [${wanted}], yours is [${got.shape}]`);
  const [values, given, labels] = [got.arraySync(), pictures.arraySync(), vectors.arraySync()];
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = values[b]![y]![x]!;
        const [own, planes] = [pixel.slice(0, channels), pixel.slice(channels)];
        if (`${planes}` === `${labels[b]}` && `${own}` === `${given[b]![y]![x]}`) continue;
        if (`${own}` !== `${given[b]![y]![x]}`) return notYet("the channels of the image come first, unchanged");
        if (`${planes}` === `${labels[1 - b]}`) return notYet(`image ${b} has the label of the other one`);
        return notYet(
          `the shape is right, but pixel (${y}, ${x}) of image ${b} contains [${planes}] and should contain [${
            labels[b]
          }]: every pixel has the ` +
            "whole vector. See section 3.3",
        );
      }
    }
  }
  return right("every pixel contains the channels of the image and the whole vector");
}
