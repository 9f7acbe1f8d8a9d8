/** Models for plain TensorFlow.js give the images that `translate` and `generate` give, without Forger. */
import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { basename, join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { exportPlain } from "../../lib/cli/export.ts";
import { run } from "../../lib/cli/process.ts";
import { plainModels } from "../../lib/play/plain_tfjs.ts";
import { RandomStream } from "../../lib/play/random.ts";
import type { Precision } from "../../lib/play/protocol.ts";
import { type BicycleGan, bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { type Classifier, classifier } from "../../lib/systems/classifier.ts";
import { type CycleGan, cycleGan } from "../../lib/systems/cyclegan.ts";
import { type ConditionalGan, conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { type Gan, gan } from "../../lib/systems/gan.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import { type StackGan, stackGan } from "../../lib/systems/stackgan.ts";
import { drawSketch, refineSketch } from "../../lib/systems/stackgan_step.ts";
import * as tf from "../../lib/tf.ts";
import { withFolder } from "../cli/_task.ts";
import { DEFAULTS, QUIET } from "./_models.ts";

/** Largest difference between a value of plain TensorFlow.js and Forger's. */
const TOLERANCE = 1e-4;

/** Inputs of a model, and the outputs that Forger computes. */
interface Asked {
  /** Path of its model.json in the folder. */
  path: string;
  inputs: tf.Tensor[];
  expected: tf.Tensor[];
}

/** A model, and what Forger computes with it. */
interface Case {
  build(): unknown;
  running?: boolean;
  ask(model: never): Promise<Asked[]> | Asked[];
}

const images = (...shape: number[]): tf.Tensor4D => tf.randomUniform<tf.Rank.R4>(shape as never, -1, 1, "float32", 5);
const noise = (...shape: number[]): tf.Tensor2D => new RandomStream(6).normal(shape) as tf.Tensor2D;
const one = async (inputs: tf.Tensor[], output: Promise<tf.Tensor> | tf.Tensor, path = "model.json"): Promise<Asked> => {
  return { path, inputs, expected: [await output] };
};

const translating = (settings: object, channels = 3, [height, width] = [32, 32], options: object = {}): Case => ({
  build: () => pix2pix({ size: 32, filters: 4, blocks: 2, ...settings }),
  async ask(model: Pix2Pix) {
    const input = images(2, height!, width!, channels); // two images, each with its own statistics
    return [await one([input], model.translate(input, { dropout: false, ...options }))];
  },
});

const cycle = (settings: object): Case => ({
  build: () => cycleGan({ size: 32, filters: 4, blocks: 1, ...settings }),
  async ask(model: CycleGan) {
    const input = images(1, 32, 32, 3);
    return [
      await one([input], model.translate(input), "xToY/model.json"),
      await one([input], model.translate(input, { direction: "yToX" }), "yToX/model.json"),
    ];
  },
});

const bicycle = (norm: "batch" | "instance"): Case => ({
  build: () => bicycleGan({ size: 32, filters: 4, norm, inputChannels: 1 }),
  async ask(model: BicycleGan) {
    const [input, codes, photos] = [images(2, 32, 32, 1), noise(2, 8), images(2, 32, 32, 3)];
    return [
      await one([input, codes], model.translate(input, { codes }), "generator/model.json"),
      await one([photos], model.encode(photos), "encoder/model.json"),
    ];
  },
});

const generating = (settings: object): Case => ({
  build: () => gan({ latent: 8, filters: 4, hidden: [16, 16], ...settings }),
  ask: async (model: Gan) => [await one([noise(3, 8)], model.generate({ noise: noise(3, 8) }))],
});

const conditional = (settings: object): Case => ({
  build: () => conditionalGan({ latent: 8, filters: 4, hidden: [16, 16], ...settings }),
  async ask(model: ConditionalGan) {
    const labels = tf.oneHot([7, 0, 7], 10, 1, 0, "float32");
    return [await one([noise(3, 8), labels], model.generate({ noise: noise(3, 8), labels: [7, 0, 7] }))];
  },
});

const CASES: Record<string, Case> = {
  "pix2pix": translating({}),
  "pix2pix, instance norm": translating({ norm: "instance", inputChannels: 5 }, 5),
  "pix2pix, rectangles": translating({ size: [32, 64] }, 3, [32, 64]),
  "pix2pix, running statistics": { ...translating({}, 3, [32, 32], { batchStatistics: false }), running: true },
  "pix2pix, encoder-decoder": translating({ generator: "encoderDecoder", outputChannels: 1 }),
  "pix2pix, encoder-decoder, instance norm": translating({ generator: "encoderDecoder", norm: "instance" }),
  "pix2pix, resnet": translating({ generator: "resnet", size: [24, 32] }, 3, [24, 32]),
  "pix2pix, resnet, instance norm": translating({ generator: "resnet", norm: "instance" }),
  "cyclegan": cycle({}),
  "cyclegan, unet, batch norm": cycle({ generator: "unet", norm: "batch", dropout: 0.5 }),
  "bicyclegan": bicycle("instance"),
  "bicyclegan, batch norm": bicycle("batch"),
  "gan": generating({ networks: "dcgan", shape: [32, 32, 3] }),
  "gan, mlp, average": generating({ networks: "mlp", shape: [8, 8, 3], averageDecay: 0.9 }),
  "gan of points": generating({ networks: "mlp", shape: [2] }),
  "conditional-gan": conditional({ networks: "dcgan" }),
  "conditional-gan, mlp": conditional({ networks: "mlp" }),
  "stackgan": {
    build: () => stackGan({ size: 32, filters: 4 }),
    ask({ networks, settings }: StackGan) {
      const conditions = tf.tensor2d([[0, 1, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 1, 0]]);
      const random = new RandomStream(3);
      const sketch = drawSketch(networks, settings, random, conditions, {}).image;
      const image = refineSketch(networks, settings, random, sketch, conditions, {}).image;
      random.position = 0;
      const [epsilon, z, other] = [settings.augmented, settings.latent, settings.augmented].map((n) => random.normal([2, n]));
      return [{ path: "model.json", inputs: [conditions, z!, epsilon!, other!], expected: [image, sketch] }];
    },
  },
  "classifier": {
    build: () => classifier({ filters: 4, features: 8 }),
    ask({ networks }: Classifier) {
      const input = images(2, 28, 28, 1);
      const [logits] = networks.classifier.apply(input) as tf.Tensor[];
      return [{ path: "model.json", inputs: [input], expected: [tf.softmax(logits!)] }];
    },
  },
};

/** Builds a model whose weights, norms and running statistics are as varied as after training. */
function build(name: string): SomeModel {
  const model = CASES[name]!.build() as SomeModel;
  const random = new RandomStream(11);
  for (const { weights } of Object.values(model.networks)) {
    for (const weight of weights) {
      const [, kind] = weight.originalName.match(/([a-z]+)$/)!;
      tf.tidy(() => {
        const draws = random.normal(weight.shape as number[]);
        const fanIn = weight.shape.slice(0, -1).reduce<number>((product, n) => product * n!, 1);
        if (kind === "kernel") weight.write(tf.mul(draws, 1.4 / Math.sqrt(fanIn)));
        else if (kind === "variance") weight.write(tf.exp(tf.mul(draws, 0.3)));
        else weight.write(tf.add(tf.mul(draws, 0.2), kind === "gamma" ? 1 : 0));
      });
    }
  }
  return model;
}

/** Exports a model.
 * @returns the folder. */
async function exported(folder: string, name: string, model: SomeModel, weights?: Precision): Promise<string> {
  const [saved, out] = [join(folder, `saved ${name}`), join(folder, `${name} ${weights ?? ""}`.trim())];
  await model.save(saved);
  const options = { ...DEFAULTS, tfjs: true, weights, runningStatistics: CASES[name]?.running ?? false };
  await exportPlain({ ...options, model: saved, out }, QUIET);
  return out;
}

/** Applies models with TensorFlow.js alone. */
const SCRIPT = `
import { readFile } from "node:fs/promises";
import tf from "npm:@tensorflow/tfjs@${tf.version.tfjs}";
await tf.setBackend("cpu");
for (const [folder, path, inputs] of JSON.parse(Deno.readTextFileSync("asked.json"))) {
  const { modelTopology, weightsManifest: [{ weights: weightSpecs }] } = JSON.parse(await readFile(folder + "/" + path, "utf8"));
  const weightData = new Uint8Array(await readFile(folder + "/" + path.replace("model.json", "weights.bin"))).buffer;
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const outputs = [model.predict(inputs.map(([shape, values]) => tf.tensor(values, shape)))].flat();
  console.log("outputs " + JSON.stringify(outputs.map((output) => [output.shape, [...output.dataSync()]])));
}`;

type Outputs = [shape: number[], values: number[]][];

/** Applies exported models in a process of its own. */
async function applyElsewhere(folder: string, asked: [folder: string, Asked][]): Promise<Outputs[]> {
  const plain = asked.map(([place, { path, inputs }]) => [place, path, inputs.map((x) => [x.shape, [...x.dataSync()]])]);
  await Deno.writeTextFile(join(folder, "asked.json"), JSON.stringify(plain));
  await Deno.writeTextFile(join(folder, "script.ts"), SCRIPT);
  const ended = await run(Deno.execPath(), ["run", "--no-check", "--no-lock", "--allow-read", "--allow-env", "script.ts"], {
    folder,
  });
  const found = ended!.lines.filter((line) => line.startsWith("outputs "));
  assertEquals(found.length, asked.length, ended!.lines.filter((line) => !found.includes(line)).join("\n"));
  return found.map((line) => JSON.parse(line.slice("outputs ".length)));
}

/** Largest difference between outputs and tensors. */
function difference(outputs: Outputs, expected: tf.Tensor[], what: string): number {
  assertEquals(outputs.map(([shape]) => shape), expected.map(({ shape }) => shape), what);
  const each = expected.map((tensor, i) => {
    const values = tensor.dataSync<"float32">();
    assert(Math.max(...values) - Math.min(...values) > 0.01, `${what}: all values are equal`);
    return values.reduce((most, value, at) => Math.max(most, Math.abs(value - outputs[i]![1][at]!)), 0);
  });
  return Math.max(...each);
}

Deno.test("plain TensorFlow.js computes what Forger computes, for every system, generator and norm", async () => {
  await withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const asked: [string, Asked][] = [];
    for (const name of Object.keys(CASES)) {
      const model = build(name);
      const place = await exported(folder, name, model);
      asked.push(...(await CASES[name]!.ask(model as never)).map((each): [string, Asked] => [place, each]));
      model.dispose();
    }
    const found = await applyElsewhere(folder, asked);
    for (const [i, [place, { path, expected }]] of asked.entries()) {
      const what = `${basename(place)}, ${path}`;
      const most = difference(found[i]!, expected, what);
      assertLess(most, TOLERANCE, `${what}: ${most}`);
    }
  });
});

Deno.test("weights in float16 and uint8 make smaller files and nearly the same images", async () => {
  await withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = pix2pix({ size: 32, filters: 16, dropout: 0 }) as SomeModel;
    const [asked] = await CASES["pix2pix"]!.ask(model as never) as [Asked];
    const places: string[] = [];
    for (const weights of ["float32", "float16", "uint8"] as const) places.push(await exported(folder, "small", model, weights));
    model.dispose();
    const found = await applyElsewhere(folder, places.map((place) => [place, asked]));
    const sizes = await Promise.all(places.map(async (place) => (await Deno.stat(join(place, "weights.bin"))).size));
    const differences = found.map((outputs) => difference(outputs, asked.expected, "small"));
    assertLess(sizes[1]!, 0.55 * sizes[0]!);
    assertLess(sizes[2]!, 0.3 * sizes[0]!);
    [TOLERANCE, 0.01, 0.1].forEach((most, i) => assertLess(differences[i]!, most));
  });
});

Deno.test("in training mode, dropout is on, and nothing else changes", async () => {
  await useBackend("cpu", { quiet: true });
  const model = build("pix2pix");
  const { generator } = plainModels(model) as { generator: tf.LayersModel };
  const input = images(1, 32, 32, 3);
  const values = (output: unknown) => [...(output as tf.Tensor).dataSync()];
  const before = values(generator.predict(input));
  const [first, second] = [1, 2].map(() => values(generator.apply(input, { training: true })));
  assertNotEquals(first, second);
  assertEquals(values(generator.predict(input)), before);
  generator.dispose();
  model.dispose();
});
