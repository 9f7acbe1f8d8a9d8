/** Model folders and checkpoints that were damaged at random or on purpose: an error of one line, or a model; never a crash,
 * a hang, or unbounded memory. */
import { assert, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { join } from "node:path";
import { type Random, seededRandom } from "../../lib/data/random.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { gan } from "../../lib/systems/gan.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { decodeTensorFile, encodeTensorFile } from "../../lib/train/safetensors.ts";
import { withFolder } from "../cli/_task.ts";

/** Maximum number of milliseconds for reading a small file. */
const PATIENCE = 1000;
const MEBIBYTE = 2 ** 20;

/** A damaged copy. */
function damaged(whole: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const bytes = whole.slice();
  const at = () => random.integer(bytes.length);
  const ways = [
    () => bytes.subarray(0, at()),
    () => (bytes[at()]! ^= 1 << random.integer(8), bytes),
    () => (bytes.fill(random.integer(256), at(), at()), bytes),
    () => bytes.copyWithin(at(), at(), at()),
    // A wrong number: in the text, or in the eight bytes of the header's length.
    () => (bytes.set(
      new TextEncoder().encode("999999999").subarray(0, bytes.length),
      random.integer(Math.max(1, bytes.length - 9)),
    ),
      bytes),
    () => (bytes.fill(255, 0, random.integer(9)), bytes),
  ] as const;
  return random.pick(ways)();
}

Deno.test("decodeTensorFile() of 4,000 damaged checkpoints throws a one-line error or returns complete arrays", () => {
  const random = seededRandom(1);
  const arrays = new Map([["a/kernel", { shape: [3, 4], values: new Float32Array(12).fill(1.5) }], [
    "b",
    { shape: [5], values: new Float32Array(5) },
  ]]);
  const pieces = encodeTensorFile({ arrays, texts: { forger: '{"position":{"epoch":1}}' } });
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
  let errors = 0;
  for (let i = 0; i < 4000; i++) {
    const start = performance.now();
    try {
      const { arrays } = decodeTensorFile(damaged(whole, random), "file");
      for (const { shape, values } of arrays.values()) assertEquals(values.length, shape.reduce((size, dim) => size * dim, 1));
    } catch (error) {
      assert(error instanceof RangeError && !error.message.includes("\n"), `${error}`);
      errors++;
    }
    assertLess(performance.now() - start, PATIENCE);
  }
  assertGreater(errors, 2000);
});

Deno.test("loadModel() of 1,200 damaged folders throws a one-line error or returns a model, quickly and in little memory", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = gan({ shape: [2], hidden: [4, 4], discriminatorHidden: [4, 4], latent: 3 });
    await model.save(folder);
    model.dispose();
    const files = ["forger.json", "generator/model.json", "generator/weights.bin", "discriminator/weights.bin"];
    const wholes = new Map(
      await Promise.all(files.map(async (file) => [file, await Deno.readFile(join(folder, file))] as const)),
    );
    const random = seededRandom(2);
    let errors = 0;
    const before = Deno.memoryUsage().rss;
    for (let i = 0; i < 1200; i++) {
      const file = files[i % files.length]!;
      await Deno.writeFile(join(folder, file), damaged(wholes.get(file)!, random));
      const start = performance.now();
      await loadModel(folder, "gan").then((model) => model.dispose(), (error) => {
        assert(error instanceof Error && !error.message.includes("\n"), `${file}: ${error}`);
        errors++;
      });
      assertLess(performance.now() - start, PATIENCE, file);
      await Deno.writeFile(join(folder, file), wholes.get(file)!);
    }
    assertGreater(errors, 400);
    assertLess(Deno.memoryUsage().rss - before, 200 * MEBIBYTE);
  }));

Deno.test("loadModel() refuses descriptions of more weights than the folder holds, and huge files", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = gan({ shape: [2], hidden: [4, 4], discriminatorHidden: [4, 4], latent: 3 });
    await model.save(folder);
    model.dispose();
    const path = join(folder, "forger.json");
    const described = JSON.parse(await Deno.readTextFile(path));
    const before = Deno.memoryUsage().rss;
    const start = performance.now();
    const refused = async (change: Record<string, unknown>, words: string) => {
      await Deno.writeTextFile(path, JSON.stringify({ ...described, ...change }));
      await assertRejects(() => loadModel(folder), Error, words);
    };
    await refused({ settings: { ...described.settings, hidden: [100_000, 100_000] } }, "more weights than the");
    await refused({ settings: { ...described.settings, latent: 1e9 } }, "more weights than the");
    await refused({ kind: "pix2pix", settings: { size: 512, filters: 4096 } }, "more weights than the");
    await refused({ kind: "cyclegan", settings: { size: 64, blocks: 1e9 } }, "more weights than the");
    await refused({ kind: "stackgan", settings: { size: 256, filters: 9999, conditionSize: 1e7 } }, "more weights than the");
    await refused({ kind: "pix2pix", settings: { size: 64, depth: 1e9 } }, "cannot build ");
    for (const kind of ["constructor", "__proto__", "toString", "../../gan"]) await refused({ kind }, "use a newer version");
    await Deno.writeTextFile(path, "[".repeat(1e6) + "]".repeat(1e6));
    await assertRejects(() => loadModel(folder), Error, "Cannot load the model");
    await (await Deno.open(path, { write: true })).truncate(2 ** 32);
    await assertRejects(() => loadModel(folder), Error, "4294967296 bytes");
    assertLess(performance.now() - start, 12 * PATIENCE);
    assertLess(Deno.memoryUsage().rss - before, 200 * MEBIBYTE);
  }));
