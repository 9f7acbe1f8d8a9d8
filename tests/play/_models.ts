/** Tiny untrained models of all systems, for tests of their pages.
 * @module */
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { exportPage, gatherPage } from "../../lib/cli/export.ts";
import type { PageFiles } from "../../lib/play/html.ts";
import { RandomStream } from "../../lib/play/random.ts";
import type { PageData } from "../../lib/play/page_data.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { gan } from "../../lib/systems/gan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import { stackGan } from "../../lib/systems/stackgan.ts";
import * as tf from "../../lib/tf.ts";
import type { Provenance } from "../../lib/train/provenance.ts";

/** Functions that build the models, keyed by what they are. The backend must be running. */
export const MODELS: Record<string, () => SomeModel> = {
  "pix2pix": () => pix2pix({ size: 32, filters: 4 }) as SomeModel,
  "pix2pix of label planes": () => pix2pix({ size: 32, filters: 4, inputChannels: 5, norm: "instance", generator: "resnet" }),
  "bicyclegan": () => bicycleGan({ size: 32, filters: 4 }),
  "cyclegan": () => cycleGan({ size: 32, filters: 4, blocks: 1 }),
  "gan": () => gan({ networks: "dcgan", filters: 4, latent: 8 }) as unknown as SomeModel,
  "gan with an average": () => gan({ shape: [8, 8, 3], hidden: [16], latent: 8, averageDecay: 0.9 }) as unknown as SomeModel,
  "gan of points": () => gan({ shape: [2], hidden: [16], latent: 4 }) as unknown as SomeModel,
  "conditional-gan": () => conditionalGan({ networks: "dcgan", filters: 4, latent: 8 }),
  "stackgan": () => stackGan({ size: 32, filters: 4 }),
  "classifier": () => classifier({ filters: 4, features: 8 }),
};

/** Changes the weights of an untrained model at random, so that its outputs cover their range. Kernels keep the scale of what
 * passes through them, as those of a trained model do: otherwise, rounding would grow from layer to layer. */
export function awakened(model: SomeModel): SomeModel {
  const random = new RandomStream(11);
  for (const { weights } of Object.values(model.networks)) {
    for (const weight of weights.filter(({ originalName }) => !originalName.includes("variance"))) {
      tf.tidy(() => {
        const shape = weight.shape as number[];
        const scale = shape.length > 1 ? 1.5 / Math.sqrt(tf.util.sizeFromShape(shape.slice(0, -1))) : 0.1;
        weight.write(tf.add(weight.read(), tf.mul(random.normal(shape), scale)));
      });
    }
  }
  return model;
}

/** Builds a model and saves it.
 * @param name key in {@linkcode MODELS}.
 * @param provenance what the model is said to have been trained on.
 * @param change changes the model before it is saved.
 * @returns the folder. */
export async function saveTiny(
  folder: string,
  name: string,
  provenance?: Partial<Provenance>,
  change: (model: SomeModel) => SomeModel = (model) => model,
): Promise<string> {
  const model = change(MODELS[name]!());
  model.provenance = provenance && { data: "toytown (train)", count: 10, fingerprint: "", steps: 20, ...provenance };
  const place = join(folder, name.replaceAll(" ", "-"));
  await model.save(place);
  model.dispose();
  return place;
}

/** Values of the options of `deno task export` that are not given. */
export const DEFAULTS = {
  folder: false,
  overwrite: false,
  title: undefined,
  data: undefined,
  targets: undefined,
  others: undefined,
  colourise: false,
  direction: undefined,
  weights: undefined,
  tfjs: false,
  runningStatistics: false,
  backend: "cpu",
} as const;

/** Shows no progress. */
export const QUIET = { update: () => {}, finish: () => {}, print: () => {} };

/** Exports a tiny model.
 * @returns the page as text, and what it knows. */
export async function exported(
  folder: string,
  name: string,
  options: Partial<Parameters<typeof exportPage>[0]> = {},
  provenance?: Partial<Provenance>,
): Promise<{ html: string; data: PageData }> {
  await useBackend("cpu", { quiet: true });
  const model = await saveTiny(folder, name, provenance);
  const { page } = await exportPage({ ...DEFAULTS, model, out: join(folder, "page.html"), overwrite: true, ...options }, QUIET);
  const html = await Deno.readTextFile(page);
  return { html, data: JSON.parse(html.match(/id="forger">(.*?)<\/script>/s)![1]!) as PageData };
}

/** What each model is said to have been trained on, so that its page has a palette, examples or names of classes. */
const TRAINED: Record<string, Partial<Provenance>> = {
  "pix2pix": { direction: "BtoA" },
  "bicyclegan": { direction: "BtoA" },
  "cyclegan": { data: "toytown (facade, brick and plaster, train)" },
  "conditional-gan": { data: "digits (train)" },
  "classifier": { data: "digits (train)" },
  "stackgan": { data: "houses (train)" },
};

/** Composes the page of a tiny model, as `deno task export` and `deno task play` do. The backend must be running. */
export async function pageOf(folder: string, name: string): Promise<PageFiles> {
  const model = await saveTiny(folder, name, TRAINED[name], awakened);
  return await gatherPage({ ...DEFAULTS, model }, QUIET);
}
