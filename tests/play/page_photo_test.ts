/// <reference lib="dom" />
/** Pages that take images of the user, in Chromium: the model receives what it would receive from Forger's own code. */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { encodePng } from "../../lib/data/image.ts";
import { type Image, toImages, toTensor } from "../../lib/data/image_bytes.ts";
import { labelPlanes } from "../../lib/data/label_maps.ts";
import type { PageSide } from "../../lib/play/page_data.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import * as tf from "../../lib/tf.ts";
import { withFolder } from "../cli/_task.ts";
import { testInBrowser } from "./_browser.ts";
import { enlarge, writePage } from "./_pages.ts";
import {
  canvasOf,
  classes,
  COLOUR,
  drop,
  PALETTE,
  photo,
  press,
  ready,
  SIZE,
  status,
  translated,
  waitForImage,
  waitForStatus,
} from "./_user.ts";

/** An image whose colours change slowly, so that every good way to resize it gives nearly the same. */
const slow = (height: number, width: number, left: number, step: number): Image => ({
  data: Uint8Array.from({ length: height * width * 3 }, (_, i) => {
    const [x, y] = [left + (Math.floor(i / 3) % width + 0.5) * step, (Math.floor(i / 3 / width) + 0.5) * step];
    return [3 * x, 4 * y, 240 - 2 * x - y][i % 3]!;
  }),
  ...{ height, width, channels: 3 },
});

testInBrowser("a page of CycleGAN takes dropped photos, both ways, and shows the cycle", async (browser) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    const model = cycleGan({ size: SIZE, filters: 2, blocks: 1, seed: 5 });
    for (const name of ["xToY", "yToX"] as const) enlarge(model.networks[name]);
    const back = { input: COLOUR, output: COLOUR };
    const path = await writePage(folder, model, { title: "horse2zebra", input: COLOUR, output: COLOUR, back });
    const { page, problems } = await ready(browser, path);
    assertEquals(await status(page), "Ready: choose, drop or paste an image");
    await drop(page, ".stage", await encodePng(photo()), "photo.png");
    const input = toTensor([photo()]);
    const there = await model.translate(input, { direction: "xToY" });
    const again = await model.translate(there, { direction: "yToX" });
    await waitForImage(page, "Output", toImages(there)[0]!);
    await waitForImage(page, "The output, translated back", toImages(again)[0]!);
    tf.dispose([input, there, again]);
    await press(page, "Copy link");
    await waitForStatus(page, /A link cannot contain photos/);

    await press(page, "Use the camera");
    await waitForStatus(page, /^Cannot use the camera: .*choose an image$/); // there is none, or it is not allowed

    await press(page, "zebra → horse");
    await drop(page, ".stage", await encodePng(slow(48, 64, 0, 1)), "wide.png");
    await waitForImage(page, "Input", slow(SIZE, SIZE, 8, 1.5), 8); // the middle, in the size of the model
    const cropped = await canvasOf(page, "Input");
    await waitForImage(page, "Output", await translated(model, cropped, { direction: "yToX" }));
    await press(page, "Stretch");
    const stretched = slow(SIZE, SIZE, 0, 1.5);
    for (let i = 0; i < stretched.data.length; i++) {
      const x = (Math.floor(i / 3) % SIZE + 0.5) * 2, y = (Math.floor(i / 3 / SIZE) + 0.5) * 1.5;
      stretched.data[i] = [3 * x, 4 * y, 240 - 2 * x - y][i % 3]!;
    }
    await waitForImage(page, "Input", stretched, 8);
    await page.$eval(".comparison input", (slider) => {
      (slider as HTMLInputElement).value = "50";
      slider.dispatchEvent(new Event("input"));
    });
    assertEquals(await page.$eval(".compare", (stage) => (stage as HTMLElement).style.getPropertyValue("--cut")), "50%");
    assertEquals(problems, []);
    model.dispose();
  });
});

testInBrowser("of two photos, the one that was opened last is shown, even if the first takes longer to read", async (browser) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    const model = pix2pix({ size: SIZE, filters: 2, seed: 3 });
    const { page, problems } = await ready(browser, await writePage(folder, model, { input: COLOUR, output: COLOUR }));
    await page.evaluate(() => {
      const read = createImageBitmap;
      const scope = globalThis as unknown as { release: () => void; done: Promise<unknown> };
      let isFirst = true;
      globalThis.createImageBitmap = ((...args: Parameters<typeof read>) => {
        if (!isFirst) return read(...args);
        isFirst = false;
        return scope.done = new Promise((resolve) => scope.release = () => resolve(read(...args)));
      }) as typeof read;
    });
    const [first, last] = [slow(SIZE, SIZE, 0, 1), slow(SIZE, SIZE, 30, 1)];
    await drop(page, ".stage", await encodePng(first), "first.png");
    await drop(page, ".stage", await encodePng(last), "last.png");
    await waitForImage(page, "Input", last, 0);
    await waitForImage(page, "Output", await translated(model, last));
    await page.evaluate(async () => {
      const scope = globalThis as unknown as { release: () => void; done: Promise<unknown> };
      scope.release();
      await scope.done;
      await new Promise((resolve) => setTimeout(resolve)); // the page has taken or dropped the image
    });
    assertEquals(await canvasOf(page, "Input"), last);
    assertEquals(problems, []);
    model.dispose();
  });
});

testInBrowser("colours below transparent pixels reach the model, as from a file on Deno", async (browser) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    const model = pix2pix({ size: SIZE, filters: 2, seed: 3, inputChannels: 4 });
    enlarge(model.networks.generator);
    const input: PageSide = { channels: 4, meaning: "colours" };
    const { page, problems } = await ready(browser, await writePage(folder, model, { input, output: COLOUR }));
    const withAlpha = (alpha: (i: number) => number, colour = 1): Image => ({
      data: Uint8Array.from(
        { length: 4 * SIZE ** 2 },
        (_, i) => i % 4 === 3 ? alpha(i >> 2) : colour * ((i * 7 + (i >> 5)) % 256),
      ),
      ...{ height: SIZE, width: SIZE, channels: 4 },
    });
    const clear = withAlpha((pixel) => pixel % 3 === 0 ? 0 : pixel % 256);
    const expected = await translated(model, clear);
    // Without the colours below transparent pixels, the output would be another.
    const lost = { ...clear, data: clear.data.map((value, i) => clear.data[i | 3] === 0 ? 0 : value) };
    assertNotEquals(await translated(model, lost), expected);
    await drop(page, ".stage", await encodePng(clear), "clear.png");
    await waitForImage(page, "Output", expected);
    assertEquals(problems, []);
    model.dispose();
  });
});

testInBrowser("a dropped label map of numbers gives their classes; a number without a class is one line", async (browser) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    const model = pix2pix({ size: SIZE, filters: 2, seed: 3, inputChannels: 3 });
    enlarge(model.networks.generator);
    const side: PageSide = { channels: 3, meaning: "classes", palette: PALETTE, values: [0, 4, 9] };
    const { page, problems } = await ready(browser, await writePage(folder, model, { input: side, output: COLOUR }));
    const numbers = Uint8Array.from({ length: SIZE ** 2 }, (_, i) => (i + (i >> 5)) % 3);
    const map = (values: number[]): Image => ({ data: numbers.map((n) => values[n]!), height: SIZE, width: SIZE, channels: 1 });
    await drop(page, ".stage", await encodePng(map([0, 4, 9])), "labels.png");
    await waitForImage(page, "Output", await translated(model, labelPlanes(numbers, 3, SIZE, SIZE)));
    assertEquals(await classes(page), numbers);
    await drop(page, ".stage", await encodePng(map([0, 4, 8])), "other.png");
    await waitForStatus(page, /^Cannot read classes from other\.png: expected one of 0, 4, 9, got 8; change the file$/);
    assertEquals(await classes(page), numbers);
    assert(await page.$(".status.error"));
    assertEquals(problems, []);
    model.dispose();
  });
});
