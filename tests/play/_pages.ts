/** Pages of small models for tests.
 * @module */
import { encodePng } from "../../lib/data/image.ts";
import type { Image } from "../../lib/data/image_bytes.ts";
import { tfjsWasm } from "../../lib/packages.ts";
import { pageScripts } from "../../lib/play/bundle.ts";
import { type PageFiles, singleFile } from "../../lib/play/html.ts";
import { packModel } from "../../lib/play/pack.ts";
import type { PageData } from "../../lib/play/page_data.ts";
import { dataUri } from "../../lib/plot/png.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { type SomeModel, systemOf } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { COLOUR, DRAWN, SIZE } from "./_user.ts";

/** Multiplies the last kernel of a network, so that the outputs of an untrained one are not all grey. */
export function enlarge(network: tf.LayersModel, factor = 30): void {
  const kernel = network.trainableWeights.findLast(({ shape }) => shape.length === 4)!;
  const larger = tf.mul(kernel.read(), factor);
  kernel.write(larger);
  larger.dispose();
}

/** Composes a page of a model.
 * @param data What the page knows besides the model. */
export async function pageOf(model: SomeModel, data: Partial<PageData>): Promise<PageFiles> {
  const { title: systemTitle, uses } = systemOf(model.kind)!;
  const { model: packed, bytes, precision } = packModel(model, "float32");
  const { size } = model.settings;
  const card = { trained: "Not at all.", command: "deno task train", limits: "This is a test.", weights: "float32" };
  const all: PageData = {
    ...{ model: packed, precision, title: "test", systemTitle, uses, size: { height: size, width: size } },
    ...{ examples: [], card, snippet: "await loadModel()" },
    ...data,
  };
  const wasm = await Deno.readFile(new URL("tfjs-backend-wasm-simd.wasm", tfjsWasm.url()));
  return { data: all, scripts: await pageScripts(), wasm, weights: bytes };
}

/** Writes a page of a model.
 * @param data What the page knows besides the model.
 * @returns path of the file. */
export async function writePage(folder: string, model: SomeModel, data: Partial<PageData>): Promise<string> {
  const path = `${folder}/${crypto.randomUUID()}.html`;
  await Deno.writeFile(path, await singleFile(await pageOf(model, data)));
  return path;
}

/** Composes a page of an untrained pix2pix, which takes drawings. */
export async function anyPage(): Promise<PageFiles> {
  const model = pix2pix({ size: SIZE, filters: 4, seed: 3, generator: "resnet", blocks: 2 });
  const page = await pageOf(model, { input: DRAWN, output: COLOUR });
  model.dispose();
  return page;
}

/** The smallest WebAssembly module. */
export const OTHER_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/** Encodes an image as a data URL. */
export async function urlOf(image: Image): Promise<string> {
  return dataUri(new Uint8Array(await encodePng(image)));
}
