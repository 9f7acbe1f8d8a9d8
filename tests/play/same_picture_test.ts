/** The pages of all systems, opened as files in Chromium, compute the values that Forger computes, and load nothing. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BackendName, useBackend } from "../../lib/backend/use_backend.ts";
import { embedCaptions } from "../../data/worlds/houses/mod.ts";
import { exportPage } from "../../lib/cli/export.ts";
import type { BicycleGan } from "../../lib/systems/bicyclegan.ts";
import type { Values } from "../../lib/play/protocol.ts";
import { type GeneratingModel, loadModel, type SomeModel, systemOf, type TranslatingModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { DEFAULTS, MODELS, QUIET, saveTiny } from "./_models.ts";

/** Largest difference between a value in the page and Forger's. */
const TOLERANCE = 1e-4;

/** Values of a tensor, in the form in which they are sent to a page. */
function plain(tensor: tf.Tensor): { data: number[]; shape: number[] } {
  return { data: [...tensor.dataSync()], shape: tensor.shape };
}

/** Compares values of a page with a tensor, which is disposed of. */
function compare({ data, shape }: Values, expected: tf.Tensor, what: string): void {
  const values = expected.dataSync<"float32">();
  assertEquals(shape, expected.shape, what);
  const difference = values.reduce((most, value, i) => Math.max(most, Math.abs(value - data[i]!)), 0);
  assertLess(difference, TOLERANCE, `${what}: ${difference}`);
  assert(Math.max(...values) > Math.min(...values), `${what}: all values are equal`);
  expected.dispose();
}

/** Starts the backend on which Forger computes what a page is compared with: the page's own. A StackGAN draws its noise itself,
 * and a page draws the numbers that TensorFlow draws.
 * @returns whether the backend works on this machine. */
async function startReference(kind: string, backend: BackendName): Promise<boolean> {
  return await useBackend(kind === "stackgan" ? "tensorflow" : backend, { quiet: true }).then(() => true, () => false);
}

/** Asks a page and Forger's model for the same images. */
async function compareAll(model: SomeModel, { ask }: OpenPage, what: string): Promise<void> {
  const { uses } = systemOf(model.kind)!;
  const { settings } = model;
  const { translate, generate } = model as TranslatingModel & GeneratingModel;
  const input = (channels: number, size = settings.size) => tf.randomUniform([1, size, size, channels], -1, 1, "float32", 5);
  if (uses.includes("variants")) {
    const [images, codes] = [input(settings.inputChannels) as tf.Tensor4D, tf.randomNormal([1, settings.latent])];
    compare(await ask("translate", plain(images), { codes: plain(codes) }), await translate.call(model, images, { codes }), what);
    const photo = input(settings.outputChannels) as tf.Tensor4D;
    compare(await ask("encode", plain(photo)), (model as unknown as BicycleGan).encode(photo), `${what}, encode`);
    tf.dispose([images, codes, photo]);
  } else if (uses.includes("translate")) {
    const images = input(settings.inputChannels ?? settings.xChannels) as tf.Tensor4D;
    for (const direction of uses.includes("back") ? ["xToY", "yToX"] : [undefined]) {
      for (const batchStatistics of [true, false]) {
        const options = { dropout: false, batchStatistics, direction };
        const answer = await ask<Values>("translate", plain(images), options);
        compare(answer, await translate.call(model, images, options), `${what}, ${JSON.stringify(options)}`);
      }
    }
    images.dispose();
  } else if (uses.includes("captions")) {
    const conditions = embedCaptions(["a red house with two windows", "a blue house with one window"]);
    const answer = await ask<Values>("generate", { conditions: plain(conditions), seed: 2 });
    compare(answer, await generate.call(model, { conditions, seed: 2 }), what);
    conditions.dispose();
  } else if (uses.includes("generate")) {
    const noise = tf.randomNormal([3, settings.latent]);
    const labels = uses.includes("labels") && { labels: [7, 0, 7] };
    const answer = await ask<Values>("generate", { noise: plain(noise), ...labels });
    compare(answer, await generate.call(model, { noise, ...labels }), what);
    noise.dispose();
  } else {
    const images = input(settings.channels);
    const answer = await ask<Values>("classify", plain(images));
    compare(answer, tf.tidy(() => tf.softmax((model.networks["classifier"]!.apply(images) as tf.Tensor[])[0]!)), what);
    images.dispose();
  }
}

testInBrowser("a page opened as a file computes what Forger computes, and loads nothing", async (browser, context) => {
  await withFolder(async (folder) => {
    for (const name of Object.keys(MODELS)) {
      await context.step(name, async () => {
        await useBackend("wasm", { quiet: true });
        const place = await saveTiny(folder, name);
        const out = join(folder, `${name}.html`);
        await exportPage({ ...DEFAULTS, backend: "wasm", model: place, out, weights: "float32" }, QUIET);
        for (const backend of ["wasm", "cpu"] as const) {
          const opened = await openPage(browser, out, { backend });
          if (await startReference(name, backend)) {
            const model = await loadModel(place) as SomeModel;
            await compareAll(model, opened, `${name} on ${backend}`).finally(() => model.dispose());
          }
          assertEquals(opened.requests, [pathToFileURL(out).href]);
          assertEquals(opened.problems, []);
          await opened.page.close();
        }
      });
    }
  });
});
