import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { dirname, join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { FileSet } from "../../lib/data/archives.ts";
import { fashionMnist, hasIdxTest, idxFromFolder, labelledSet, mnist, readIdx } from "../../lib/data/mnist.ts";
import { idx } from "./_idx.ts";
import { collectLabelled, withFolder } from "./_images.ts";
import { withVariables } from "./_variables.ts";

const images = idx([3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]);
const labels = idx([3], [7, 0, 9]);
const [imageName, labelName] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] as const;

Deno.test("readIdx() reads sizes and bytes, gzipped or not", async () => {
  for (const bytes of [images, new Uint8Array(gzipSync(images))]) {
    const { shape, data } = await readIdx(bytes, 3);
    assertEquals([shape, [...data]], [[3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]]);
  }
  assertEquals([...(await readIdx(labels, 1)).data], [7, 0, 9]);
});

Deno.test("readIdx() reports errors in one line: magic number, length, gzip, a missing file", async () => {
  const zipped = new Uint8Array(gzipSync(images));
  const cases: [Uint8Array | string, 1 | 3, string][] = [
    [labels, 3, "magic number 2051, got 2049 (labels)"],
    [images, 1, "magic number 2049, got 2051 (images)"],
    [idx([3], [1, 2, 3], 0xd03), 3, "got 3331; use the right file"],
    [new Uint8Array([0, 0]), 1, "got a file of 2 bytes"],
    [images.subarray(0, 20), 3, "expected 28 bytes (3 x 2 x 2), got 20"],
    [images.subarray(0, 9), 3, "got 9; download it again"],
    [new Uint8Array([...labels, 0]), 1, "expected 11 bytes (3), got 12"],
    [zipped.subarray(0, zipped.length - 6), 3, "it is not a complete gzip file"],
    [idx([0xffffffff, 0xffffffff, 0xffffffff], []), 3, "got 16; download it again"],
    ["no/such/file", 3, "Cannot read no/such/file: there is no such file"],
  ];
  for (const [source, rank, message] of cases) {
    const error = await assertRejects(() => readIdx(source, rank, "some file"), Error, message);
    assert(!error.message.includes("\n") && error.message.startsWith("Cannot read"), error.message);
  }
});

Deno.test("mnist() returns images in [-1, 1] with their labels, from a folder or its parent, gzipped or not", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "mnist"));
    await Deno.writeFile(join(folder, "mnist", imageName), images);
    await Deno.writeFile(join(folder, "mnist", `${labelName}.gz`), gzipSync(labels));
    for (const place of [folder, join(folder, "mnist")]) {
      const data = await mnist({ folder: place });
      assertEquals([data.name, data.count, data.height, data.width, data.channels, data.classes], [
        "mnist (train)",
        3,
        2,
        2,
        1,
        10,
      ]);
      const [batch] = await collectLabelled(data.batches({ batch: 3, shuffle: false }));
      assertEquals(batch!.labels, [7, 0, 9]);
      assertEquals(batch!.names, ["0", "1", "2"]);
      assertEquals([...batch!.images.subarray(0, 4)].map((value) => Math.round((value + 1) * 127.5)), [0, 51, 102, 255]);
    }
    await assertRejects(
      () => mnist({ folder, split: "test" }),
      Error,
      "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte",
    );
    await assertRejects(() => fashionMnist({ folder: join(folder, "mnist", "no") }), Error, "Cannot read fashion_mnist from");
    await assertRejects(() => mnist({ folder, split: "val" as "test" }), RangeError, 'got "val"');
  }));

Deno.test("mnist() throws on labels that are out of range or do not match the images", () =>
  withFolder(async (folder) => {
    await Deno.writeFile(join(folder, imageName), images);
    await Deno.writeFile(join(folder, labelName), idx([3], [1, 10, 2]));
    await assertRejects(() => mnist({ folder }), RangeError, "labels must be from 0 to 9, got 10 for image 1");
    await Deno.writeFile(join(folder, labelName), idx([2], [1, 2]));
    await assertRejects(() => mnist({ folder }), RangeError, "expected a label for each of the 3 images");
    await Deno.writeFile(join(folder, imageName), idx([0, 2, 2], []));
    await Deno.writeFile(join(folder, labelName), idx([0], []));
    await assertRejects(() => mnist({ folder }), RangeError, "expected at least one image, got [0, 2, 2]");
  }));

Deno.test("mnist() reads the files under every name that they are distributed with", async () => {
  const layouts: [images: string, labels: string][] = [
    ["train-images.idx3-ubyte", "train-labels.idx1-ubyte"],
    ["train-images.idx3-ubyte.gz", "train-labels.idx1-ubyte.gz"],
    ["Train-Images-IDX3-UByte", "TRAIN-LABELS-IDX1-UBYTE.GZ"],
    ["train_images_idx3_ubyte", "train_labels_idx1_ubyte"],
    ["train-images-idx3-ubyte/train-images-idx3-ubyte", "train-labels-idx1-ubyte/train-labels-idx1-ubyte"],
    ["train-images-idx3-ubyte/train-images.idx3-ubyte", "train-labels.idx1-ubyte"],
  ];
  for (const [imagePath, labelPath] of layouts) {
    await withFolder(async (folder) => {
      await write(join(folder, "mnist", imagePath), images);
      await write(join(folder, "mnist", labelPath), labels);
      await Deno.writeTextFile(join(folder, "mnist", "._train-images-idx3-ubyte"), "left behind by macOS");
      await withVariables({ FORGER_DATA: folder, HOME: undefined, FORGER_CACHE: folder }, async () => {
        assertEquals((await mnist()).count, 3, imagePath);
      });
    });
  }
});

Deno.test("mnist() prefers an unpacked file to a gzipped one, and a file to one in a folder of its name", () =>
  withFolder(async (folder) => {
    await write(join(folder, "train-images-idx3-ubyte.gz"), images.subarray(0, 20));
    await write(join(folder, "train-images-idx3-ubyte", "train-images-idx3-ubyte"), images.subarray(0, 20));
    await write(join(folder, "train-images.idx3-ubyte"), images);
    await write(join(folder, labelName), labels);
    assertEquals((await mnist({ folder })).count, 3);
  }));

Deno.test("mnist() names what is missing and what is there", () =>
  withFolder(async (folder) => {
    await write(join(folder, "train-images.idx3-ubyte"), images);
    await Deno.mkdir(join(folder, "more"));
    const { message } = await assertRejects(() => mnist({ folder }), Error);
    assert(message.includes("the train file train-labels-idx1-ubyte") && !message.includes("train-images-idx3"), message);
    assert(message.includes("got more/, train-images.idx3-ubyte;"), message);
  }));

Deno.test("idxFromFolder() reads other data sets, numbers their classes, and returns undefined without idx files", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "train-images.png"), "");
    assertEquals(await idxFromFolder(folder), undefined);
    assertEquals(await idxFromFolder(join(folder, "nowhere")), undefined);
    for (const part of ["train", "test"]) {
      await write(join(folder, `emnist-letters-${part}-images-idx3-ubyte.gz`), new Uint8Array(gzipSync(images)));
      await write(join(folder, `emnist-letters-${part}-labels-idx1-ubyte`), idx([3], [26, 1, 11]));
    }
    const data = (await idxFromFolder(folder, "test"))!;
    assertEquals([data.count, data.height, data.channels, data.classes], [3, 2, 1, 3]);
    assertEquals(data.classNames, ["label 1", "label 11", "label 26"]);
    const [batch] = await collectLabelled(data.batches({ batch: 3, shuffle: false }));
    assertEquals(batch!.labels, [2, 0, 1]);
    // several sets in one folder, as in EMNIST's archive
    for (const kind of ["images-idx3", "labels-idx1"]) {
      await write(join(folder, `emnist-digits-train-${kind}-ubyte`), kind === "images-idx3" ? images : idx([3], [0, 2, 1]));
    }
    const { message } = await assertRejects(() => idxFromFolder(folder), Error);
    assert(message.includes(join(folder, "emnist-digits")) && message.includes("emnist-letters"), message);
    const digits = (await idxFromFolder(join(folder, "emnist-digits")))!;
    assertEquals([digits.classes, digits.classNames], [3, undefined]);
    assertEquals([await hasIdxTest(join(folder, "emnist-digits")), await hasIdxTest(join(folder, "emnist-letters"))], [
      false,
      true,
    ]);
    await assertRejects(() => idxFromFolder(join(folder, "emnist-digits"), "test"), Error, "expected the test files");
  }));

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeFile(path, /\.gz$/i.test(path) && bytes[0] !== 0x1f ? gzipSync(bytes) : bytes);
}

/** Serves a data set on this machine. */
async function withSet(test: (set: FileSet) => Promise<void>): Promise<void> {
  const contents: Record<string, Uint8Array> = {
    [`${imageName}.gz`]: new Uint8Array(gzipSync(images)),
    [`${labelName}.gz`]: new Uint8Array(gzipSync(labels)),
  };
  const serve = (request: Request) => new Response(contents[new URL(request.url).pathname.slice(1)]! as Uint8Array<ArrayBuffer>);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, serve);
  const about = (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") });
  const files = Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [name, about(bytes)]));
  const urls = [`http://127.0.0.1:${server.addr.port}/`];
  try {
    await test({ name: "numerals", urls, files, authors: "", terms: "" });
  } finally {
    await server.shutdown();
  }
}

Deno.test("labelledSet() downloads missing files once, and rejects a file with a wrong checksum", () =>
  withFolder((folder) =>
    withSet((set) =>
      withVariables({ FORGER_DATA: undefined, FORGER_CACHE: folder }, async () => {
        const lines: string[] = [];
        const options = { fetch: { report: (line: string) => lines.push(line) } };
        assertEquals((await labelledSet(set, options)).count, 3);
        assert(lines.length > 0);
        const before = lines.length;
        assertEquals((await labelledSet(set, options)).count, 3);
        assertEquals(lines.length, before, "the second call downloads nothing");
        const other = {
          ...set,
          name: "others",
          files: { ...set.files, [`${labelName}.gz`]: { bytes: 31, sha256: "00".repeat(32) } },
        };
        const error = await assertRejects(() => labelledSet(other, options), Error, "Cannot download the data set others: ");
        assert(error.message.includes("FORGER_DATA") && !error.message.includes("\n"), error.message);
      })
    )
  ));

const realData = Deno.env.get("FORGER_DATA");
if (!realData) console.log("mnist_test.ts: the real MNIST is not tested, FORGER_DATA is not set");
Deno.test({
  name: "mnist() reads the real files: 60,000 and 10,000 digits, about the same number of each class",
  ignore: !realData,
  fn: async () => {
    const counts = [];
    for (const split of ["train", "test"] as const) counts.push((await mnist({ folder: realData!, split })).count);
    assertEquals(counts, [60_000, 10_000]);
    const test = await mnist({ folder: realData!, split: "test" });
    const labels = (await collectLabelled(test.batches({ batch: 1000, shuffle: false }))).flatMap((batch) => batch.labels);
    assertEquals(labels.slice(0, 10), [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]); // the first labels of the test set
    for (let digit = 0; digit < 10; digit++) assert(labels.filter((label) => label === digit).length > 850);
  },
});
