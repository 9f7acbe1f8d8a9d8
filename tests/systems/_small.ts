/** Small models of every system, with batches for one training step. */
import { systemOf } from "../../lib/systems/registry.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";

/** A kind of system, settings, and a batch. */
export interface Small {
  name: string;
  kind: string;
  settings: Record<string, unknown>;
  /** Shapes of the tensors of a batch; labels are class indices. */
  batch: Record<string, number[]>;
}

const pairs = { input: [2, 16, 16, 2], target: [2, 16, 16, 3] };
const translator = { size: 16, inputChannels: 2, filters: 2, layers: 1, depth: 2, blocks: 2 };
const points = { shape: [2], latent: 3, hidden: [8, 8], discriminatorHidden: [8, 8] };
const digits = { shape: [8, 8, 1], latent: 3, hidden: [8, 8], discriminatorHidden: [8, 8], dropout: 0, classes: 3 };
const dcgan = { shape: [16, 16, 1], latent: 3, networks: "dcgan", filters: 2 };
const unpaired = { a: [2, 16, 16, 3], b: [2, 16, 16, 3] };
const cycle = { size: 16, filters: 2, layers: 1, blocks: 2 };

const LISTED: [kind: string, settings: Record<string, unknown>, batch: Record<string, number[]>][] = [
  ["gan", points, { points: [40, 2] }],
  ["gan", { ...points, loss: "wasserstein", discriminatorSteps: 2 }, { points: [40, 2] }],
  ["gan", { ...dcgan, diffAugment: ["color", "cutout"] }, { images: [4, 16, 16, 1] }],
  ["conditional-gan", digits, { images: [8, 8, 8, 1], labels: [8] }],
  ["conditional-gan", { ...dcgan, classes: 3, loss: "hinge" }, { images: [4, 16, 16, 1], labels: [4] }],
  ["pix2pix", translator, pairs],
  ["pix2pix", { ...translator, conditional: false, reconstruction: "l2", generator: "encoderDecoder" }, pairs],
  ["pix2pix", { ...translator, adversarial: false, generator: "resnet" }, pairs],
  ["pix2pix", { ...translator, reconstruction: "none", updates: "simultaneous", layers: 0 }, pairs],
  ["cyclegan", cycle, unpaired],
  ["cyclegan", { ...cycle, generator: "unet", depth: 2, identity: 0, pool: 0 }, unpaired],
  ["bicyclegan", { size: 32, filters: 2, layers: 1, depth: 3, latent: 3 }, { input: [1, 32, 32, 3], target: [1, 32, 32, 3] }],
  ["stackgan", { size: 32, filters: 2, conditionSize: 5, latent: 3, augmented: 4, compressed: 4 }, {
    images: [4, 32, 32, 3],
    conditions: [4, 5],
  }],
  ["classifier", { size: 8, classes: 3, filters: 2, features: 8 }, { images: [16, 8, 8, 1], labels: [16] }],
];

/** Small models of every system, several settings each. */
export const SMALL: Small[] = LISTED.map(([kind, settings, batch]) => {
  const words = Object.entries(settings).map(([name, value]) => `${name} ${value}`).join(", ");
  return { name: `${kind} (${words})`, kind, settings, batch };
});

export function buildSmall({ kind, settings }: Small): SomeModel {
  return systemOf(kind)!.build(settings);
}

/** Returns a batch of random numbers.
 * @param changed Name of a tensor to be drawn with another seed. */
export function batchOf({ batch }: Small, changed?: string): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(batch).map(([name, shape], i) => {
      const seed = 10 + i + (name === changed ? 100 : 0);
      if (name === "labels") return [name, tf.tensor1d(Array.from({ length: shape[0]! }, (_, j) => (j + seed) % 3), "int32")];
      return [name, tf.randomUniform(shape, -1, 1, "float32", seed)];
    }),
  );
}
