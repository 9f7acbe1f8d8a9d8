/// <reference lib="dom" />
/** Small models that generate, their images on this side, and what their pages show, for tests.
 * @module */
import { type Image, toImages } from "../../lib/data/image_bytes.ts";
import { RandomStream } from "../../lib/play/random.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import { noiseOf } from "../../lib/systems/gan_step.ts";
import * as tf from "../../lib/tf.ts";
import type { OpenPage } from "./_browser.ts";
import { difference } from "./_user.ts";

type Page = OpenPage["page"];
export type Code = Float32Array<ArrayBuffer>;

/** Changes the weights of a model at random, so that the images of different codes differ. */
export function shaken<Some extends Pick<SomeModel, "networks">>(model: Some): Some {
  const random = new RandomStream(11);
  for (const { weights } of Object.values(model.networks)) {
    for (const weight of weights) {
      tf.tidy(() => {
        const [old, change] = [weight.read(), random.normal(weight.shape as number[])];
        const fanIn = Math.max(1, weight.shape.slice(0, -1).reduce<number>((product, n) => product * n!, 1));
        weight.write(weight.originalName.includes("variance") ? old : tf.add(old, tf.mul(change, 2 / Math.sqrt(fanIn))));
      });
    }
  }
  return model;
}

/** The codes of a seed, drawn as in a page. */
export function codesOf(model: { settings: Parameters<typeof noiseOf>[0] }, seed: number, count: number): Code[] {
  const noise = noiseOf(model.settings, new RandomStream(seed), count);
  const codes = noise.arraySync().map((code) => Float32Array.from(code));
  noise.dispose();
  return codes;
}

/** Images of codes, generated on this side. */
export async function imagesOf(
  model: { generate(options: { noise: tf.Tensor2D; labels?: number[] }): Promise<tf.Tensor> },
  codes: Code[],
  labels?: number[],
): Promise<Image[]> {
  const noise = tf.tensor2d(codes.map((code) => [...code]));
  return imagesIn(await model.generate({ noise, ...labels && { labels } }).finally(() => noise.dispose()) as tf.Tensor4D);
}

/** Images with three channels, as a canvas shows them. Disposes of the tensor. */
export function imagesIn(tensor: tf.Tensor4D): Image[] {
  const images = toImages(tensor);
  tensor.dispose();
  return images.map(({ data, height, width, channels }) => {
    const colours = Uint8Array.from({ length: height * width * 3 }, (_, i) => {
      return data[channels === 1 ? Math.floor(i / 3) : i]!;
    });
    return { data: colours, height, width, channels: 3 };
  });
}

/** Pixels of all canvases that match a selector. */
export async function canvases(page: Page, selector: string): Promise<Image[]> {
  const all = await page.$$eval(selector, (found) =>
    (found as HTMLCanvasElement[]).map((canvas) => {
      const { width, height } = canvas;
      return { data: [...canvas.getContext("2d")!.getImageData(0, 0, width, height).data], width, height };
    }));
  return all.map(({ data, ...size }) => ({ data: Uint8Array.from(data.filter((_, i) => i % 4 !== 3)), ...size, channels: 3 }));
}

/** Waits until the canvases show images; differences of one level come from rounding. */
export async function waitForImages(page: Page, selector: string, expected: Image[]): Promise<void> {
  let last: number[] = [];
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    const shown = await canvases(page, selector);
    last = expected.map((image, i) => shown[i] ? difference(shown[i], image) : NaN);
    if (shown.length === expected.length && last.every((distance) => distance <= 1)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${selector}: the canvases differ from Forger's own images by [${last}] of 255`);
}

/** Changes the value of an input or a list, found by the text of its label. */
export async function enter(page: Page, label: string, value: string | number, within = "main"): Promise<void> {
  await page.$eval(
    within,
    (root, label, value) => {
      const labels = [...root.querySelectorAll("label")].filter(({ textContent }) => textContent!.trim().startsWith(label));
      const input = labels[0]!.querySelector<HTMLInputElement | HTMLSelectElement>("input, select")!;
      input.value = `${value}`;
      for (const type of ["input", "change"]) input.dispatchEvent(new Event(type, { bubbles: true }));
    },
    label,
    value,
  );
}

/** Presses a button within an element. */
export async function pressIn(page: Page, within: string, text: string): Promise<void> {
  await page.$eval(within, (root, text) => {
    [...root.querySelectorAll("button")].find(({ textContent }) => textContent!.trim() === text)!.click();
  }, text);
}

/** Presses "Copy link", and returns the part of the link that holds the state. */
export async function linkOf(page: Page): Promise<string> {
  const before = await page.evaluate(() => location.hash);
  await pressIn(page, "main", "Copy link");
  await page.waitForFunction((before) => location.hash !== before, {}, before);
  return await page.evaluate(() => location.hash);
}

/** Packs a state as the page does. */
export async function withPacked(state: unknown): Promise<string> {
  const stream = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return `#s=${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}
