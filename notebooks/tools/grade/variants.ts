/** Hidden variants of the checks: what an answer gives for other numbers than those of its check.
 *
 * `ask` runs in the sandbox of the answer, and what it returns is compared outside, with what the answer of the solutions returns
 * for the same numbers. So it does not help to know the numbers of the check, nor to change what the check computes with.
 * @module */
import type * as of00 from "../../checks/00.ts";
import type * as of01 from "../../checks/01.ts";
import type * as of02 from "../../checks/02.ts";
import type * as of03 from "../../checks/03.ts";
import type * as of04 from "../../checks/04.ts";
import type * as of05 from "../../checks/05.ts";
import type * as of06 from "../../checks/06.ts";
import type * as of07 from "../../checks/07.ts";
import { data, tf } from "../../../mod.ts";
import { LATER_VARIANTS } from "./later_variants.ts";
import { grad, nearOne, numbers, some, tensor, trainedParts, type Variant, variant } from "./variant.ts";

/** The variants for exercises that ask for a function, by chapter and name of the check. */
export const VARIANTS: Readonly<Record<string, Readonly<Record<string, Variant>>>> = {
  "00": {
    checkToBytes: variant<of00.ToBytes>((yours, random) => yours(tensor(random, [3, 4], -1.5, 1.5))),
    checkSlope: variant<of00.Slope>((yours, random) => {
      const [a, b, w] = numbers(random, 3, 0.5, 2) as [number, number, number];
      return [yours((x) => a * x * x + b * x, w), yours((x) => Math.cos(a * x), w), yours((x) => b * x ** 3, -w)];
    }),
  },
  "01": {
    checkOptimalDiscriminator: variant<of01.OptimalDiscriminator>((yours, random) => {
      const mixture = () => data.gaussianMixture("hidden", [{ mean: [nearOne(random)], deviation: nearOne(random) }]);
      const expert = yours(mixture().density, mixture().density);
      return [...numbers(random, 5, -1, 3).map((x) => expert([x])), yours(() => 0, () => 0)([0])];
    }),
    checkGeneratorLoss: variant<of01.GeneratorLoss>((yours, random) =>
      [3, 5].map((count) => yours(tensor(random, [count, 1], -4, 4) as tf.Tensor2D))
    ),
  },
  "02": {
    checkWalk: variant<of02.EvenWalk>((yours, random) =>
      yours(tensor(random, [4], 0, 2) as tf.Tensor1D, tensor(random, [4], -0.5, 1) as tf.Tensor1D, 3 + random.integer(4))
    ),
    checkTransposed: variant<of02.Transposed>((yours, random) =>
      [[4, 2], [6, 2], [5, 3]].map(([width, stride]) => yours(numbers(random, 4), numbers(random, width!), stride!))
    ),
  },
  "03": {
    checkOneHot: variant<of03.OneHot>((yours, random) => {
      const classes = 4 + random.integer(5);
      return yours(some(random, 6, classes), classes);
    }),
    checkPlanes: variant<of03.Planes>((yours, random) =>
      yours(tensor(random, [3, 2, 5, 1]) as tf.Tensor4D, tensor(random, [3, 4]) as tf.Tensor2D)
    ),
  },
  "04": {
    checkHinge: variant<of04.HingeLoss>((yours, random) =>
      yours(tensor(random, [5, 1], -3, 3) as tf.Tensor2D, tensor(random, [3, 1], -3, 3) as tf.Tensor2D)
    ),
    checkDiagnosis: variant<of04.Diagnose>((yours, random) => {
      const spread = random.between(1, 4);
      const cross = (x: number, radius: number) => [[x - radius, 0], [x + radius, 0], [x, -radius], [x, radius]];
      const runs = [[[0, 1], [0.1, 1], [0, 0.9]], [[0, 1], [0, 0.4], [0.3, 0.05]], [[0.8, 1], [-0.8, 1], [0.8, 1]]];
      const shuffled = runs.map((run) => ({ run, key: random.next() })).sort((a, b) => a.key - b.key);
      return shuffled.map(({ run }) => yours(run.map(([x, radius]) => cross(x! * spread, radius! * spread)), spread));
    }),
  },
  "05": {
    checkSharpest: variant<of05.Sharpest>((yours, random) => {
      const sharp = random.integer(4);
      const contrast = tf.tensor4d([0, 1, 2, 3].map((image) => image === sharp ? 1 : 0.25), [4, 1, 1, 1]);
      return yours(tf.mul(tensor(random, [4, 6, 7, 3]), contrast));
    }),
    checkObjective: variant<of05.Value>((yours, random) => {
      const probabilities = () => tensor(random, [1, 3, 2, 1], 0.1, 0.9) as tf.Tensor4D;
      const picture = () => tensor(random, [1, 4, 3, 3]) as tf.Tensor4D;
      return yours(probabilities(), probabilities(), picture(), picture(), random.between(5, 50));
    }),
  },
  "06": {
    checkField: variant<of06.Field>((yours, random) => {
      const layers = Array.from({ length: 4 }, () => ({ kernel: 2 + random.integer(4), stride: 1 + random.integer(3) }));
      return [yours(layers), yours(layers.toReversed()), yours([])];
    }),
    checkWorst: variant<of06.Worst>((yours, random) =>
      [1, 2, 3].map((layers) => {
        const { top, left, side } = yours(tensor(random, [1, 4, 6, 1]) as tf.Tensor4D, layers);
        return [top, left, side];
      })
    ),
  },
  "07": {
    checkObjective: variant<of07.Objective>((yours, random) => {
      const [fake, target] = [tensor(random, [1, 4, 4, 3]), tensor(random, [1, 4, 4, 3])] as [tf.Tensor4D, tf.Tensor4D];
      const [logits, lambda] = [tensor(random, [1, 2, 3, 1], -3, 3) as tf.Tensor4D, random.between(5, 50)];
      return [yours(logits, fake, target, lambda), grad((image) => yours(logits, image, target, lambda), fake)];
    }),
    checkFrozenStep: variant<of07.FrozenStep>((yours, random) => trainedParts(random, yours)),
  },
  ...LATER_VARIANTS,
};
