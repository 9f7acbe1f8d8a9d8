/// <reference lib="dom" />
import { assert, assertEquals, assertGreater } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { type Image, toTensor } from "../../lib/data/image_bytes.ts";
import { encodePng } from "../../lib/data/image.ts";
import { labelNumbers } from "../../lib/data/label_maps.ts";
import type { PageSide } from "../../lib/play/page_data.ts";
import { RandomStream } from "../../lib/play/random.ts"; // draws what TensorFlow draws on Deno
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import * as tf from "../../lib/tf.ts";
import { openPage, testInBrowser } from "./_browser.ts";
import { enter } from "./_latent.ts";
import { enlarge, urlOf, writePage } from "./_pages.ts";
import {
  board,
  canvasOf,
  classes,
  COLOUR,
  COLOURS,
  difference,
  drag,
  DRAWN,
  drop,
  house,
  PALETTE,
  photo,
  press,
  ready,
  saved,
  SIZE,
  translated,
  waitForImage,
  waitForStatus,
} from "./_user.ts";

testInBrowser(
  "a page of pix2pix draws, undoes, redoes, clears, saves, and opens its link again, with translate's pixels",
  async (browser) => {
    await useBackend("wasm", { quiet: true });
    const folder = await Deno.makeTempDir();
    const model = pix2pix({ size: SIZE, filters: 4, seed: 3, generator: "unet" });
    enlarge(model.networks.generator);
    const truth = photo();
    const examples = [{ name: "1.png", input: await urlOf(house), truth: await urlOf(truth) }];
    const path = await writePage(folder, model, { input: DRAWN, output: COLOUR, examples });
    const opened = await ready(browser, path);
    const { page, problems, requests } = opened;
    const follows = async () => await waitForImage(page, "Output", await translated(model, await board(page)));
    const start = labelNumbers(house, COLOURS);
    assertEquals(await classes(page), start);
    assertEquals(await canvasOf(page, "True output"), truth);
    await follows();
    const spread = (await canvasOf(page, "Output")).data;
    assert(Math.max(...spread) - Math.min(...spread) > 100, "the output is grey: the comparison shows nothing");

    await press(page, "door");
    await drag(page, [2, 2], [12, 2]);
    const line = await classes(page);
    assertEquals([...line.subarray(2 * SIZE + 2, 2 * SIZE + 13)], new Array(11).fill(2));
    await follows();
    await press(page, "Rectangle");
    await press(page, "wall");
    await drag(page, [28, 5], [26, 3]);
    const rectangle = await classes(page);
    assertEquals([3, 4, 5].map((y) => [...rectangle.subarray(y * SIZE + 25, y * SIZE + 30)].join("")), [
      "01110",
      "01110",
      "01110",
    ]);
    await press(page, "Fill");
    await press(page, "door");
    await drag(page, [15, 20], [15, 20]);
    const filled = await classes(page);
    assertEquals(filled.filter((_, i) => start[i] === 1), new Uint8Array(start.filter((n) => n === 1).length).fill(2));
    await follows();

    const key = async (...keys: ("Control" | "Shift" | "z" | "y")[]) => {
      for (const one of keys) await page.keyboard.down(one);
      for (const one of keys.reverse()) await page.keyboard.up(one);
    };
    await key("Control", "z");
    assertEquals(await classes(page), rectangle);
    await key("Control", "z");
    await key("Control", "z");
    assertEquals(await classes(page), start);
    await key("Control", "Shift", "z");
    await key("Control", "y");
    assertEquals(await classes(page), rectangle);
    await follows();

    const input = await saved(page, folder, () => press(page, "Save input"), "test-input.png");
    assertEquals(input, await board(page));
    const both = await saved(page, folder, () => press(page, "Save both"), "test-both.png");
    assertEquals([both.height, both.width], [SIZE, 2 * SIZE]);
    await press(page, "Copy link");
    await waitForStatus(page, /link/);
    const { hash } = new URL(page.url());
    await press(page, "Clear");
    assertEquals(await classes(page), new Uint8Array(SIZE ** 2));
    await follows();

    const again = await ready(browser, path, hash);
    assertEquals(await classes(again.page), rectangle);
    await waitForImage(again.page, "Output", await translated(model, await board(again.page)));
    assertEquals([problems, again.problems], [[], []]);
    assertEquals(requests.filter((url) => !url.startsWith("file:")), []);
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  },
);

testInBrowser(
  "a board can be used with keys only, takes a dropped label map, and a damaged link is one line",
  async (browser) => {
    await useBackend("wasm", { quiet: true });
    const folder = await Deno.makeTempDir();
    const model = pix2pix({ size: SIZE, filters: 2, inputChannels: 3, seed: 3 });
    const side: PageSide = { channels: 3, meaning: "classes", palette: PALETTE };
    const path = await writePage(folder, model, { input: side, output: COLOUR });
    const { page, problems } = await ready(browser, path);
    await page.focus("canvas.drawn");
    for (const key of ["2", "r", " ", "ArrowRight", "ArrowDown", " "] as const) await page.keyboard.press(key as "r");
    const drawn = await classes(page);
    assertEquals([16, 17].map((y) => [...drawn.subarray(y * SIZE + 15, y * SIZE + 19)].join("")), ["0110", "0110"]);
    assertEquals(drawn.filter((n) => n === 1).length, 4);
    await page.keyboard.press("f");
    await page.keyboard.press("3");
    await page.keyboard.press(" ");
    assertEquals((await classes(page)).filter((n) => n === 2).length, 4);

    await drop(page, ".stage", await encodePng(house), "house.png");
    await waitForImage(page, "Drawing board", house, 0);
    const isRed = () => page.$$eval(".status.error", (all) => all.length === 1);
    assertEquals(await isRed(), false);
    assertEquals(await drop(page, "h1", new Uint8Array([1, 2, 3]), "broken.png"), true); // beside the stage
    await waitForStatus(page, /^Cannot read broken.png: /);
    assertEquals([await isRed(), await board(page)], [true, house]);
    await page.focus("canvas.drawn");
    for (const key of ["p", " ", " "] as const) await page.keyboard.press(key as "p"); // the next image succeeds
    await waitForStatus(page, /^Ready$/);
    assertEquals(await isRed(), false);
    assertEquals(await drop(page, ".card", await encodePng(house), "house.png"), true);
    await waitForImage(page, "Drawing board", house, 0);

    const damaged = await openPage(browser, path, { backend: "wasm", hash: "#s=abc" });
    await waitForStatus(damaged.page, /^Cannot open the link: it is damaged/);
    assertEquals([problems, damaged.problems], [[], []]);
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  },
);

testInBrowser(
  "a page of BicycleGAN shows the variants of translate's seeds, and takes the code of an image",
  async (browser) => {
    await useBackend("wasm", { quiet: true });
    const folder = await Deno.makeTempDir();
    const model = bicycleGan({ size: SIZE, filters: 4, latent: 3, layers: 1, seed: 2 });
    enlarge(model.networks.generator);
    const truth = photo();
    const examples = [{ name: "1.png", input: await urlOf(house), truth: await urlOf(truth) }];
    const path = await writePage(folder, model, { input: DRAWN, output: COLOUR, examples });
    const { page, problems } = await ready(browser, path);
    await page.$$eval(".variant canvas", (all) => all.forEach((canvas, i) => canvas.setAttribute("aria-label", `variant ${i}`)));
    const withSeed = (seed: number) => translated(model, house, { codes: new RandomStream(seed).normal([1, 3]) });
    const variants = await Promise.all([0, 1, 5].map(withSeed));
    await waitForImage(page, "Output", variants[0]!);
    for (const [i, seed] of [0, 1, 5].entries()) await waitForImage(page, `variant ${seed}`, variants[i]!);
    assert(difference(variants[0]!, variants[1]!) > 10, "the code changes nothing: the comparison shows nothing");
    await page.click(".variant:nth-child(2)");
    await waitForImage(page, "Output", variants[1]!);

    await press(page, "Code of the true output");
    const image = toTensor([truth]);
    const codes = model.encode(image);
    const asInTruth = await translated(model, house, { codes });
    await waitForImage(page, "Output", asInTruth);
    await press(page, "Six new variants");
    await waitForImage(page, "Output", await withSeed(6));
    assertEquals(problems, []);
    tf.dispose([image, codes]);
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  },
);

testInBrowser("a link holds the seed of dropout, with which the output is the same again", async (browser) => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix({ size: SIZE, filters: 4, seed: 3, generator: "unet", dropout: 0.5 });
  enlarge(model.networks.generator);
  const path = await writePage(folder, model, {
    input: DRAWN,
    output: COLOUR,
    examples: [{ name: "1.png", input: await urlOf(house) }],
  });
  const { page, problems } = await ready(browser, path);
  const plain = await translated(model, house);
  await waitForImage(page, "Output", plain);
  const other = async (before: Image): Promise<Image> => {
    for (const end = Date.now() + 60_000; Date.now() < end;) {
      const now = await canvasOf(page, "Output");
      if (difference(now, before) > 1) return now;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the output does not change");
  };
  await page.locator("::-p-xpath(//label[starts-with(normalize-space(), 'Dropout')]/input)").click();
  const first = await other(plain);
  await enter(page, "Seed", 7);
  const seventh = await other(first);
  assertGreater(difference(seventh, plain), 10);
  await press(page, "Copy link");
  await waitForStatus(page, /link/);
  const { hash } = new URL(page.url());
  await page.locator("::-p-xpath(//label[starts-with(normalize-space(), 'Dropout')]/input)").click();
  await waitForImage(page, "Output", plain);

  const again = await ready(browser, path, hash);
  await waitForImage(again.page, "Output", seventh, 0);
  const boxes = await again.page.$$eval(".check input", (all) => all.map((box) => (box as HTMLInputElement).checked));
  assertEquals([boxes, problems, again.problems], [[true], [], []]);
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});

testInBrowser("a page fits a phone of 360 pixels and is dark where the system is", async (browser) => {
  const folder = await Deno.makeTempDir();
  const model = bicycleGan({ size: SIZE, filters: 2, layers: 1, seed: 2 });
  const { page, problems } = await openPage(browser, await writePage(folder, model, { input: DRAWN, output: COLOUR }), {
    backend: "wasm",
  });
  await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  await waitForStatus(page, /^Ready/);
  await page.$$eval("details", (all) => all.forEach((one) => one.open = true));
  assertEquals(await page.evaluate(() => document.documentElement.scrollWidth), 360);
  assertEquals(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(21, 25, 28)");
  const unnamed = await page.$$eval(
    "button, input, canvas[tabindex]",
    (all) =>
      all.filter((one) =>
        !one.getAttribute("aria-label") && !one.textContent?.trim() && !(one as HTMLInputElement).labels?.[0]?.textContent?.trim()
      ).map(({ outerHTML }) => outerHTML),
  );
  assertEquals(unnamed, []);
  assertEquals(problems, []);
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});

testInBrowser("a page says when the true output belongs to the example, which the user has changed", async (browser) => {
  await useBackend("wasm", { quiet: true });
  const folder = await Deno.makeTempDir();
  const model = pix2pix({ size: SIZE, filters: 4, seed: 3, generator: "unet" });
  const examples = [{ name: "1.png", input: await urlOf(house), truth: await urlOf(photo()) }];
  const path = await writePage(folder, model, { input: DRAWN, output: COLOUR, examples });
  const { page, problems } = await ready(browser, path);
  const caption = () =>
    page.$$eval("figcaption", (all) => all.map(({ textContent }) => textContent).find((it) => /^True/.test(it!)));
  const captions = [await caption()];
  for (const name of ["Clear", "Undo"]) {
    await press(page, name);
    captions.push(await caption());
  }
  assertEquals(captions, ["True output", "True output of the example", "True output"]);
  assertEquals(problems, []);
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});
