/// <reference lib="dom" />
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { toImages, toTensor } from "../../lib/data/image_bytes.ts";
import { encodePng } from "../../lib/data/image.ts";
import { labelNumbers } from "../../lib/data/label_maps.ts";
import type { PageSide } from "../../lib/play/page_data.ts";
import { RandomStream } from "../../lib/play/random.ts"; // draws what TensorFlow draws on Deno
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import * as tf from "../../lib/tf.ts";
import { openPage, testInBrowser } from "./_browser.ts";
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
  status,
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
    await page.waitForFunction(() => !document.querySelector("[role=status]")!.textContent!.startsWith("Cannot"));
    for (let i = 0; i < 100 && difference(await board(page), house) > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assertEquals(await board(page), house);
    await drop(page, ".stage", new Uint8Array([1, 2, 3]), "broken.png");
    await waitForStatus(page, /^Cannot read broken.png: /);
    assertEquals(await board(page), house);

    const damaged = await openPage(browser, path, { backend: "wasm", hash: "#s=abc" });
    await waitForStatus(damaged.page, /^Cannot open the link: it is damaged/);
    assertEquals([problems, damaged.problems], [[], []]);
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  },
);

testInBrowser("a page of CycleGAN takes dropped photos, both ways, and shows the cycle", async (browser) => {
  await useBackend("wasm", { quiet: true });
  const folder = await Deno.makeTempDir();
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
  await drop(page, ".stage", await encodePng(photo(48, 64)), "wide.png");
  await page.waitForFunction(() => document.querySelector<HTMLCanvasElement>('canvas[aria-label="Input"]')!.width === 32);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const shown = await canvasOf(page, "Input");
  assertNotEquals(shown, photo());
  await waitForImage(page, "Output", await translated(model, shown, { direction: "yToX" }));
  await page.$eval(".comparison input", (slider) => {
    (slider as HTMLInputElement).value = "50";
    slider.dispatchEvent(new Event("input"));
  });
  assertEquals(await page.$eval(".compare", (stage) => (stage as HTMLElement).style.getPropertyValue("--cut")), "50%");
  assertEquals(problems, []);
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});

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

testInBrowser("weights that are cut short or damaged are one line on the page", async (browser) => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix({ size: SIZE, filters: 2, seed: 3 });
  const sides = { input: DRAWN, output: COLOUR };
  const path = await writePage(folder, model, sides, (weights) => weights.slice(0, weights.length / 2));
  const short = await ready(browser, path);
  assertMatch(
    await status(short.page),
    /^Cannot read the weights: .* ends after the last byte; the page is damaged: export the model again$/,
  );
  const whole = await Deno.readTextFile(await writePage(folder, model, sides));
  const pages: Record<string, [string, RegExp]> = {
    cut: [whole.replace(/(id="weights"[^>]*>.{1000})[^<]*/, "$1"), /^Cannot read the weights: the page is damaged/],
    wasm: [
      whole.replace(/(id="wasm"[^>]*>)[^<]*/, "$1H4sIAAAAAAAAA0tMSk5JTUvPAAAgYVPVCAAAAA=="),
      /^Cannot start a backend|^Cannot read the wasm/,
    ],
    missing: [whole.replace('id="weights"', 'id="other"'), /^Cannot read the page: it ends before its weights/],
    data: [whole.replace(/(id="forger">.{100})[^<]*/, "$1"), /^Cannot read the page: the description/],
  };
  for (const [name, [html, line]] of Object.entries(pages)) {
    await Deno.writeTextFile(`${folder}/${name}.html`, html);
    const { page } = await ready(browser, `${folder}/${name}.html`);
    assertMatch(await status(page), line);
  }
  assertEquals(short.problems, []);
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
