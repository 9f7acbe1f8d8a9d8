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
import type { PackedModel, Values } from "./protocol.ts";
import { usedNetworks } from "./used_networks.ts";
import { unpackWeight } from "./weights.ts";

/** Maximum size of a model's weights in memory, in bytes. */
const MOST_BYTES = 2 ** 30;

/** Builds a model and sets its weights.
 * @throws {RangeError} If the description or the weights are damaged. */
export function unpackModel(packed: PackedModel, bytes: Uint8Array<ArrayBuffer>): SomeModel {
  return setWeights(buildModel(packed), packed, bytes);
}

/** Builds a model without setting its weights.
 * @throws {RangeError} If the description is damaged. */
export function buildModel({ kind, settings }: PackedModel): SomeModel {
  const system = systemOf(kind);
  if (!system) throw new RangeError(`Cannot load the model: "${kind}" is not a known kind; export the model again`);
  const known = Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(system.fields, name)));
  return withoutInitialWeights(MOST_BYTES, () => system.build(known));
}

/** Sets the weights of a model.
 * @throws {RangeError} If weights are damaged or missing. */
export function setWeights(model: SomeModel, { networks }: PackedModel, bytes: Uint8Array<ArrayBuffer>): SomeModel {
  const missing = usedNetworks(model).find((name) => !Object.hasOwn(networks, name));
  if (missing !== undefined) {
    throw new RangeError(`Cannot load the model: the weights of the network "${missing}" are missing; export the model again`);
  }
  for (const [name, entries] of Object.entries(networks)) {
    const network = model.networks[name];
    if (!network) throw new RangeError(`Cannot load the model: expected a network "${name}"; export the model again`);
    const weights = Object.fromEntries(
      entries.map((entry) => [entry.name, tf.tensor(finite(unpackWeight(bytes, entry), entry.name), entry.shape, "float32")]),
    );
    network.loadWeights(weights);
    tf.dispose(weights);
  }
  return model;
}

/** Returns the values of a weight.
 * @throws {RangeError} If a value is not finite. */
function finite(values: Float32Array, name: string): Float32Array {
  if (isFinite(values)) return values;
  throw new RangeError(`Cannot load the model: expected finite weights, got others in ${name}; export the model again`);
}

function isFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false; // faster than every()
  return true;
}

/** Reads a tensor and disposes of it.
 * @throws {RangeError} If a value is not finite, for example since the numbers of a GPU overflow. The page then tries the next
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
