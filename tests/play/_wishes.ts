/** What a page can ask of a model of each system, and the values that Forger computes for it.
 * @module */
import { embedCaptions } from "../../data/worlds/houses/mod.ts";
import { Dropout } from "../../lib/layers/dropout.ts";
import { RandomStream } from "../../lib/play/random.ts";
import type { BicycleGan } from "../../lib/systems/bicyclegan.ts";
import { noiseOf } from "../../lib/systems/gan_step.ts";
import { type GeneratingModel, type SomeModel, systemOf, type TranslatingModel } from "../../lib/systems/registry.ts";
import type { StackGan } from "../../lib/systems/stackgan.ts";
import { drawSketch, refineSketch } from "../../lib/systems/stackgan_step.ts";
import * as tf from "../../lib/tf.ts";

/** Values in the form in which they are sent to a page. */
export interface Plain {
  data: number[];
  shape: number[];
}

/** A request to a page, and Forger's answer. */
export interface Wish {
  what: string;
  method: string;
  args: unknown[];
  expected: Plain | Record<string, Plain>;
}

/** Seed whose dropout masks are compared besides those of a model that has just been loaded. */
const SEED = 7;
const CAPTIONS = ["a red house with two windows", "a blue house with one window"];

/** Reads a tensor and disposes of it. */
function plain(tensor: tf.Tensor): Plain {
  const values = { data: [...tensor.dataSync<"float32">()], shape: tensor.shape };
  tensor.dispose();
  return values;
}

const tensorOf = ({ data, shape }: Plain) => tf.tensor(data, shape, "float32");
const inputOf = (channels: number, size: number) => plain(tf.randomUniform([1, size, size, channels], -1, 1, "float32", 5));

/** Computes what a page is compared with.
 * @param drawn Whether the active backend draws the numbers of a page: only TensorFlow does. With another backend, the numbers
 * are drawn by the page's own generator, which random_test.ts compares with TensorFlow. */
export async function wishesOf(model: SomeModel, drawn: boolean): Promise<Wish[]> {
  const { uses } = systemOf(model.kind)!;
  if (uses.includes("variants")) return await variants(model, drawn);
  if (uses.includes("translate")) return await translations(model, drawn);
  if (uses.includes("captions")) return await houses(model as unknown as StackGan, drawn);
  if (uses.includes("generate")) return await samples(model, drawn);
  const images = inputOf(model.settings.channels, model.settings.size);
  const probabilities = tf.tidy(() => tf.softmax((model.networks["classifier"]!.apply(tensorOf(images)) as tf.Tensor[])[0]!));
  return [{ what: "classify", method: "classify", args: [images], expected: plain(probabilities) }];
}

/** Pix2pix and CycleGAN: both directions, both kinds of statistics, and dropout off and on. */
async function translations(model: SomeModel, drawn: boolean): Promise<Wish[]> {
  const { settings, networks } = model;
  const { translate } = model as TranslatingModel;
  const images = inputOf(settings.inputChannels ?? settings.xChannels, settings.size);
  const dropouts = Object.values(networks).flatMap(({ layers }) => layers).filter((layer) => layer instanceof Dropout);
  const wishes: Wish[] = [];
  // A model that has just been loaded draws the masks of seed 0.
  for (const seed of settings.dropout > 0 ? [0, undefined, SEED] : [undefined]) {
    for (const direction of systemOf(model.kind)!.uses.includes("back") ? ["xToY", "yToX"] : [undefined]) {
      for (const batchStatistics of [true, false]) {
        const options = { dropout: seed !== undefined, batchStatistics, ...direction && { direction } };
        for (const layer of dropouts) {
          if (!drawn) Object.assign(layer, { random: new RandomStream(layer.random.seed) });
          if (seed !== undefined) layer.random.position = seed;
        }
        const input = tensorOf(images);
        const expected = plain(await translate.call(model, input as tf.Tensor4D, options));
        input.dispose();
        const wish = { ...options, ...seed !== undefined && { dropoutSeed: seed } };
        wishes.push({ what: JSON.stringify(wish), method: "translate", args: [images, wish], expected });
      }
    }
  }
  return wishes;
}

/** BicycleGAN: given codes, the codes of a seed, and the code of an image. */
async function variants(model: SomeModel, drawn: boolean): Promise<Wish[]> {
  const { settings } = model;
  const { translate, encode } = model as unknown as BicycleGan;
  const [images, photo] = [settings.inputChannels, settings.outputChannels].map((channels) => inputOf(channels, settings.size));
  const codes = plain(tf.randomNormal([1, settings.latent], 0, 1, "float32", 6));
  const [input, target, given] = [images!, photo!, codes].map(tensorOf) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor2D];
  const seeded = drawn ? { seed: SEED } : { codes: new RandomStream(SEED).normal([1, settings.latent]) as tf.Tensor2D };
  const wishes = [
    {
      what: "codes",
      method: "translate",
      args: [images, { codes }],
      expected: await translate.call(model, input, { codes: given }),
    },
    { what: "seed", method: "translate", args: [images, { seed: SEED }], expected: await translate.call(model, input, seeded) },
    { what: "encode", method: "encode", args: [photo], expected: encode.call(model, target) },
  ].map(({ expected, ...wish }) => ({ ...wish, expected: plain(expected) }));
  tf.dispose([input, target, given, seeded]);
  return wishes;
}

/** GANs: given noise, and the noise of a seed. */
async function samples(model: SomeModel, drawn: boolean): Promise<Wish[]> {
  const { settings } = model;
  const { generate } = model as GeneratingModel;
  const labels = systemOf(model.kind)!.uses.includes("labels") && { labels: [7, 0, 7] };
  const given = plain(tf.randomNormal([3, settings.latent], 0, 1, "float32", 6));
  const noise = tensorOf(given);
  const seeded = drawn ? { seed: SEED, count: 3 } : { noise: noiseOf(settings, new RandomStream(SEED), 3) };
  const wishes = [
    {
      what: "noise",
      method: "generate",
      args: [{ noise: given, ...labels }],
      expected: plain(await generate.call(model, { noise, ...labels })),
    },
    {
      what: "seed",
      method: "generate",
      args: [{ seed: SEED, count: 3, ...labels }],
      expected: plain(await generate.call(model, { ...seeded, ...labels })),
    },
  ];
  tf.dispose([noise, seeded]);
  return wishes;
}

/** StackGAN: both stages. */
async function houses(model: StackGan, drawn: boolean): Promise<Wish[]> {
  const conditions = embedCaptions(CAPTIONS);
  const { sketches, images } = drawn ? await model.generateBoth({ conditions, seed: SEED }) : tf.tidy(() => {
    const { networks, settings } = model;
    const random = new RandomStream(SEED);
    const sketches = drawSketch(networks, settings, random, conditions, {}).image;
    return { sketches, images: refineSketch(networks, settings, random, sketches, conditions, {}).image };
  });
  const args = [{ conditions: plain(conditions), seed: SEED }];
  const expected = { sketches: plain(sketches), images: plain(images) };
  return [
    { what: "generate", method: "generate", args, expected: expected.images },
    { what: "both stages", method: "generateBoth", args, expected },
  ];
}
