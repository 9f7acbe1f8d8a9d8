/** Randomly damaged files through every reader: an error or the correct image, never a crash, a hang or a partial image. */
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { assert, assertEquals, assertGreater } from "@std/assert";
import { unzip } from "../../lib/data/cache.ts";
import { readImageBytes } from "../../lib/data/image.ts";
import { greyToColour, unpairedFromFolders } from "../../lib/data/image_folders.ts";
import { inspectFolder } from "../../lib/data/inspect.ts";
import { readIdx } from "../../lib/data/mnist.ts";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";
import { type Random, seededRandom } from "../../lib/data/random.ts";
import { withFolder } from "./_images.ts";
import { zip } from "./_zip.ts";
import { loadSharp } from "../../lib/packages.ts";

const sharp = await loadSharp();

const count = 1000;
/** Timeout of a reader, in milliseconds. */
const patience = 20_000;

type Damage = "cut" | "bits" | "bytes" | "hole" | "swap";
const damages = ["cut", "bits", "bytes", "hole", "swap"] as const;

/** Returns a damaged copy of a file. */
function damaged(whole: Uint8Array, random: Random, damage: Damage = random.pick(damages)): Uint8Array {
  const bytes = whole.slice();
  const at = () => random.integer(bytes.length);
  if (damage === "cut") return bytes.subarray(0, random.integer(bytes.length - 1));
  if (damage === "bits") { for (let i = 0; i <= random.integer(4); i++) bytes[at()]! ^= 1 << random.integer(8); }
  if (damage === "bytes") { for (let i = 0; i <= random.integer(10); i++) bytes[at()] = random.integer(256); }
  if (damage === "hole") bytes.fill(0, at(), at());
  if (damage === "swap") bytes.copyWithin(at(), at(), at());
  return bytes;
}

/** Returns the result of a reader, or the message of its error. */
async function outcome<T>(what: string, read: () => Promise<T>): Promise<{ value?: T; error?: string }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`HANGS: ${what}`)), patience);
  });
  try {
    return { value: await Promise.race([read(), hang]) };
  } catch (error) {
    const { message } = error as Error;
    assert(!message.startsWith("HANGS") && !message.includes("\n"), message);
    return { error: message };
  } finally {
    clearTimeout(timer);
  }
}

/** Returns an image with detail everywhere, in one file per format, wide enough for two halves. */
async function originals(): Promise<Record<string, Uint8Array>> {
  const random = seededRandom(1);
  const [width, height] = [48, 24];
  const data = new Uint8Array(width * height * 3).map((_, i) => (i * 7 + 40 * random.integer(4)) % 256);
  const raw = () => sharp(data, { raw: { width, height, channels: 3 } });
  const files = {
    jpg: raw().jpeg(),
    png: raw().png(),
    webp: raw().webp({ lossless: true }),
    tif: raw().tiff({ compression: "lzw" }),
    gif: raw().gif(),
  };
  return Object.fromEntries(
    await Promise.all(Object.entries(files).map(async ([format, file]) => [format, new Uint8Array(await file.toBuffer())])),
  );
}

for (const format of ["jpg", "png", "webp", "tif", "gif"]) {
  Deno.test(`readImageBytes() rejects or correctly reads ${count} damaged ${format} files`, async () => {
    const whole = (await originals())[format]!;
    const right = await readImageBytes(whole);
    let errors = 0;
    for (let seed = 0; seed < count; seed++) {
      const random = seededRandom(seed, 2);
      const damage = random.pick(damages);
      const bytes = damaged(whole, random, damage);
      const { value, error } = await outcome(`${format}, seed ${seed}`, () => readImageBytes(bytes, { name: "a damaged file" }));
      if (error !== undefined) {
        errors++;
        assert(error.startsWith("Cannot read a damaged file: "), error);
        continue;
      }
      assertEquals(value!.data.length, value!.height * value!.width * 3);
      const same = value!.data.every((byte, i) => byte === right.data[i]);
      // PNG has checksums, so what it decodes to is correct. A truncated file is never a partial image, in any format.
      if (format === "png" || damage === "cut") assert(same, `${format}, seed ${seed}, ${damage}`);
    }
    assertGreater(errors, count / 5);
  });
}

Deno.test(`the folder readers and inspectFolder() agree on which of ${count} damaged files are bad`, () =>
  withFolder(async (folder) => {
    const files = Object.entries(await originals());
    for (let seed = 0; seed < count; seed++) {
      const [format, whole] = files[seed % files.length]!;
      await Deno.writeFile(join(folder, `${seed}.${format}`), seed % 10 === 0 ? whole : damaged(whole, seededRandom(seed, 3)));
    }
    const options = { size: 16, skipBad: true };
    const sets = {
      pairs: await pairsFromFolder(folder, options),
      deep: await pairsFromFolder(folder, { ...options, input: { depth: 16 }, target: { channels: 1 } }),
      colour: await greyToColour(folder, options),
    };
    for (const [name, { count: good, bad }] of Object.entries(sets)) {
      assertEquals(good + bad!.length, count, name);
      assert(good >= count / 10 && bad!.length > count / 5, `${name}: ${good} good`);
      for (const file of bad!) {
        assert(Number(file.name.split(".")[0]) % 10 !== 0, `${name} leaves out the whole file ${file.name}`);
      }
    }
    const unpaired = await unpairedFromFolders(folder, folder, options);
    assertEquals([unpaired.aCount, unpaired.bad!.length], [sets.colour.count, 2 * sets.colour.bad!.length]);
    const { folders: [found] } = await inspectFolder(folder);
    assertEquals(found!.unreadable.map(({ file }) => file), sets.colour.bad!.map(({ name }) => name));
  }));

Deno.test(`readIdx() rejects or correctly reads ${count} damaged files, gzipped and not`, async () => {
  const whole = new Uint8Array(16 + 20 * 16);
  const view = new DataView(whole.buffer);
  [0x803, 20, 4, 4].forEach((value, i) => view.setUint32(4 * i, value));
  for (let i = 16; i < whole.length; i++) whole[i] = i * 31;
  for (const [name, file] of [["plain", whole], ["zipped", new Uint8Array(gzipSync(whole))]] as const) {
    for (let seed = 0; seed < count; seed++) {
      const random = seededRandom(seed, 4);
      const damage = random.pick(damages);
      const { value, error } = await outcome(
        `${name}, seed ${seed}`,
        () => readIdx(damaged(file, random, damage), 3, "a damaged file"),
      );
      if (error !== undefined) assert(error.startsWith("Cannot read a damaged file: "), error);
      else {
        assertEquals(value!.data.length, value!.shape.reduce((product, length) => product * length, 1));
        assert(damage !== "cut", `seed ${seed}`);
        if (name === "zipped") assertEquals(value!.data, whole.subarray(16), `seed ${seed}`);
      }
    }
  }
});

Deno.test(`unzip() writes nothing outside its folder, from ${count} damaged archives`, () =>
  withFolder(async (folder) => {
    const contents = new TextEncoder().encode("horse ".repeat(60));
    const whole = zip([{ path: "set/trainA/1.txt", bytes: contents }, {
      path: "set/trainB/1.txt",
      bytes: contents,
      stored: true,
    }]);
    await Deno.mkdir(join(folder, "inside"));
    for (let seed = 0; seed < count; seed++) {
      await Deno.writeFile(join(folder, "a.zip"), damaged(whole, seededRandom(seed, 5)));
      await outcome(`zip, seed ${seed}`, () => unzip(join(folder, "a.zip"), join(folder, "inside", "out")));
      for await (const entry of Deno.readDir(folder)) assert(["a.zip", "inside"].includes(entry.name), entry.name);
    }
  }));
