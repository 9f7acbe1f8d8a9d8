/** Pages of StackGANs, classifiers and GANs of points in Chromium: they show what Forger computes on this side. */
import { assert, assertAlmostEquals, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { embedCaptions } from "../../data/worlds/houses/mod.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { encodePng } from "../../lib/data/image.ts";
import { type Image, toTensor } from "../../lib/data/image_bytes.ts";
import { captionsFor } from "../../lib/play/export.ts";
import { RandomStream } from "../../lib/play/random.ts";
import { type Classifier, classifier } from "../../lib/systems/classifier.ts";
import { gan } from "../../lib/systems/gan.ts";
import { noiseOf } from "../../lib/systems/gan_step.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import { type StackGan, stackGan } from "../../lib/systems/stackgan.ts";
import { drawSketch, refineSketch } from "../../lib/systems/stackgan_step.ts";
import * as tf from "../../lib/tf.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { canvases, enter, imagesIn, linkOf, pressIn, shaken, waitForImages, withPacked } from "./_latent.ts";
import { urlOf, writePage } from "./_pages.ts";
import { drag, drop, waitForStatus } from "./_user.ts";

type Page = OpenPage["page"];
type Browser = ReturnType<Page["browser"]>;

/** The sketches and images of a caption, with random numbers drawn as in a page. */
function bothOf(
  { networks, settings }: StackGan,
  caption: string,
  seed: number,
): Record<"sketches" | "images", Image[]> {
  const random = new RandomStream(seed);
  const conditions = embedCaptions(new Array<string>(4).fill(caption));
  const shown = tf.tidy(() => {
    const sketch = drawSketch(networks, settings, random, conditions, {}).image;
    return { sketches: sketch, images: refineSketch(networks, settings, random, sketch, conditions, {}).image };
  });
  conditions.dispose();
  return { sketches: imagesIn(shown.sketches), images: imagesIn(shown.images) };
}

testInBrowser("the page of a StackGAN shows both stages of the sentence that is chosen", async (browser) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    const model = shaken(stackGan({ size: 32, filters: 4 }));
    const captions = captionsFor(model.settings.conditionSize);
    const path = await writePage(folder, model, { captions });
    const { page, problems, requests } = await openPage(browser, path, { backend: "wasm" });
    const expect = async (page: Page, caption: string, seed: number) => {
      const { sketches, images } = bothOf(model, caption, seed);
      await waitForImages(page, ".pair figure:nth-child(1) canvas", sketches);
      await waitForImages(page, ".pair figure:nth-child(2) canvas", images);
    };
    await waitForStatus(page, /^4 images of seed 0: a red house with one window$/);
    await expect(page, "a red house with one window", 0);
    await page.select("select[aria-label=colour]", "3");
    await page.select("select[aria-label=windows]", "1");
    await waitForStatus(page, /^4 images of seed 0: a blue house with two windows$/);
    await expect(page, "a blue house with two windows", 0);
    await enter(page, "Seed", 9);
    await expect(page, "a blue house with two windows", 9);

    const other = await openPage(browser, path, { backend: "wasm", hash: await linkOf(page) });
    await waitForStatus(other.page, /^4 images of seed 9: a blue house with two windows$/);
    await expect(other.page, "a blue house with two windows", 9);
    assertEquals([...problems, ...other.problems], []);
    assertEquals(requests.length, 1);
    model.dispose();
  });
});

/** Probabilities of the classes, in percent, that Forger's model computes from what the page says the model sees. */
async function percentOf(model: Classifier, page: Page): Promise<number[]> {
  const [seen] = await canvases(page, ".answer canvas");
  const grey: Image = { ...seen!, data: seen!.data.filter((_, i) => i % 3 === 0), channels: 1 };
  const input = toTensor([grey]);
  const probabilities = tf.tidy(() => tf.softmax((model.networks.classifier.apply(input) as tf.Tensor2D[])[0]!));
  const [top] = await model.classify(input);
  const values = [...probabilities.dataSync()];
  assertEquals(values.indexOf(Math.max(...values)), top);
  tf.dispose([input, probabilities]);
  return values.map((value) => 100 * value);
}

/** Waits until the bars show the probabilities of what the model sees. */
async function waitForBars(model: Classifier, page: Page): Promise<number[]> {
  let [shown, expected]: [number[], number[]] = [[], []];
  let before = ""; // an answer counts once it stays: the page may still be busy with an earlier one
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    expected = await percentOf(model, page);
    shown = await page.$$eval(".bars .percent", (all) => all.map(({ textContent }) => parseFloat(textContent!)));
    const isRight = shown.every((value, i) => Math.abs(value - expected[i]!) < 0.6);
    if (isRight && before === `${shown}`) return expected;
    before = isRight ? `${shown}` : "";
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`The bars show [${shown}] instead of [${expected}]`);
}

/** Grey values that grow to the right, or downwards. */
const ramp = (right: boolean): Image => ({
  data: Uint8Array.from({ length: 32 * 32 }, (_, i) => 8 * (right ? i % 32 : Math.floor(i / 32))),
  ...{ height: 32, width: 32, channels: 1 },
});

/** Opens the page of a classifier on wasm, where the model runs on this side, too. */
async function openClassifier(browser: Browser, folder: string) {
  await useBackend("wasm", { quiet: true });
  const model = shaken(classifier({ size: 32, filters: 4, features: 8 }));
  const labels = Array.from({ length: 10 }, (_, i) => `digit ${i}`);
  const examples = [{ name: "digit 3", input: await urlOf(ramp(true)) }];
  const path = await writePage(folder, model, { labels, examples });
  const opened = await openPage(browser, path, { backend: "wasm" });
  await opened.page.setViewport({ width: 1000, height: 900 });
  await waitForStatus(opened.page, /^Draw, or choose an image$/);
  const texts = await opened.page.$$eval(".bars .percent", (all) => all.map(({ textContent }) => textContent));
  assertEquals(texts, labels.map(() => ""));
  return { model, path, ...opened };
}

testInBrowser("the page of a classifier shows what the model says about drawings, images and examples", async (browser) => {
  await withFolder(async (folder) => {
    const { model, path, page, problems, requests } = await openClassifier(browser, folder);
    await drag(page, [4, 4], [4, 12]);
    const drawn = await waitForBars(model, page);
    const top = drawn.indexOf(Math.max(...drawn));
    await waitForStatus(page, new RegExp(`^The model says: digit ${top} \\(`));
    const [centred] = await canvases(page, ".answer canvas");
    assertGreater(inkIn(centred!, 14, 18), 0);
    await tick(page, "Centre");
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".answer canvas")!;
      return canvas.getContext("2d")!.getImageData(4, 8, 1, 1).data[0]! > 0;
    });
    await waitForBars(model, page);
    const link = await linkOf(page);

    await drop(page, ".classify", await encodePng(ramp(false)), "ramp.png");
    await waitForImages(page, ".answer canvas", imagesIn(toTensor([ramp(false)])));
    assert((await waitForBars(model, page)).some((value, i) => Math.abs(value - drawn[i]!) > 1));
    await tick(page, "Invert");
    await waitForImages(page, ".answer canvas", [inverted(imagesIn(toTensor([ramp(false)]))[0]!)]);
    await tick(page, "Invert");
    await page.locator(".example").click();
    await waitForImages(page, ".answer canvas", imagesIn(toTensor([ramp(true)])));
    await waitForBars(model, page);
    await pressIn(page, ".tools", "Clear");
    await waitForStatus(page, /^Draw, or choose an image$/);

    const other = await openPage(browser, path, { backend: "wasm", hash: link });
    await waitForStatus(other.page, /^The model says/);
    (await waitForBars(model, other.page)).forEach((value, i) => assertAlmostEquals(value, drawn[i]!, 0.01)); // centred again
    assertEquals([...problems, ...other.problems], []);
    assertEquals(requests.length, 1);
    model.dispose();
  });
});

/** Clicks a check box. */
const tick = async (page: Page, label: string) =>
  await page.locator(`::-p-xpath(//label[contains(., "${label}")]/input)`).click();

/** Sum of the values in a square in the middle of an image. */
function inkIn({ data, width }: Image, from: number, to: number): number {
  let sum = 0;
  for (let row = from; row < to; row++) for (let column = from; column < to; column++) sum += data[3 * (row * width + column)]!;
  return sum;
}

function inverted({ data, ...image }: Image): Image {
  return { ...image, data: data.map((value) => 255 - value) };
}

testInBrowser("the page of a GAN of points draws the points", async (browser) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    const model = shaken(gan({ shape: [2], hidden: [16], latent: 4 }));
    const path = await writePage(folder, model as unknown as SomeModel, { size: { height: 1, width: 1 } });
    const { page, problems } = await openPage(browser, path, { backend: "wasm" });
    await waitForStatus(page, /^1000 points of seed 0$/);
    await enter(page, "Number of points", 200);
    await enter(page, "Seed", 3);
    await waitForStatus(page, /^200 points of seed 3$/);
    const noise = noiseOf(model.settings, new RandomStream(3), 200);
    const points = await model.generate({ noise });
    const values = points.arraySync() as [number, number][];
    tf.dispose([noise, points]);
    const drawn = await alphaAt(page, values);
    assert(drawn.every((alpha) => alpha > 0), "a point is missing");
    const mean = values.reduce((sum, [x]) => sum + x, 0) / values.length;
    assertMatch(
      await page.$eval(".plot + .hint", ({ textContent }) => textContent!.replaceAll("−", "-")),
      new RegExp(`^x: mean ${mean.toFixed(2)}, `),
    );

    await tick(page, "the interpolation between");
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".plot canvas")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value, i) => i % 4 === 0 && value > 200 && data[i + 2]! < 50 && data[i + 3] === 255);
    });
    const other = await openPage(browser, path, { backend: "wasm", hash: await linkOf(page) });
    await waitForStatus(other.page, /^200 points of seed 3$/);
    assertEquals(await other.page.$eval("input[type=checkbox]", (box) => (box as HTMLInputElement).checked), true);
    assertEquals([...problems, ...other.problems], []);
    model.dispose();
  });
});

testInBrowser(
  "the page of a GAN of numbers draws a histogram, without an interpolation, even if a link asks for it",
  async (browser) => {
    await withFolder(async (folder) => {
      await useBackend("wasm", { quiet: true });
      const model = shaken(gan({ shape: [1], hidden: [16], latent: 4 }));
      const path = await writePage(folder, model as unknown as SomeModel, { size: { height: 1, width: 1 } });
      const { page, problems } = await openPage(browser, path, {
        backend: "wasm",
        hash: await withPacked({ way: true, seed: 4 }),
      });
      await waitForStatus(page, /^1000 points of seed 4$/);
      assertEquals(await page.$$eval("input[type=checkbox]", (all) => all.length), 0);
      const ink = await page.$eval(".plot canvas", (canvas) => {
        const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(37, 37, 406, 406);
        return data.filter((value, i) => i % 4 === 3 && value === 255).length;
      });
      assertGreater(ink, 1000);
      assertMatch(
        await page.$eval(".plot + .hint", ({ textContent }) => textContent!),
        /^x: mean [−\d.]+, standard deviation [\d.]+\.$/,
      );
      assertMatch(await page.$eval(".card dd", ({ textContent }) => textContent!), /^test: [^×]+, points$/); // no size in pixels
      assertEquals(problems, []);
      model.dispose();
    });
  },
);

/** Opacity of the plot at points, whose axes reach to the largest label. */
async function alphaAt(page: Page, points: [number, number][]): Promise<number[]> {
  const reach = Number(await page.$eval(".plot canvas", (canvas) => (canvas as HTMLElement).dataset["reach"]));
  const [SIZE, MARGIN] = [480, 36];
  const place = (value: number) => SIZE / 2 + (SIZE / 2 - MARGIN) * value / reach;
  return await page.$eval(".plot canvas", (canvas, places) => {
    const context = (canvas as HTMLCanvasElement).getContext("2d")!;
    return places.map(([x, y]) => context.getImageData(Math.round(x!), Math.round(y!), 1, 1).data[3]!);
  }, points.map(([x, y]) => [place(x), SIZE - place(y)]));
}
