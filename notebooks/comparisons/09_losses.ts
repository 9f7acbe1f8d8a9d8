/** Compares L1 alone with L1 + cGAN in colouring greyscale images (chapter 9). Usage:
 *
 *     deno run -A notebooks/comparisons/09_losses.ts
 *
 * @module */
import { compare, data, losses, pix2pix, tf, toGrey, useBackend } from "../../mod.ts";
import { trained } from "./_trained.ts";

/** Height and width of the images. */
export const size = 64;

/** The towns of the chapter: the input is the greyscale copy of an aerial photo, and the target is the photo. */
export function towns(first: number, count: number): data.PairData {
  const read = async (index: number) => {
    const photo = await data.renderScene("town", first + index, "aerial", size);
    return { input: toGrey(photo), target: photo, name: `town ${first + index}` };
  };
  const format = { height: size, width: size, inputChannels: 1, targetChannels: 3 };
  return data.streamPairs({ name: "towns, grey to colour", count, ...format, read });
}

/** The colourfulness of (9.2). */
function colourfulness(images: tf.Tensor4D): tf.Tensor {
  return tf.mean(tf.sub(tf.max(images, 3), tf.min(images, 3)));
}

if (import.meta.main) {
  await useBackend();
  const [pairs, tests] = [towns(0, 120), towns(1_000_000, 20)];
  const unseen = await data.firstBatch(tests, 20);
  const epochs = 8;
  const result = await compare({
    what: "loss",
    variants: { "L1": false, "L1 + cGAN": true },
    seeds: [1, 2, 3],
    async run(adversarial, seed) {
      const model = pix2pix({ size, filters: 16, inputChannels: 1, adversarial, seed });
      await trained(model.train(pairs, { epochs, seed }), epochs);
      const images = await model.translate(unseen.input);
      const l1 = data.toNumber(losses.l1(images, unseen.target));
      const C = data.toNumber(tf.div(colourfulness(images), colourfulness(unseen.target)));
      console.log(seed, adversarial, l1, C);
      model.dispose();
      return { L1: l1, C };
    },
    better: { L1: "lower", C: "higher" },
  });
  await result.save(`${import.meta.dirname}/09_losses.json`, "deno run -A notebooks/comparisons/09_losses.ts");
  for (const metric of ["L1", "C"] as const) console.log(result.verdict(metric).sentence);
}
