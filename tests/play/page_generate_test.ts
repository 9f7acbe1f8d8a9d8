/** Pages of GANs in Chromium: the images are those that Forger makes on this side. */
import { assertAlmostEquals, assertEquals, assertGreater, assertMatch, assertNotEquals } from "@std/assert";
import { RandomStream } from "../../lib/backend/random.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { between, combined, moved } from "../../lib/play/codes.ts";
import { principalDirections } from "../../lib/play/directions.ts";
import type { Values } from "../../lib/play/protocol.ts";
import { conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { gan } from "../../lib/systems/gan.ts";
import { noiseOf } from "../../lib/systems/gan_step.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import type * as tf from "../../lib/tf.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { codesOf, enter, imagesIn, imagesOf, linkOf, pressIn, shaken, waitForImages, withPacked } from "./_latent.ts";
import { writePage } from "./_pages.ts";
import { difference, waitForStatus } from "./_user.ts";

type Browser = ReturnType<OpenPage["page"]["browser"]>;

const SIZE = { height: 16, width: 16 };
const GRID = ".grid canvas";
const CHOSEN = ".chosen canvas";
const KEPT = ".shelf canvas";
const ROW = ".row canvas";
const ON_WAY = ".beside canvas";
const TERMS = ".terms canvas";

const colourGan = () => shaken(gan({ shape: [16, 16, 3], hidden: [24], latent: 6, noise: "normal" }));
const digitGan = () => shaken(conditionalGan({ shape: [16, 16, 1], hidden: [24, 24], latent: 6, classes: 3 }));

/** Directions of a GAN, as `deno task export` finds them. */
const directionsOf = (model: ReturnType<typeof colourGan> | ReturnType<typeof digitGan>) =>
  principalDirections(model as unknown as SomeModel, model.networks.generator)!;

/** Opens the page of a GAN on wasm, where the model runs on this side, too. */
async function openGan(browser: Browser, folder: string) {
  await useBackend("wasm", { quiet: true });
  const model = colourGan();
  const directions = directionsOf(model);
  const path = await writePage(folder, model as unknown as SomeModel, { size: SIZE, directions });
  const opened = await openPage(browser, path, { backend: "wasm" });
  await waitForStatus(opened.page, /^16 images of seed 0$/);
  return { model, directions, path, ...opened };
}

testInBrowser("the page of a GAN shows the images of seeds and directions that Forger makes", async (browser) => {
  await withFolder(async (folder) => {
    const { model, directions, page, problems, requests } = await openGan(browser, folder);
    const zero = await imagesOf(model, codesOf(model, 0, 16));
    assertGreater(difference(zero[0]!, zero[1]!), 50);
    await waitForImages(page, GRID, zero);

    await enter(page, "Seed", 7);
    const codes = codesOf(model, 7, 16);
    const images = await imagesOf(model, codes);
    await waitForImages(page, GRID, images);
    await waitForImages(page, CHOSEN, [images[0]!]);
    await enter(page, "Seed", "none"); // keeps the seed
    assertEquals(await page.$eval("input[type=number]", (input) => (input as HTMLInputElement).value), "7");

    await page.focus(".cell[aria-pressed=true]");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await waitForImages(page, CHOSEN, [images[5]!]);
    await enter(page, "Direction 1", 2);
    await enter(page, "Direction 3", -1);
    const [changed] = await imagesOf(model, [moved(codes[5]!, directions, [2, 0, -1])]);
    assertGreater(difference(changed!, images[5]!), 20);
    await waitForImages(page, CHOSEN, [changed!]);
    await pressIn(page, ".chosen", "Reset directions");
    await waitForImages(page, CHOSEN, [images[5]!]);
    assertEquals(requests.length, 1);
    assertEquals(problems, []);
    model.dispose();
  });
});

testInBrowser("one can keep images, walk between them and calculate with them, and a link holds all of it", async (browser) => {
  await withFolder(async (folder) => {
    const { model, directions, path, page, problems } = await openGan(browser, folder);
    const codes = codesOf(model, 0, 16);
    const changed = moved(codes[0]!, directions, [0, 1.5]);
    const way = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => between(codes[2]!, changed, i / 8, "normal"));
    const images = await imagesOf(model, [...codes, changed, combined(codes[0]!, codes[1]!, codes[3]!)]);
    const [changedImage, sum] = images.slice(16);
    const wayImages = await imagesOf(model, way);

    await pressIn(page, ".chosen", "Keep this image");
    await enter(page, "Direction 2", 1.5);
    await pressIn(page, ".chosen", "Keep this image");
    await waitForImages(page, KEPT, [images[0]!, changedImage!]);
    await waitForStatus(page, /^Kept as B: Seed 0, image 1, edited$/);
    await enter(page, "From", "3", ".walk");
    await enter(page, "To", "B", ".walk");
    await waitForImages(page, ROW, wayImages);
    await enter(page, "Position", 0.5, ".walk");
    await waitForImages(page, ON_WAY, [wayImages[4]!]);
    for (const [name, reference] of [["a", "A"], ["b", "2"], ["c", "4"]] as const) await enter(page, name, reference, ".sum");
    const terms = [images[0]!, images[1]!, images[3]!, sum!];
    await waitForImages(page, TERMS, terms);
    await pressIn(page, ".sum", "Keep the result");
    await waitForImages(page, KEPT, [images[0]!, changedImage!, sum!]);
    const link = await linkOf(page);
    await pressIn(page, ".shelf li:nth-child(2)", "Remove");
    await waitForImages(page, KEPT, [images[0]!, sum!]);
    await waitForImages(page, ON_WAY, await imagesOf(model, [between(codes[2]!, codes[0]!, 0.5, "normal")])); // B is gone

    const other = await openPage(browser, path, { backend: "wasm", hash: link });
    await waitForStatus(other.page, /^16 images of seed 0$/);
    await waitForImages(other.page, CHOSEN, [changedImage!]);
    await waitForImages(other.page, KEPT, [images[0]!, changedImage!, sum!]);
    await waitForImages(other.page, ON_WAY, [wayImages[4]!]);
    await waitForImages(other.page, TERMS, terms);
    await pressIn(other.page, ".shelf li:nth-child(3)", "Show");
    await waitForImages(other.page, CHOSEN, [sum!]);
    assertEquals([...problems, ...other.problems], []);
    model.dispose();
  });
});

testInBrowser("the page of a conditional GAN shows its classes by name", async (browser) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    const model = digitGan();
    const labels = ["cat", "<b>dog</b>", "cow"];
    const path = await writePage(folder, model, { size: SIZE, labels, directions: directionsOf(model) });
    const { page, problems } = await openPage(browser, path, { backend: "wasm" });
    await waitForStatus(page, /^16 images of seed 0$/);
    const codes = codesOf(model, 0, 16);
    const each = await imagesOf(model, codes, codes.map((_, i) => i % 3));
    await waitForImages(page, GRID, each);
    assertEquals(await page.$eval(".cell", (cell) => cell.ariaLabel), "Seed 0, image 1, class cat");

    await enter(page, "Direction 2", 3);
    const changed = moved(codes[0]!, directionsOf(model), [0, 3]);
    await waitForImages(page, CHOSEN, await imagesOf(model, [changed], [0]));
    await pressIn(page, ".classes", "<b>dog</b>");
    const dogs = await imagesOf(model, codes, codes.map(() => 1));
    assertGreater(difference(dogs[0]!, each[0]!), 20);
    await waitForImages(page, GRID, dogs);
    await waitForImages(page, CHOSEN, await imagesOf(model, [changed], [1])); // the same code, another class
    await pressIn(page, ".classes", "All");
    await waitForImages(page, GRID, each);
    await pressIn(page, ".classes", "cow");
    await waitForStatus(page, /^16 images of seed 0, class cow$/);

    const other = await openPage(browser, path, { backend: "wasm", hash: await linkOf(page) });
    await waitForStatus(other.page, /^16 images of seed 0, class cow$/);
    await waitForImages(other.page, CHOSEN, await imagesOf(model, [changed], [2]));
    assertEquals(await other.page.$eval(".classes [aria-pressed=true]", ({ textContent }) => textContent), "cow");
    assertEquals([...problems, ...other.problems], []);
    model.dispose();
  });
});

testInBrowser("a link that was tampered with opens what fits", async (browser) => {
  await withFolder(async (folder) => {
    await useBackend("wasm", { quiet: true });
    const model = digitGan();
    const path = await writePage(folder, model, { size: SIZE, labels: ["a", "b", "c"], directions: directionsOf(model) });
    const wrong = { seed: 1e99, label: -1, index: 1.5, moves: ["x", 99], walk: { from: "<i>", at: NaN }, sum: 3, chosen: {} };
    const kept = [null, { letter: "A", name: "n", noise: [1] }, { letter: "<b>", name: "", noise: [1, 2, 3, 4, 5, 6] }];
    const hash = await withPacked({ ...wrong, kept: [...kept, { letter: "Q", name: "<b>x</b>", noise: [1, 2, 3, 4, 5, 6] }] });
    const { page, problems } = await openPage(browser, path, { backend: "wasm", hash });
    await waitForStatus(page, /^16 images of seed 0$/);
    const codes = codesOf(model, 0, 1);
    await waitForImages(page, CHOSEN, await imagesOf(model, [moved(codes[0]!, directionsOf(model), [0, 3])], [0]));
    await waitForImages(page, KEPT, await imagesOf(model, [Float32Array.of(1, 2, 3, 4, 5, 6)], [0]));
    assertMatch(await page.$eval(".shelf", ({ textContent }) => textContent!), /^Q: <b>x<\/b>/);
    assertEquals(problems, []);
    model.dispose();
  });
});

testInBrowser("a seed gives the same images in a page as deno task generate --seed on TensorFlow", async (browser, context) => {
  await withFolder(async (folder) => {
    try {
      await useBackend("tensorflow", { quiet: true });
    } catch (error) {
      console.warn(`skipped: ${(error as Error).message}`);
      await context.step({ name: "TensorFlow", ignore: true, fn: () => {} });
      return;
    }
    for (const model of [colourGan(), digitGan()]) {
      const path = await writePage(folder, model as unknown as SomeModel, { size: SIZE });
      const { page, ask } = await openPage(browser, path, { backend: "wasm" });
      await waitForStatus(page, /^16 images/);
      await enter(page, "Seed", 123456789);
      const expected = await model.generate({ seed: 123456789, count: 16 });
      await waitForImages(page, GRID, imagesIn(expected as tf.Tensor4D));
      const { data } = await ask<Values>("noise", 5, 3);
      const noise = noiseOf(model.settings, new RandomStream(5), 3);
      noise.dataSync().forEach((value, i) => assertAlmostEquals(value, data[i]!, 1e-5));
      assertNotEquals(data[0], data[6]);
      noise.dispose();
      model.dispose();
    }
  });
});
