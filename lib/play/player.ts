/** Runs a model in a page's worker, with the same classes as on Deno and the page's packed weights.
 * @module */
import { RandomStream } from "../backend/random.ts";
import { Dropout } from "../layers/dropout.ts";
import { withoutInitialWeights } from "../layers/initializers.ts";
import type { Classifier } from "../systems/classifier.ts";
import { noiseOf } from "../systems/gan_step.ts";
import { type SomeModel, systemOf } from "../systems/registry.ts";
import type { StackGan } from "../systems/stackgan.ts";
import * as tf from "../tf.ts";
import { callDirectly } from "./direct.ts";
import type { PackedModel, PackedWeight, Values } from "./protocol.ts";
import { usedNetworks } from "./used_networks.ts";
import { unpackWeight } from "./weights.ts";

/** Maximum size of a model's weights in memory, in bytes. */
const MOST_BYTES = 2 ** 30;
/** Maximum number of blocks in the settings of a network without blocks, such as a U-Net. */
const MOST_UNUSED = 100;
/** Maximum absolute value of a weight. With larger ones, the outputs of layers overflow. */
const LARGEST_WEIGHT = 1e12;

/** Builds a model and sets its weights.
 * @throws {RangeError} If the description or the weights are damaged. */
export function unpackModel(packed: PackedModel, bytes: Uint8Array<ArrayBuffer>): SomeModel {
  return setWeights(buildModel(packed), packed, bytes);
}

/** Builds a model without setting its weights.
 * @throws {RangeError} If the description is damaged. */
export function buildModel({ kind, settings, networks }: PackedModel): SomeModel {
  const system = systemOf(kind);
  if (!system) throw damaged(`"${kind}" is not a known kind`);
  const known = Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(system.fields, name)));
  // Each block of a network has weights. Without this limit, building a huge number of blocks could take minutes.
  const weights = Object.values(networks).reduce((sum, entries) => sum + (entries?.length ?? 0), 0);
  if (Number(settings["blocks"] ?? 0) > MOST_UNUSED + weights) throw damaged("it has more blocks than weights");
  return orDamaged(() => withoutInitialWeights(MOST_BYTES, () => system.build(known)));
}

function damaged(problem: string): RangeError {
  return new RangeError(`Cannot load the model: ${problem}; export the model again`);
}

/** Runs a step of loading a model. Converts its errors, which may come from tfjs, to errors about a damaged model. */
function orDamaged<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    const [problem = ""] = (error as Error).message.split("\n");
    const isOwn = error instanceof RangeError && problem.startsWith("Cannot "); // unlike JavaScript's "Cannot read properties"
    throw isOwn ? error : damaged(`it is damaged: ${problem}`);
  }
}

/** Sets the weights of a model.
 * @throws {RangeError} If weights are damaged or missing. */
export function setWeights(model: SomeModel, { networks }: PackedModel, bytes: Uint8Array<ArrayBuffer>): SomeModel {
  const missing = usedNetworks(model).find((name) => !networks[name]?.length);
  if (missing !== undefined) throw damaged(`the weights of the network "${missing}" are missing`);
  for (const [name, entries] of Object.entries(networks)) {
    const network = model.networks[name];
    if (!network) throw damaged(`expected a network "${name}"`);
    orDamaged(() => loadWeights(network, name, entries.map((entry) => ({ ...entry, values: unpackWeight(bytes, entry) }))));
  }
  return model;
}

function loadWeights(network: tf.LayersModel, name: string, weights: (PackedWeight & { values: Float32Array })[]): void {
  const wrong = weights.find(({ values }) => !isFinite(values, LARGEST_WEIGHT));
  if (wrong) throw damaged(`expected finite weights, got non-finite weights in ${wrong.name}`);
  // Each weight is constant, as in a file of zeros, so all outputs would be grey.
  if (weights.every(({ values }) => values.every((value) => value === values[0]))) {
    throw damaged(`all values of each weight of the network "${name}" are equal`);
  }
  const tensors = Object.fromEntries(weights.map(({ name, values, shape }) => [name, tf.tensor(values, shape, "float32")]));
  network.loadWeights(tensors);
  tf.dispose(tensors);
}

function isFinite(values: Float32Array, largest: number = Number.MAX_VALUE): boolean {
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i]!) <= largest)) return false; // faster than every()
  return true;
}

/** Reads a tensor and disposes of it.
 * @throws {RangeError} If a value is not finite, for example because numbers on a GPU overflow. The page then tries the next
 * backend. */
async function valuesOf(tensor: tf.Tensor): Promise<Values> {
  const data = await tensor.data() as Float32Array<ArrayBuffer>;
  tensor.dispose();
  if (isFinite(data)) return { data, shape: tensor.shape };
  throw new RangeError("Cannot compute the output: its values are not finite; export the model again");
}

/** The methods of a model that a page can call. All images are in [-1, 1]. */
export class Player {
  readonly #model: SomeModel;

  constructor(model: SomeModel) {
    this.#model = model;
    for (const network of Object.values(model.networks)) callDirectly(network);
  }

  /** Translates images.
   * @param options Options of the model's `translate`. With the option `codes` of a BicycleGAN, `[count, latent]`, a single image
   * is translated once per code. */
  async translate({ data, shape }: Values, { codes, dropoutSeed, ...options }: TranslateWish = {}): Promise<Values> {
    if (dropoutSeed !== undefined) this.#seedDropout(dropoutSeed);
    const model = this.#model as unknown as { translate(images: tf.Tensor4D, options: object): Promise<tf.Tensor4D> };
    const used = tf.tidy(() => {
      const images = tf.tensor4d(data, shape as [number, number, number, number]);
      if (!codes) return { images };
      const wanted = tf.tensor2d(codes.data, codes.shape as [number, number]);
      return { images: shape[0] === 1 ? tf.tile(images, [wanted.shape[0], 1, 1, 1]) : images, codes: wanted };
    });
    try {
      return await valuesOf(await model.translate(used.images, { ...options, ...used.codes && { codes: used.codes } }));
    } finally {
      tf.dispose(used);
    }
  }

  /** Sets all dropout layers to the masks of a seed. */
  #seedDropout(seed: number): void {
    for (const { layers } of Object.values(this.#model.networks)) {
      for (const layer of layers) if (layer instanceof Dropout) layer.random.position = seed;
    }
  }

  /** Draws a code for each seed, as `translate` of a BicycleGAN does.
   * @returns `[count, latent]`. */
  async codes(seeds: number[]): Promise<Values> {
    const { latent } = this.#model.settings;
    return await valuesOf(tf.tidy(() => tf.concat(seeds.map((seed) => new RandomStream(seed).normal([1, latent])))));
  }

  /** Computes the code of an image with the encoder of a BicycleGAN.
   * @returns `[count, latent]`. */
  async encode({ data, shape }: Values): Promise<Values> {
    const images = tf.tensor4d(data, shape as [number, number, number, number]);
    try {
      return await valuesOf((this.#model as unknown as { encode(images: tf.Tensor4D): tf.Tensor2D }).encode(images));
    } finally {
      images.dispose();
    }
  }

  /** Draws the latent codes from which `generate` of a GAN computes the images of a seed.
   * @returns `[count, latent]`. */
  async noise(seed: number, count: number): Promise<Values> {
    return await valuesOf(noiseOf(this.#model.settings, new RandomStream(seed), count));
  }

  /** Generates images.
   * @param options Options of the model's `generate`. */
  async generate(options: GenerateWish = {}): Promise<Values> {
    const model = this.#model as unknown as { generate(options: object): Promise<tf.Tensor> };
    const [given, tensors] = withTensors(options);
    try {
      return await valuesOf(await model.generate(given));
    } finally {
      tf.dispose(tensors);
    }
  }

  /** Generates images with a StackGAN, and returns the images of both stages.
   * @param options Options of the model's `generateBoth`. */
  async generateBoth(options: GenerateWish): Promise<{ sketches: Values; images: Values }> {
    const [given, tensors] = withTensors(options);
    try {
      const { sketches, images } = await (this.#model as StackGan).generateBoth(given as { conditions: tf.Tensor2D });
      return { sketches: await valuesOf(sketches), images: await valuesOf(images) };
    } finally {
      tf.dispose(tensors);
    }
  }

  /** Classifies images.
   * @returns The probability of each class, `[count, classes]`. */
  async classify({ data, shape }: Values): Promise<Values> {
    const { classifier } = this.#model.networks as Classifier["networks"];
    return await valuesOf(tf.tidy(() => {
      const [logits] = classifier.apply(tf.tensor4d(data, shape as [number, number, number, number])) as tf.Tensor2D[];
      return tf.softmax(logits!);
    }));
  }
}

/** Options of `translate`, with values instead of tensors. */
export interface TranslateWish {
  /** Codes of a BicycleGAN, `[count, latent]`. */
  codes?: Values;
  /** Seed for the dropout masks, if dropout is on: an integer from 0 to 2^22 - 1. By default, each call draws other masks. */
  dropoutSeed?: number;
  [option: string]: unknown;
}

/** Options of `generate`, with values instead of tensors. */
export interface GenerateWish {
  /** Latent codes of a GAN, `[count, latent]`. */
  noise?: Values;
  /** Conditions of a StackGAN, `[count, conditionSize]`. */
  conditions?: Values;
  [option: string]: unknown;
}

/** Replaces values in options with tensors.
 * @returns The options, and the tensors to dispose of. */
function withTensors({ noise, conditions, ...options }: GenerateWish): [options: object, tensors: tf.Tensor[]] {
  const given = Object.entries({ noise, conditions }).filter((entry): entry is [string, Values] => entry[1] !== undefined);
  const tensors = given.map(([name, { data, shape }]) => [name, tf.tensor(data, shape, "float32")] as const);
  return [{ ...options, ...Object.fromEntries(tensors) }, tensors.map(([, tensor]) => tensor)];
}
