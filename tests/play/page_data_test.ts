import { assert, assertEquals, assertGreater, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { embedCaptions, readCaption } from "../../data/worlds/houses/mod.ts";
import * as random from "../../lib/backend/random.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { snippetOf } from "../../lib/cli/export/card.ts";
import { encodePng, readImageBytes } from "../../lib/data/image.ts";
import * as stackgan from "../../lib/models/stackgan.ts";
import { LARGEST_SEED, STAGE_SCALE } from "../../lib/play/constants.ts";
import { principalDirections } from "../../lib/play/directions.ts";
import { withPalettes } from "../../lib/play/examples.ts";
import { captionsFor } from "../../lib/play/export.ts";
import { knownData } from "../../lib/play/known_data.ts";
import { CMP_FACADES, coloursApart, hasColours, paletteOfImages, paletteOfLabels, TOYTOWN } from "../../lib/play/palette.ts";
import { gan } from "../../lib/systems/gan.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { withFolder } from "../cli/_task.ts";
import { exported, MODELS } from "./_models.ts";

/** Decodes a PNG file in a data URL. */
async function pixels(url: string) {
  return await readImageBytes(Uint8Array.fromBase64(url.replace(/^data:image\/png;base64,/, "")));
}

Deno.test("the constants of the script of a page are the library's", () => {
  assertEquals([LARGEST_SEED, STAGE_SCALE], [random.LARGEST_SEED, stackgan.STAGE_SCALE]);
});

Deno.test("a page of toytown has its palette, and scenes that were held out, with their truth", () =>
  withFolder(async (folder) => {
    const { data } = await exported(folder, "pix2pix", {}, { direction: "BtoA" });
    assertEquals(data.input!.palette, [...TOYTOWN]);
    assertEquals(data.output, { channels: 3, meaning: "colours" });
    assertEquals(data.examples.length, 6);
    const { input, truth } = data.examples[0]!;
    const drawn = await pixels(input!);
    assertEquals([drawn.height, drawn.width, (await pixels(truth!)).width], [32, 32, 32]);
    const colours = new Set(TOYTOWN.map(({ colour }) => colour.join()));
    for (let i = 0; i < drawn.data.length; i += 3) assert(colours.has(drawn.data.subarray(i, i + 3).join()));
    assertEquals(data.card.data, "toytown (train)");
    assertStringIncludes(data.card.licence!, "synthetic images from Forger");
    assertEquals(data.card.trained, "Trained on 10 pairs of images from toytown (train) for 20 steps.");
    const other = await exported(folder, "pix2pix", {}, { direction: "AtoB" });
    assertEquals([other.data.input!.palette, other.data.output!.palette], [undefined, [...TOYTOWN]]);
  }));

Deno.test("a page shows the samples of the training run, if there is no other data", () =>
  withFolder(async (folder) => {
    const given = join(folder, "pix2pix", "samples", "given");
    await Deno.mkdir(given, { recursive: true });
    const image = (value: number, size = 32) => ({
      data: new Uint8Array(size * size * 3).fill(value),
      height: size,
      width: size,
      channels: 3,
    });
    await Deno.writeFile(join(given, "1-input.png"), await encodePng(image(10)));
    await Deno.writeFile(join(given, "1-target.png"), await encodePng(image(20)));
    await Deno.writeFile(join(given, "2-input.png"), await encodePng(image(10, 16))); // of another run
    const { data } = await exported(folder, "pix2pix", { data: undefined }, { data: "mine" });
    assertEquals(data.examples.map(({ name }) => name), ["sample 1"]);
    assertEquals((await pixels(data.examples[0]!.truth!)).data[0], 20);
  }));

Deno.test("with --data, the metric decides on the precision, and the page shows it", () =>
  withFolder(async (folder) => {
    const { data } = await exported(folder, "classifier", { data: "digits" }, { data: "digits (train)" });
    assertMatch(data.card.weights, /; accuracy on digits \(test\) 0\.\d+ instead of 0\.\d+$/);
    assertEquals(data.labels, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assertEquals(data.examples.map(({ name }) => name), ["0", "1", "2", "3", "4", "5"]);
    const pairs = await exported(folder, "pix2pix", { data: "toytown", weights: "float16" }, { direction: "BtoA" });
    assertMatch(
      pairs.data.card.weights,
      /^float16: .*; L1 distance to the targets of toytown \(test\) [\d.]+ instead of [\d.]+$/,
    );
  }));

Deno.test("a page of a CycleGAN has examples of both domains", () =>
  withFolder(async (folder) => {
    const { data } = await exported(folder, "cyclegan", {}, { data: "toytown (facade, brick and plaster, train)" });
    assertEquals(data.examples.map(({ back = false, truth }) => [back, truth !== undefined]).map(String), [
      ...new Array(6).fill("false,true"),
      ...new Array(6).fill("true,false"),
    ]);
    assertEquals(data.back, { input: data.output!, output: data.input! });
  }));

Deno.test("the command on a page names no folder of the user", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "pix2pix"));
    const args = ["pix2pix", "--data", "/home/me/my photos", "--out=/home/me/run", "--epochs", "3", "--log", "/home/me/log"];
    await Deno.writeTextFile(join(folder, "pix2pix", "command.json"), JSON.stringify({ args, from: "/home/me" }));
    const measures = { "L1, before training": 0.5, "L1, after training": 0.25, other: "x" };
    await Deno.writeTextFile(join(folder, "pix2pix", "run.json"), JSON.stringify({ measures }));
    const { html, data } = await exported(folder, "pix2pix", {}, { data: "my photos" });
    assertEquals(data.card.command, "deno task train pix2pix --data 'my photos' --epochs 3");
    assertEquals(data.card.metrics, { L1: 0.25 });
    assert(!html.includes("/home/me") && !html.includes(folder));
  }));

Deno.test("the words of a page encode captions as deno task generate does", async () => {
  await useBackend("cpu", { quiet: true });
  const { parts, size } = captionsFor(10);
  const choices = parts.map((part) => typeof part === "string" ? [{ text: part, sets: [] }] : part.words);
  const sentences = choices.reduce<{ text: string; sets: number[] }[]>(
    (all, words) =>
      all.flatMap((one) => words.map(({ text, sets }) => ({ text: `${one.text} ${text}`.trim(), sets: [...one.sets, ...sets] }))),
    [{ text: "", sets: [] }],
  );
  assertEquals(sentences.length, 24);
  for (const { text, sets } of sentences) {
    readCaption(text);
    assertEquals(Array.from({ length: size }, (_, i) => sets.includes(i) ? 1 : 0), embedCaptions([text]).arraySync()[0], text);
  }
  assertEquals(captionsFor(3).parts.at(-1), {
    name: "condition",
    words: [0, 1, 2].map((i) => ({ text: `${i}`, sets: [i] })),
  });
});

Deno.test("principalDirections() finds the direction that changes the images of a generator most", async () => {
  await useBackend("cpu", { quiet: true });
  const model = gan({ shape: [4, 4, 1], hidden: [], latent: 5, noise: "normal" }) as unknown as SomeModel;
  const [kernel] = model.networks["generator"]!.weights;
  // Only the second and, less so, the fourth element of the code have an effect.
  kernel!.write(
    tf.tensor2d([0, 0.5, 0, 0.1, 0].map((value) => new Array(16).fill(value).map((one, i) => one * (i % 2 ? 1 : -1)))),
  );
  const { axes, scales, mean } = principalDirections(model, model.networks["generator"]!)!;
  assertEquals([mean.length, axes.length, scales[0]], [5, 5, 1]);
  const [first] = axes;
  assertGreater(Math.abs(first![1]!), 0.95);
  assertGreater(Math.abs(first![3]!), 0.1);
  axes.forEach((a, i) => axes.forEach((b, j) => assert(Math.abs(dot(a, b) - (i === j ? 1 : 0)) < 1e-3)));
  model.dispose();
});

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

Deno.test("palettes have the names of known classes, or colours well apart", () => {
  assertEquals(CMP_FACADES.length, 12);
  assertEquals(paletteOfLabels(CMP_FACADES.map(({ colour }) => colour))[2], { name: "window", colour: [0, 85, 255] });
  assertEquals(paletteOfLabels([0, 7, 255]).map(({ name }) => name), ["value 0", "value 7", "value 255"]);
  const colours = coloursApart(256);
  assertEquals(new Set(colours.map(String)).size, 256);
  const apart = coloursApart(12).map((a, i, all) =>
    Math.min(...all.flatMap((b, j) => i === j ? [] : [Math.hypot(...a.map((v, c) => v - b[c]!))]))
  );
  assertGreater(Math.min(...apart), 80);
});

Deno.test("hasColours() accepts traces of compression, but no photograph", () => {
  const image = (noise: number) => ({
    data: Uint8Array.from(
      Array.from({ length: 120 }, (_, i) => CMP_FACADES[i % 12]!.colour.map((value) => value + noise)).flat(),
    ),
    ...{ height: 10, width: 12, channels: 3 },
  });
  assertEquals([hasColours([image(0)], CMP_FACADES), hasColours([], CMP_FACADES)], [true, true]);
  const greys = { ...image(0), data: Uint8Array.from({ length: 360 }, (_, i) => 60 + Math.floor(i / 3)) };
  assertEquals(hasColours([greys], CMP_FACADES), false);
});

Deno.test("knownData() recognizes a data set by its record, not by the name of a folder alone", () => {
  const reading = { fit: "cover", sides: {} } as const;
  const known = (data: string, count: number, files = true) => knownData({ data, count, ...files && { reading } })?.name;
  assertEquals(known("facades (train)", 400), "facades");
  assertEquals(known("facades (train)", 401), undefined);
  assertEquals([known("facades-night (train)", 4), known("facades", 4), known("facades (x)", 4)], new Array(3).fill(undefined));
  assertEquals([known("horse2zebra (train)", 1334), known("edges2shoes (train)", 50_000)], ["horse2zebra", "edges2shoes"]);
  assertEquals([known("houses (train)", 10), known("houses (train)", 10, false)], [undefined, "houses"]);
  assertEquals([known("mnist (train)", 10, false), known("mine", 10)], ["mnist", undefined]);
});

Deno.test("the code on a page fits the channels of the model", async () => {
  await useBackend("cpu", { quiet: true });
  const codeOf = (name: string) => {
    const model = MODELS[name]!();
    const code = snippetOf("folder", model);
    model.dispose();
    return code;
  };
  const planes = codeOf("pix2pix of label planes");
  assertStringIncludes(planes, 'tf.oneHot(classes, 5, 1, -1, "float32")');
  assertStringIncludes(planes, 'writeImage("output.png", image)');
  assert(!planes.includes("readImage"));
  const points = codeOf("gan of points");
  assertStringIncludes(points, "console.log(points.arraySync())");
  assert(!points.includes("writeImage"));
  assertStringIncludes(codeOf("pix2pix"), 'readImage("input.png")');
});

Deno.test("paletteOfImages() finds the colours of drawings, but not those of photographs", () => {
  const image = (value: (i: number) => number[]) => ({
    data: Uint8Array.from(Array.from({ length: 100 }, (_, i) => value(i)).flat()),
    ...{ height: 10, width: 10, channels: value(0).length },
  });
  const edges = paletteOfImages([image((i) => [i % 5 === 0 ? 1 : 255])]);
  assertEquals(edges, [{ name: "white", colour: [255, 255, 255] }, { name: "black", colour: [1, 1, 1] }]);
  const labels = paletteOfImages([image((i) => [...CMP_FACADES[i % 12]!.colour])]);
  assertEquals(labels, [...CMP_FACADES]);
  assertEquals(paletteOfImages([image((i) => [i, 255 - i, 2 * i])]), undefined);
  assertEquals(paletteOfImages([image((i) => [i < 60 ? 255 : 2 * i])]), undefined); // a grey photograph on white
  assertEquals(paletteOfImages([]), undefined);
});

Deno.test("the images of a classifier keep their shades, even if its examples have few", async () => {
  await useBackend("cpu", { quiet: true });
  const [classifier, pix2pix] = ["classifier", "pix2pix"].map((name) => MODELS[name]!());
  const input = { data: Uint8Array.from({ length: 100 }, (_, i) => i % 3 === 0 ? 255 : 0), height: 10, width: 10, channels: 1 };
  const side = { channels: 1, meaning: "colours" } as const;
  const paletteFor = (model: SomeModel) =>
    withPalettes({ input: side, output: side }, [{ name: "1", input }], model).input!.palette;
  assertEquals([paletteFor(classifier!), paletteFor(pix2pix!)?.length], [undefined, 2]);
  for (const model of [classifier!, pix2pix!]) model.dispose();
});
