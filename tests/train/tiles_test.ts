import { assert, assertEquals, assertRejects } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import type { Region } from "../../lib/data/preprocess.ts";
import { Dropout } from "../../lib/layers/dropout.ts";
import { buildGenerator, GENERATORS, type GeneratorSettings, leastSize, sizeMultiple } from "../../lib/models/generator.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import * as tf from "../../lib/tf.ts";
import { Translator } from "../../lib/train/translator.ts";
import { testOnBackends } from "../_backends.ts";

function noise(shape: [number, number, number, number], seed = 1): tf.Tensor4D {
  return tf.randomUniform(shape, -1, 1, "float32", seed);
}

/** A network with weights so large that errors would show, and moving averages other than 0 and 1. */
function network(settings: Partial<GeneratorSettings>): [tf.LayersModel, Translator] {
  const all = { generator: "unet", size: 32, depth: 4, blocks: 3, filters: 3, seed: 1, ...settings } as const;
  const net = buildGenerator(all);
  tf.tidy(() => {
    net.setWeights(
      net.getWeights().map((weight, i) => {
        return weight.rank === 1 ? tf.randomUniform(weight.shape, 0.2, 1.2, "float32", i + 1) : tf.mul(weight, 8);
      }),
    );
  });
  return [net, new Translator(net, sizeMultiple(all), leastSize(all))];
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  assertEquals(a.shape, b.shape);
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);
}

testOnBackends("tiles give the result of the whole image, with every generator, norm and kind of statistics", async () => {
  for (const generator of GENERATORS) {
    for (
      const [norm, batchStatistics, upsample] of [["batch", true], ["batch", false, "resize"], ["instance", true]] as const
    ) {
      const [net, translator] = network({ generator, norm, outputChannels: 2, ...upsample && { upsample } });
      const before = tf.memory().numTensors;
      for (const [count, height, width, batch, tile] of [[1, 37, 50, 1, 16], [3, 30, 16, 2, 24], [1, 3, 40, 1, 32]] as const) {
        const images = noise([count, height, width, 3]);
        const whole = await translator.translate(images, { batchStatistics }, batch);
        const tiled = await translator.translate(images, { batchStatistics }, batch, tile);
        const difference = largestDifference(whole, tiled);
        assert(difference < 1e-4, `${generator}, ${norm}, ${batchStatistics}, ${height}x${width}: ${difference}`);
        tf.dispose([images, whole, tiled]);
      }
      assertEquals(tf.memory().numTensors, before);
      translator.dispose();
      net.dispose();
    }
  }
}, ["tensorflow", "wasm"]);

Deno.test("an image that is not larger than a tile is translated in one piece, to the same bits", async () => {
  await useBackend("cpu", { quiet: true });
  const [net, translator] = network({});
  const images = noise([1, 40, 25, 3]);
  const [whole, tiled] = [await translator.translate(images, {}, 1), await translator.translate(images, {}, 1, 40)];
  assertEquals(tiled.dataSync(), whole.dataSync());
  for (const tile of [15, 40.5, NaN]) await assertRejects(() => translator.translate(images, {}, 1, tile), RangeError, "tile");
  tf.dispose([images, whole, tiled]);
  net.dispose();
  translator.dispose();
});

Deno.test("translate() gives the same image in tiles: pix2pix, CycleGAN in both directions, BicycleGAN", async () => {
  await useBackend("cpu", { quiet: true });
  const images = noise([2, 36, 50, 3]);
  const settings = { size: 16, filters: 2, depth: 3, blocks: 1, layers: 1 };
  const [pairs, unpaired, varied] = [
    pix2pix(settings),
    cycleGan(settings),
    bicycleGan({ size: 32, filters: 2, depth: 3, layers: 1 }),
  ];
  const calls: ((tile?: number) => Promise<tf.Tensor4D>)[] = [
    (tile) => pairs.translate(images, { dropout: false, tile }),
    (tile) => unpaired.translate(images, { tile }),
    (tile) => unpaired.translate(images, { direction: "yToX", tile }),
    (tile) => varied.translate(images, { seed: 3, tile }),
  ];
  for (const call of calls) {
    const [whole, tiled] = [await call(), await call(16)];
    const difference = largestDifference(whole, tiled);
    assert(difference < 1e-4, `${difference}`);
    tf.dispose([whole, tiled]);
  }
  tf.dispose(images);
  for (const model of [pairs, unpaired, varied]) model.dispose();
});

Deno.test("the masks of dropout depend on the position and the call, not on the tiles", async () => {
  await useBackend("cpu", { quiet: true });
  for (const generator of ["unet", "resnet"] as const) {
    const [net, translator] = network({ generator, dropout: 0.5 });
    const images = noise([1, 64, 40, 3]);
    const mode = { dropout: true, batchStatistics: true };
    const withTile = async (tile: number, position: number) => {
      for (const layer of net.layers) if (layer instanceof Dropout) layer.random.position = position;
      return await translator.translate(images, mode, 1, tile);
    };
    const [small, large, next] = [await withTile(16, 0), await withTile(32, 0), await withTile(16, 1)];
    assert(largestDifference(small, large) < 1e-4);
    assert(largestDifference(small, next) > 0.1);
    tf.dispose([images, small, large, next]);
    net.dispose();
    translator.dispose();
  }
});

/** Translates a drawn image of a given size and returns the most bytes that tensors take. */
async function peakBytes(translator: Translator, height: number, width: number, scratch: string): Promise<number> {
  let peak = 0;
  const look = () => void (peak = Math.max(peak, tf.memory().numBytes));
  const before = tf.memory().numBytes;
  const covered = new Uint8Array(height * width);
  const source = {
    ...{ height, width },
    read: ({ height, width }: Region) => {
      look();
      return noise([1, height, width, 3]);
    },
  };
  let done = 0;
  const sink = (_: tf.Tensor4D, { left, top, height: rows, width: columns }: Region) => {
    look();
    for (let y = top; y < top + rows; y++) for (let x = left; x < left + columns; x++) covered[y * width + x]! += 1;
  };
  const report = (fraction: number) => {
    assert(fraction > done);
    done = fraction;
  };
  await translator.translateTiles(source, sink, { batchStatistics: true }, { tile: 32, scratch, report });
  assert(covered.every((times) => times === 1), "each pixel is written once");
  assert(Math.abs(done - 1) < 1e-6);
  assertEquals(tf.memory().numBytes, before);
  return peak;
}

Deno.test("memory does not depend on the size of the image, and temporary files are removed", async () => {
  await useBackend("cpu", { quiet: true });
  const scratch = await Deno.makeTempDir();
  for (const generator of ["unet", "resnet"] as const) {
    const [net, translator] = network({ generator });
    const [small, large] = [await peakBytes(translator, 96, 96, scratch), await peakBytes(translator, 101, 388, scratch)];
    assert(large < 1.05 * small, `${small} bytes, then ${large}`);
    translator.dispose();
    net.dispose();
  }
  assertEquals([...Deno.readDirSync(scratch)], []);
  await Deno.remove(scratch);
});

Deno.test("an error or a stop during a translation leaves no tensors and no files", async () => {
  await useBackend("cpu", { quiet: true });
  const scratch = await Deno.makeTempDir();
  const [net, translator] = network({ generator: "resnet", filters: 8 });
  const read = ({ height, width }: Region) => noise([1, height, width, 3]);
  const before = tf.memory().numTensors;
  const full = () => {
    throw new Error("The disk is full");
  };
  const source = { height: 64, width: 64, read };
  await assertRejects(() => translator.translateTiles(source, full, {}, { tile: 16, scratch }), Error, "The disk is full");
  const controller = new AbortController();
  const options = { tile: 16, scratch, signal: controller.signal, report: () => controller.abort(new Error("Stopped")) };
  await assertRejects(() => translator.translateTiles(source, () => {}, {}, options), Error, "Stopped");
  const wrong = { ...source, read: () => noise([1, 16, 16, 2]) };
  await assertRejects(() => translator.translateTiles(wrong, () => {}, {}, { tile: 16, scratch }), RangeError, "expected images");
  assertEquals(tf.memory().numTensors, before);
  assertEquals([...Deno.readDirSync(scratch)], []);
  await Deno.remove(scratch);
  translator.dispose();
  net.dispose();
});

Deno.test("a network with layers that cannot be applied to a part of an image is refused", async () => {
  await useBackend("cpu", { quiet: true });
  const input = tf.input({ shape: [16, 16, 3] });
  const output = tf.layers.permute({ dims: [2, 1, 3] }).apply(input) as tf.SymbolicTensor;
  const net = tf.model({ inputs: input, outputs: output });
  const images = noise([1, 40, 40, 3]);
  await assertRejects(() => new Translator(net, 1).translate(images, {}, 1, 16), RangeError, "Permute");
  images.dispose();
  net.dispose();
});
