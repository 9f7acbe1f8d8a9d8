/** Hidden variants of the checks of the chapters from 08 on.
 * @module */
import type * as of08 from "../../checks/08.ts";
import type * as of09 from "../../checks/09.ts";
import type * as of10 from "../../checks/10.ts";
import type * as of11 from "../../checks/11.ts";
import type * as of12 from "../../checks/12.ts";
import type * as of13 from "../../checks/13.ts";
import type * as of14 from "../../checks/14.ts";
import { bicycleGan, type data, tf } from "../../../mod.ts";
import { nearOne, numbers, tensor, type Variant, variant } from "./variant.ts";

/** Of some images in a row, each gets a condition; some are equal. */
function conditions(random: data.Random): number[][] {
  const count = 4 + random.integer(4);
  return Array.from({ length: count }, (_, i) => [0, 1, 2].map((place) => Number(place === (i < 2 ? i : random.integer(3)))));
}

/** File names of some houses, with one to three views each. */
function houseFiles(random: data.Random): string[] {
  const houses = Array.from({ length: 10 }, (_, i) => `villa${i + 1 + random.integer(90) * 10}`);
  return houses.flatMap((house) => ["front", "side", "back"].slice(random.integer(3)).map((view) => `${house}_${view}.png`));
}

/** The variants, by chapter and name of the check. */
export const LATER_VARIANTS: Readonly<Record<string, Readonly<Record<string, Variant>>>> = {
  "08": {
    checkAgreement: variant<of08.ToldApart>((yours, random) =>
      [4, 7].map((count) => yours(Array.from({ length: count }, () => numbers(random, 2) as [number, number])))
    ),
    checkIou: variant<of08.MeanIou>((yours, random) => {
      const confusion = Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => 1 + random.integer(9)));
      const without = confusion.map((row, i) => row.map((count, k) => i === 2 || k === 2 ? 0 : count));
      return [yours(confusion), yours(without)];
    }),
  },
  "09": {
    checkLuma: variant<of09.Brightness>((yours, random) => yours(tensor(random, [1, 3, 2, 3]) as tf.Tensor4D)),
    checkKeep: variant<of09.Keep>((yours, random) =>
      yours(tensor(random, [2, 3, 2, 3]) as tf.Tensor4D, tensor(random, [2, 3, 2, 1]) as tf.Tensor4D)
    ),
  },
  "10": {
    checkCycle: variant<of10.CycleLoss>((yours, random) => {
      const [a, b, c, d] = numbers(random, 4, 0.5, 3) as [number, number, number, number];
      const [G, F]: of10.Translate[] = [(images) => tf.add(tf.mul(images, a), b), (images) => tf.sub(c, tf.mul(images, d))];
      return yours(G!, F!, tensor(random, [1, 2, 3, 3]) as tf.Tensor4D, tensor(random, [1, 4, 4, 3]) as tf.Tensor4D);
    }),
    checkPool: variant<of10.Exchange>((yours, random) => {
      const pool: number[] = [];
      const given = Array.from({ length: 12 }, (_, i) => {
        const [dice, place] = [random.next(), random.integer(4)];
        return yours(pool, 4, 10 + i, () => dice, () => place);
      });
      return [given, pool];
    }),
  },
  "11": {
    checkSample: variant<of11.Sample>((yours, random) => {
      const [mean, log, epsilon] = [1, 2, 3].map(() => tensor(random, [3, 4]) as tf.Tensor2D);
      return yours(mean!, log!, epsilon!);
    }),
    checkShuffled: variant<of11.WrongFor, number[][]>(
      (yours, random) => yours(conditions(random)),
      (given, random) => {
        const own = conditions(random).map(String);
        return own.map((condition, i) => String(given[i]) !== condition && own.includes(String(given[i])));
      },
    ),
  },
  "12": {
    checkBest: variant<of12.Best>((yours, random) => {
      const images = Array.from({ length: 4 }, () => tensor(random, [1, 2, 3, 1]) as tf.Tensor4D);
      return yours(images, tensor(random, [1, 2, 3, 1]) as tf.Tensor4D);
    }),
    checkManner: variant<of12.Manner>(async (yours, random) => {
      const settings = { size: 32, filters: 2, inputChannels: 1, latent: 2, norm: "batch", seed: random.integer(1000) } as const;
      const model = bicycleGan(settings);
      const { generator } = model.networks;
      generator.setWeights(generator.getWeights().map((weight) => tf.mul(weight, 10))); // or all codes would look alike
      const [like, inputs] = [tensor(random, [1, 32, 32, 3]), tensor(random, [2, 32, 32, 1])] as [tf.Tensor4D, tf.Tensor4D];
      return tf.avgPool(await yours(model, like, inputs), 8, 8, "valid");
    }),
  },
  "13": {
    checkSmooth: variant<of13.Smooth>((yours, random) => {
      const values = numbers(random, 9, 0, 10);
      return [2, 4, 20].map((count) => yours([...values], count));
    }),
    checkSplit: variant<of13.Split, string[][]>(
      (yours, random) => {
        const files = houseFiles(random);
        return [yours([...files], 0.4), yours(files.toReversed(), 0.4)];
      },
      (given, random) => {
        const files = houseFiles(random);
        const houseOf = (file: string) => file.split("_")[0];
        return given.map((chosen) => {
          const houses = new Set(chosen.map(houseOf));
          const whole = files.filter((file) => houses.has(houseOf(file)));
          return [
            houses.size,
            `${[...chosen].sort()}` === `${whole.sort()}`,
            `${[...chosen].sort()}` === `${[...given[0]!].sort()}`,
          ];
        });
      },
    ),
  },
  "14": {
    checkThreshold: variant<of14.Threshold, number[]>(
      (yours, random) => [0.1, 0.3, 0.55].map((share) => yours(numbers(random, 20, 0, 1), share)),
      (given, random) => given.map((threshold) => numbers(random, 20, 0, 1).filter((score) => score > threshold).length),
    ),
    checkWorth: variant<of14.Worth>((yours, random) =>
      [1, 2, 3].map(() => yours(random.between(0.5, 1), random.between(0.01, 0.3), nearOne(random) / 20))
    ),
  },
};
