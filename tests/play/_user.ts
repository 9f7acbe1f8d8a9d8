/// <reference lib="dom" />
/** What a user does with a page, and what the page shows, for tests.
 * @module */
import { type Image, toImages, toTensor } from "../../lib/data/image_bytes.ts";
import { readImageBytes } from "../../lib/data/image.ts";
import { labelNumbers, paintLabels } from "../../lib/data/label_maps.ts";
import type { PageColour, PageSide } from "../../lib/play/page_data.ts";
import * as tf from "../../lib/tf.ts";
import { type OpenPage, openPage } from "./_browser.ts";

type Page = OpenPage["page"];
type Browser = Parameters<typeof openPage>[0];

/** Height and width of the images. */
export const SIZE = 32;
export const PALETTE: PageColour[] = [
  { name: "sky", colour: [0, 0, 170] },
  { name: "wall", colour: [255, 85, 0] },
  { name: "door", colour: [0, 170, 255] },
];
export const COLOURS = PALETTE.map(({ colour }) => colour);
export const DRAWN: PageSide = { channels: 3, meaning: "colours", palette: PALETTE };
export const COLOUR: PageSide = { channels: 3, meaning: "colours" };

/** A house: a wall before the sky. */
export const house = paintLabels(
  Uint8Array.from({ length: SIZE ** 2 }, (_, i) => Number(i % SIZE > 7 && i % SIZE < 25 && i >= 10 * SIZE && i < 31 * SIZE)),
  COLOURS,
  ...[SIZE, SIZE] as const,
);
export const photo = (height = SIZE, width = SIZE): Image => ({
  data: Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 7 + (i >> 5) * 3) % 256),
  ...{ height, width, channels: 3 },
});

/** Pixels of a canvas, without alpha. */
export async function canvasOf(page: Page, label: string): Promise<Image> {
  const { data, width, height } = await page.evaluate((label) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`canvas[aria-label^="${label}"]`)!;
    const { width, height } = canvas;
    return { data: [...canvas.getContext("2d")!.getImageData(0, 0, width, height).data], width, height };
  }, label);
  return { data: Uint8Array.from(data.filter((_, i) => i % 4 !== 3)), width, height, channels: 3 };
}

export const board = (page: Page) => canvasOf(page, "Drawing board");
export const classes = async (page: Page) => labelNumbers(await board(page), COLOURS);
/** Largest difference of two images; infinite if their sizes differ. */
export const difference = (a: Image, b: Image) => {
  if (a.height !== b.height || a.width !== b.width || a.channels !== b.channels) return Infinity;
  return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)), 0);
};
export const status = (page: Page) => page.$eval("[role=status]", ({ textContent }) => textContent!);

/** Waits until a canvas shows an image; differences of one level come from rounding. */
export async function waitForImage(page: Page, label: string, expected: Image, most = 1): Promise<void> {
  let last = 255;
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    last = difference(await canvasOf(page, label), expected);
    if (last <= most) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${label} differs from Forger's own image by ${last} of 255`);
}

export async function waitForStatus(page: Page, text: RegExp): Promise<void> {
  await page.waitForFunction(
    (text) => new RegExp(text).test(document.querySelector("[role=status]")?.textContent ?? ""),
    { timeout: 60_000 },
    text.source,
  );
}

/** Translates an image with Forger on this side. */
export async function translated(
  model: { translate(images: tf.Tensor4D, options: object): Promise<tf.Tensor4D> },
  image: Image,
  options: object = {},
): Promise<Image> {
  const input = toTensor([image]);
  const output = await model.translate(input, { dropout: false, ...options });
  const [bytes] = toImages(output);
  tf.dispose([input, output]);
  return bytes!;
}

export const press = async (page: Page, text: string) =>
  await page.locator(`::-p-xpath(//button[normalize-space()="${text}"])`).click();

/** Drags the pointer over a canvas, from one pixel to another. */
export async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const { x, y, width } = (await (await page.$("canvas.drawn"))!.boundingBox())!;
  const place = ([column, row]: [number, number]) => [x + (column + 0.5) * width / SIZE, y + (row + 0.5) * width / SIZE] as const;
  await page.mouse.move(...place(from));
  await page.mouse.down();
  await page.mouse.move(...place(to), { steps: 4 });
  await page.mouse.up();
}

/** Drops a file onto an element.
 * @returns Whether the page keeps the browser from opening the file. */
export async function drop(page: Page, selector: string, file: Uint8Array, name: string): Promise<boolean> {
  return await page.$eval(
    selector,
    (element, bytes, name) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/png" }));
      const dropped = (type: string) =>
        !element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      const isTaken = dropped("dragover"); // otherwise, the browser would not drop the file
      return dropped("drop") && isTaken;
    },
    [...file],
    name,
  );
}

/** Lets the browser save files into a folder, and waits for one. */
export async function saved(page: Page, folder: string, save: () => Promise<void>, name: string): Promise<Image> {
  const client = await page.createCDPSession();
  await client.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
  await save();
  const path = `${folder}/${name}`;
  for (let i = 0; i < 200 && !await Deno.stat(path).catch(() => undefined); i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return await readImageBytes(path);
}

/** Opens a page on wasm, and waits until it is ready. */
export async function ready(browser: Browser, path: string, hash = ""): Promise<OpenPage> {
  const opened = await openPage(browser, path, { backend: "wasm", hash });
  await opened.page.setViewport({ width: 1000, height: 900 });
  await waitForStatus(opened.page, /^(Ready|Cannot)/);
  return opened;
}

/** Waits until a page has shown its first answer, or asks for the user's first action. Fails if it shows an error. */
export async function waitUntilReady(page: Page): Promise<void> {
  await waitForStatus(page, /^(?!Loading|Building|Warming up)./);
  const line = await page.$eval("[role=status]", (line) => [line.className, line.textContent!] as const);
  if (line[0].includes("error")) throw new Error(`The page says: ${line[1]}`);
}
