import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";
import { paint, paintSet, withFolder } from "./_images.ts";
import { type Archive, archives } from "../../lib/data/archives.ts";
import { fetchArchive, unzip } from "../../lib/data/cache.ts";
import { type Seen, withServer } from "./_server.ts";
import { zip } from "./_zip.ts";
import { loadTar } from "../../lib/packages.ts";

const { create } = await loadTar();

/** Creates a small archive in the layout of facades, and serves it. */
async function withArchive(
  folder: string,
  change: Partial<Archive>,
  test: (archive: Archive, seen: Seen) => Promise<void>,
): Promise<void> {
  await paintSet(join(folder, "made", "facades"));
  await create({ file: join(folder, "made.tar.gz"), cwd: join(folder, "made"), gzip: true }, ["facades"]);
  const bytes = await Deno.readFile(join(folder, "made.tar.gz"));
  await withServer(bytes, ["well"], async (seen) => {
    const images = { train: 3, val: 2, test: 1 };
    await test({ ...archives.facades, urls: [seen.address], bytes: bytes.length, images, ...change }, seen);
  });
}

const files = [
  { path: "set/", bytes: new Uint8Array(), stored: true },
  { path: "set/trainA/1.txt", bytes: new TextEncoder().encode("horse ".repeat(500)) },
  { path: "set/trainB/1.txt", bytes: new TextEncoder().encode("zebra"), stored: true },
];

Deno.test("fetchArchive() downloads, unpacks, counts, and leaves only the data set", () =>
  withFolder((folder) =>
    withArchive(folder, {}, async (archive, { ranges }) => {
      const cache = join(folder, "a", "cache");
      const lines: string[] = [];
      const fetched = await fetchArchive(archive, cache, { report: (line) => lines.push(line) });
      assertEquals(fetched, join(cache, "facades"));
      assertEquals((await pairsFromFolder(fetched, { size: 16, split: "train" })).count, 3);
      assert(lines.some((line) => line.includes("no published checksum")), lines.join());
      assert(lines.at(-1)!.includes("another project lists"), lines.join());
      const left = Array.from(Deno.readDirSync(cache), (entry) => entry.name).sort();
      assertEquals(left, ["facades", "facades.tar.gz.lock"]);
      await fetchArchive(archive, cache, { report: () => {} });
      assertEquals(ranges.length, 1);
    })
  ));

Deno.test("fetchArchive() downloads only once if called twice at the same time", () =>
  withFolder((folder) =>
    withArchive(folder, {}, async (archive, { ranges }) => {
      const cache = join(folder, "cache");
      await Promise.all([1, 2].map(() => fetchArchive(archive, cache, { report: () => {} })));
      assertEquals(ranges.length, 1);
    })
  ));

Deno.test("fetchArchive() rejects an archive with missing images or a wrong checksum, and explains the manual installation", () =>
  withFolder(async (folder) => {
    const cache = join(folder, "cache");
    const cases: [Partial<Archive>, string][] = [
      [{ images: { train: 4 } }, "expected 4 images in facades/train, got 3"],
      [{ sha256: "00".repeat(32) }, "its SHA-256 is"],
      [{ bytes: 10 }, "bytes, expected 10"],
    ];
    for (const [change, message] of cases) {
      await withArchive(folder, change, async (archive) => {
        const error = await assertRejects(() => fetchArchive(archive, cache, { report: () => {} }), Error, message);
        assert(error.message.includes("FORGER_DATA") && !error.message.includes("\n"), error.message);
        assertEquals(Array.from(Deno.readDirSync(cache), (entry) => entry.name), ["facades.tar.gz.lock"]);
      });
    }
  }));

Deno.test("fetchArchive() keeps the archive after a system error", () =>
  withFolder((folder) =>
    withArchive(folder, {}, async (archive) => {
      const cache = join(folder, "cache");
      await Deno.mkdir(cache);
      await Deno.writeTextFile(join(cache, "facades"), "an obstacle");
      const error = await assertRejects(() => fetchArchive(archive, cache, { report: () => {} }), Error, "the archive was kept");
      assert(!error.message.includes("\n"), error.message);
      assert((await Deno.stat(join(cache, archive.file))).size > 0);
    })
  ));

Deno.test("fetchArchive() rejects a damaged archive and removes it", () =>
  withFolder((folder) =>
    withArchive(folder, {}, async (archive) => {
      const bytes = await Deno.readFile(join(folder, "made.tar.gz"));
      bytes[bytes.length >> 1]! ^= 0xff;
      const cache = join(folder, "cache");
      await withServer(bytes, ["well"], async ({ address }) => {
        const damaged = { ...archive, urls: [address] };
        await assertRejects(() => fetchArchive(damaged, cache, { report: () => {} }), Error, "Cannot unpack facades.tar.gz");
        assertEquals(Array.from(Deno.readDirSync(cache), (entry) => entry.name), ["facades.tar.gz.lock"]);
      });
    })
  ));

Deno.test("unzip() unpacks stored and deflated files, with and without a comment", () =>
  withFolder(async (folder) => {
    for (const comment of ["", "a comment"]) {
      await Deno.writeFile(join(folder, "a.zip"), zip(files, comment));
      await unzip(join(folder, "a.zip"), join(folder, "out"));
      for (const { path, bytes } of files.slice(1)) assertEquals(await Deno.readFile(join(folder, "out", path)), bytes);
    }
  }));

Deno.test("unzip() rejects files that are truncated, damaged, not archives, or too large, and paths outside the folder", () =>
  withFolder(async (folder) => {
    const whole = zip(files);
    const damaged = whole.slice();
    damaged[60]! ^= 0xff;
    const zeros = { path: "zeros.bin", bytes: new Uint8Array(1e6) };
    const cases: [Uint8Array, RegExp][] = [
      [whole.subarray(0, whole.length - 30), /End of central directory/],
      [whole.subarray(80), /./],
      [damaged, /./],
      [new TextEncoder().encode("no archive at all"), /File format is not recognized|End of central directory/],
      [zip([{ ...zeros, size: 10 }]), /size|larger/],
      [zip([{ ...zeros, size: 2 ** 30 }]), /zeros.bin exceeds/],
      [zip([{ path: "../out.txt", bytes: new Uint8Array([1]) }]), /Unsafe filename/],
      [zip([{ path: "/tmp/out.txt", bytes: new Uint8Array([1]) }]), /Unsafe filename/],
    ];
    for (const [bytes, message] of cases) {
      await Deno.writeFile(join(folder, "a.zip"), bytes);
      const error = await assertRejects(() => unzip(join(folder, "a.zip"), join(folder, "out")), Error);
      assert(message.test(error.message), error.message);
    }
  }));

Deno.test("fetchArchive() unpacks CycleGAN's zip files and counts their images", () =>
  withFolder(async (folder) => {
    const path = await paint(join(folder, "1.png"), 4, 4, () => [1, 2, 3]);
    const image = await Deno.readFile(path);
    const bytes = zip([{ path: "set/trainA/1.png", bytes: image }, { path: "set/trainB/1.png", bytes: image, stored: true }]);
    await withServer(bytes, ["well"], async ({ address }) => {
      const archive = { name: "set", file: "set.zip", urls: [address], bytes: bytes.length, authors: "", terms: "" };
      const quiet = { report: () => {} };
      const right = { ...archive, images: { trainA: 1, trainB: 0 } };
      assertEquals(await fetchArchive(right, join(folder, "cache"), quiet), join(folder, "cache", "set"));
      assertEquals(await Deno.readFile(join(folder, "cache", "set", "trainB", "1.png")), image);
      const wrong = { ...archive, images: { trainA: 2 } };
      await assertRejects(
        () => fetchArchive(wrong, join(folder, "other"), quiet),
        Error,
        "expected 2 images in set/trainA, got 1",
      );
    });
  }));
