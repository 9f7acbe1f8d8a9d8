import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { readImage } from "../../lib/data/image.ts";
import { loadSharp } from "../../lib/data/sharp.ts";
import { openUpright } from "../../lib/data/sharp.ts";
import { toImages } from "../../lib/data/image_bytes.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { toGrey, translateFile } from "../../lib/train/translate_file.ts";

/** Random pixels, enlarged so that JPEG keeps them. */
async function photo(width: number, height: number, channels: 3 | 4 = 3) {
  const sharp = await loadSharp();
  let state = 1;
  const bytes = Uint8Array.from({ length: 25 * channels }, () => (state = (state * 48271) % 0x7fffffff) >> 8);
  return sharp(bytes, { raw: { width: 5, height: 5, channels } }).resize(width, height, { fit: "fill" });
}

async function bytesOf(path: string) {
  const { data, info } = await (await loadSharp())(path).raw().toBuffer({ resolveWithObject: true });
  return { data, height: info.height, width: info.width, channels: info.channels };
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  assertEquals(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

Deno.test("translateFile() gives what translate() gives, upright, in the size of the input, and keeps alpha", async () => {
  await useBackend("cpu", { quiet: true });
  const folder = await Deno.makeTempDir();
  const [turned, clear, to] = ["turned.jpg", "clear.png", "out.png"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await (await photo(70, 45)).withMetadata({ orientation: 6 }).jpeg().toFile(turned);
  await (await photo(50, 33, 4)).png().toFile(clear);
  const [unpaired, varied] = [
    cycleGan({ size: 16, filters: 2, blocks: 1, layers: 1 }),
    bicycleGan({ size: 32, filters: 2, depth: 3, layers: 1 }),
  ];
  for (const [from, size] of [[turned, [70, 45]], [clear, [33, 50]]] as const) {
    const images = await readImage(from);
    assertEquals(images.shape, [1, ...size, 3]);
    for (const tile of [16, 512]) {
      for (const model of ["yToX", "bicycle"] as const) {
        const whole = model === "yToX"
          ? await unpaired.translate(images, { direction: model })
          : await varied.translate(images, { seed: 4 });
        if (model === "yToX") await translateFile(unpaired, from, to, { tile, direction: model });
        else await translateFile(varied, from, to, { tile, seed: 4 });
        const [expected, got] = [toImages(whole)[0]!.data, await bytesOf(to)];
        assertEquals([got.height, got.width, got.channels], [...size, from === clear ? 4 : 3]);
        const colours = got.data.filter((_, i) => i % got.channels < 3);
        assert(largestDifference(colours, expected) <= 1);
        if (from === clear) {
          const alpha = (bytes: Uint8Array) => bytes.filter((_, i) => i % 4 === 3);
          assertEquals(alpha(got.data), alpha((await bytesOf(clear)).data));
        }
        whole.dispose();
      }
    }
    images.dispose();
  }
  await translateFile(unpaired, clear, to, { tile: 16, alpha: false, encode: (pipeline) => pipeline.withIccProfile("srgb") });
  assertEquals((await bytesOf(to)).channels, 3);
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["clear.png", "out.png", "turned.jpg"]);
  for (const model of [unpaired, varied]) model.dispose();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("translateFile() feeds a model of grey images", async () => {
  await useBackend("cpu", { quiet: true });
  const folder = await Deno.makeTempDir();
  const [from, to] = [join(folder, "in.png"), join(folder, "out.png")];
  await (await photo(40, 24)).png().toFile(from);
  const model = cycleGan({ size: 16, filters: 2, blocks: 1, layers: 1, xChannels: 1, yChannels: 1, identity: 0 });
  const images = await readImage(from, { channels: 1 });
  const whole = await model.translate(images);
  await translateFile(model, from, to, { tile: 16, toInput: toGrey });
  const { data, channels } = await bytesOf(to);
  assert(largestDifference(data.filter((_, i) => i % channels === 0), toImages(whole)[0]!.data) <= 1);
  for (const part of [images, whole, model]) part.dispose();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("translateFile() gives the result the requested size, and the alpha channel at that size", async () => {
  await useBackend("cpu", { quiet: true });
  const folder = await Deno.makeTempDir();
  const [from, to] = [join(folder, "in.png"), join(folder, "out.png")];
  await (await photo(50, 33, 4)).png().toFile(from);
  for (const channels of [1, 3]) {
    const model = cycleGan({ size: 16, filters: 1, blocks: 0, layers: 1, yChannels: channels, identity: 0 });
    const sizes: string[] = [];
    const watched = {
      translateTiles: (...[source, ...rest]: Parameters<typeof model.translateTiles>) => {
        sizes.push(`${source.width}x${source.height}`);
        return model.translateTiles(source, ...rest);
      },
    };
    const open = async (path: string) => (await openUpright(path)).resize(20, 13);
    await translateFile(watched, from, to, { tile: 16, open, size: { height: 33, width: 50 } });
    const [got, original] = [await bytesOf(to), await bytesOf(from)];
    assertEquals([sizes, got.width, got.height], [["20x13"], 50, 33]);
    const alpha = got.data.filter((_, i) => i % got.channels === got.channels - 1);
    assertEquals(alpha, original.data.filter((_, i) => i % 4 === 3), `${channels} channels`);
    model.dispose();
  }
  assertEquals([...Deno.readDirSync(folder)].length, 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("translateFile() names a file that cannot be read or written, and leaves nothing behind", async () => {
  await useBackend("cpu", { quiet: true });
  const folder = await Deno.makeTempDir();
  const [from, cut, to] = ["in.png", "cut.png", "out.png"].map((name) => join(folder, name)) as [string, string, string];
  await (await photo(40, 24)).png().toFile(from);
  await Deno.writeFile(cut, (await Deno.readFile(from)).slice(0, 300));
  const model = cycleGan({ size: 16, filters: 1, blocks: 0, layers: 1 });
  await assertRejects(() => translateFile(model, cut, to, { tile: 16 }), Error, cut);
  await assertRejects(() => translateFile(model, from, join(folder, "none", "out.png"), { tile: 16 }), Error, "none");
  await assertRejects(() => translateFile(model, from, join(folder, "out.xyz"), { tile: 16 }), Error, "out.xyz");
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["cut.png", "in.png"]);
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});
