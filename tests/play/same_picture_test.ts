/** The pages of all systems, opened as files in Chromium, compute the values that Forger computes, and load nothing. */
import { assert, assertEquals, assertLess } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { embedCaptions } from "../../data/worlds/houses/mod.ts";
import { exportPage } from "../../lib/cli/export.ts";
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
  assertLess(difference, TOLERANCE, what);
  assert(Math.max(...values) > Math.min(...values), `${what}: all values are equal`);
  expected.dispose();
}

/** Asks a page and Forger's model for the same images. */
async function compareAll(model: SomeModel, { ask }: OpenPage, what: string): Promise<void> {
  const { uses } = systemOf(model.kind)!;
  const { settings } = model;
  const input = (channels: number, size = settings.size) => tf.randomUniform([1, size, size, channels], -1, 1, "float32", 5);
  if (uses.includes("translate")) {
    const images = input(settings.inputChannels ?? settings.xChannels) as tf.Tensor4D;
    const { translate } = model as TranslatingModel;
    for (const direction of uses.includes("back") ? ["xToY", "yToX"] : [undefined]) {
      for (const batchStatistics of uses.includes("variants") ? [undefined] : [true, false]) {
        const options = { dropout: false, seed: 3, ...batchStatistics !== undefined && { batchStatistics }, direction };
        const answer = await ask<Values>("translate", plain(images), options);
        compare(answer, await translate.call(model, images, options), `${what}, ${JSON.stringify(options)}`);
      }
    }
    images.dispose();
  } else if (uses.includes("captions")) {
    const conditions = embedCaptions(["a red house with two windows", "a blue house with one window"]);
    const answer = await ask<Values>("generate", { conditions: plain(conditions), seed: 2 });
    compare(answer, await (model as GeneratingModel).generate({ conditions, seed: 2 }), what);
    conditions.dispose();
  } else if (uses.includes("generate")) {
    const options = { count: 3, seed: 2, ...uses.includes("labels") && { labels: [7, 0, 7] } };
    const answer = await ask<Values>("generate", options);
    compare(answer, await (model as GeneratingModel).generate(options), what);
  } else {
    const images = input(settings.channels);
    const answer = await ask<Values>("classify", plain(images));
    compare(answer, tf.tidy(() => tf.softmax((model.networks["classifier"]!.apply(images) as tf.Tensor[])[0]!)), what);
    images.dispose();
  }
}

testInBrowser("a page opened as a file computes what Forger computes, and loads nothing", async (browser, context) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    for (const name of Object.keys(MODELS)) {
      await context.step(name, async () => {
        await useBackend("wasm", { quiet: true });
        const place = await saveTiny(folder, name);
        const out = join(folder, `${name}.html`);
        await exportPage({ ...DEFAULTS, backend: "wasm", model: place, out, weights: "float32" }, QUIET);
        for (const backend of ["wasm", "cpu"] as const) {
          await useBackend(backend, { quiet: true });
          const model = await loadModel(place) as SomeModel;
          const opened = await openPage(browser, out, { backend });
          await compareAll(model, opened, `${name} on ${backend}`);
          assertEquals(opened.requests.filter((address) => !address.startsWith("file:")), []);
          assertEquals(opened.requests.length, 1);
          assertEquals(opened.problems, []);
          model.dispose();
          await opened.page.close();
        }
      });
    }
  });
});
