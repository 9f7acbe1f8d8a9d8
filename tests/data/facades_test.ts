import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Archive } from "../../lib/data/archive.ts";
import { archives } from "../../lib/data/archives.ts";
import { fetchArchive } from "../../lib/data/cache.ts";
import { facades } from "../../lib/data/facades.ts";
import { pairsFromFolder } from "../../lib/data/folder.ts";
import { pairedSet } from "../../lib/data/known_sets.ts";
import { collect, paintPairs, withFolder } from "./_pictures.ts";
import { type Seen, withServer } from "./_server.ts";
import { withVariables } from "./_variables.ts";
import { loadTar } from "../../lib/packages.ts";

const { create } = await loadTar();

async function paintSet(folder: string): Promise<void> {
  for (const [split, count] of Object.entries({ train: 3, val: 2, test: 1 })) {
    await paintPairs(join(folder, split), Array.from({ length: count }, (_, i) => `${i + 1}.jpg`), 16);
  }
}

/** Makes an archive like that of facades, small, and serves it. */
async function withArchive(
  folder: string,
  change: Partial<Archive>,
  test: (archive: Archive, seen: Seen) => Promise<void>,
): Promise<void> {
  await paintSet(join(folder, "made", "facades"));
  await create({ file: join(folder, "made.tar.gz"), cwd: join(folder, "made"), gzip: true }, ["facades"]);
  const bytes = await Deno.readFile(join(folder, "made.tar.gz"));
  await withServer(bytes, ["well"], async (seen) => {
    const pictures = { train: 3, val: 2, test: 1 };
    await test({ ...archives.facades, addresses: [seen.address], bytes: bytes.length, pictures, ...change }, seen);
  });
}

Deno.test("facades() reads the folder given, or the one within it; labels to photo if not told otherwise", () =>
  withFolder(async (folder) => {
    await paintSet(join(folder, "facades"));
    for (const place of [folder, join(folder, "facades")]) {
      const counts = [];
      for (const split of ["train", "val", "test"] as const) {
        counts.push((await facades({ folder: place, split, size: 16 })).count);
      }
      assertEquals(counts, [3, 2, 1]);
    }
    const pairs = await facades({ folder, size: 16 });
    assertEquals(pairs.name, "facades (train)");
    const [batch] = await collect(pairs.batches({ shuffle: false, augment: false }));
    assert(
      batch!.input[2]! > batch!.target[2]! + 0.5,
      `blue is ${batch!.input[2]} and ${batch!.target[2]}, the input must be the right half`,
    );
    await assertRejects(() => facades({ folder: join(folder, "facades", "train") }), Error, "neither it nor");
  }));

Deno.test("facades() looks into FORGER_DATA, then into the cache folder", () =>
  withFolder(async (folder) => {
    await paintSet(join(folder, "data", "facades"));
    await paintSet(join(folder, "cache", "facades"));
    await Deno.remove(join(folder, "cache", "facades", "train", "3.jpg"));
    const count = async () => (await facades({ size: 16 })).count;
    const cache = { FORGER_CACHE: join(folder, "cache") };
    await withVariables({ ...cache, FORGER_DATA: join(folder, "data") }, async () => assertEquals(await count(), 3));
    await withVariables({ ...cache, FORGER_DATA: undefined }, async () => assertEquals(await count(), 2));
    await withVariables({ ...cache, FORGER_DATA: folder }, async () => assertEquals(await count(), 2));
  }));

Deno.test("fetchArchive() fetches, unpacks, counts, and leaves only the data set", () =>
  withFolder((folder) =>
    withArchive(folder, {}, async (archive, { ranges }) => {
      const cache = join(folder, "a", "cache");
      const lines: string[] = [];
      const fetched = await fetchArchive(archive, cache, { report: (line) => lines.push(line) });
      assertEquals(fetched, join(cache, "facades"));
      assertEquals((await pairsFromFolder(fetched, { size: 16, split: "train" })).count, 3);
      assert(lines.some((line) => line.includes("none is published")), lines.join());
      assert(lines.at(-1)!.includes("another project noted"), lines.join());
      const left = Array.from(Deno.readDirSync(cache), (entry) => entry.name).sort();
      assertEquals(left, ["facades", "facades.tar.gz.lock"]);
      await fetchArchive(archive, cache, { report: () => {} });
      assertEquals(ranges.length, 1);
    })
  ));

Deno.test("fetchArchive() twice at the same time fetches once", () =>
  withFolder((folder) =>
    withArchive(folder, {}, async (archive, { ranges }) => {
      const cache = join(folder, "cache");
      await Promise.all([1, 2].map(() => fetchArchive(archive, cache, { report: () => {} })));
      assertEquals(ranges.length, 1);
    })
  ));

Deno.test("fetchArchive() refuses an archive with pictures missing, or of a wrong checksum, and says what to do by hand", () =>
  withFolder(async (folder) => {
    const cache = join(folder, "cache");
    const cases: [Partial<Archive>, string][] = [
      [{ pictures: { train: 4 } }, "facades/train holds 3 pictures, not 4"],
      [{ sha256: "00".repeat(32) }, "its SHA-256 is"],
      [{ bytes: 10 }, "bytes, not 10"],
    ];
    for (const [change, message] of cases) {
      await withArchive(folder, change, async (archive) => {
        const error = await assertRejects(() => fetchArchive(archive, cache, { report: () => {} }), Error, message);
        assert(error.message.includes("FORGER_DATA") && !error.message.includes("\n"), error.message);
        assertEquals(Array.from(Deno.readDirSync(cache), (entry) => entry.name), ["facades.tar.gz.lock"]);
      });
    }
  }));

Deno.test("fetchArchive() keeps an archive that it cannot unpack for another reason", () =>
  withFolder((folder) =>
    withArchive(folder, {}, async (archive) => {
      const cache = join(folder, "cache");
      await Deno.mkdir(cache);
      await Deno.writeTextFile(join(cache, "facades"), "in the way");
      const error = await assertRejects(() => fetchArchive(archive, cache, { report: () => {} }), Error, "the archive is kept");
      assert(!error.message.includes("\n"), error.message);
      assert((await Deno.stat(join(cache, archive.file))).size > 0);
    })
  ));

Deno.test("facades() says so where the folder in FORGER_DATA lacks a part, and fetches nothing", () =>
  withFolder(async (folder) => {
    await paintSet(join(folder, "facades"));
    await Deno.remove(join(folder, "facades", "test"), { recursive: true });
    await withVariables({ FORGER_DATA: folder }, async () => {
      await assertRejects(() => facades({ split: "test" }), Error, "there is no such folder; check the path");
      await assertRejects(() => pairedSet("facades", { split: "test" }), Error, "it holds no folder test; put it there");
    });
  }));

Deno.test("fetchArchive() refuses a damaged archive and does not keep it", () =>
  withFolder((folder) =>
    withArchive(folder, {}, async (archive) => {
      const bytes = await Deno.readFile(join(folder, "made.tar.gz"));
      bytes[bytes.length >> 1]! ^= 0xff;
      const cache = join(folder, "cache");
      await withServer(bytes, ["well"], async ({ address }) => {
        const damaged = { ...archive, addresses: [address] };
        await assertRejects(() => fetchArchive(damaged, cache, { report: () => {} }), Error, "Cannot unpack facades.tar.gz");
        assertEquals(Array.from(Deno.readDirSync(cache), (entry) => entry.name), ["facades.tar.gz.lock"]);
      });
    })
  ));

const realData = Deno.env.get("FORGER_DATA");
if (!realData) console.log("facades_test.ts: the real facades are not tested, FORGER_DATA is not set");
Deno.test({
  name: "facades() reads the real data set: 400 and 100 pairs, labels of few and bright colours, photos of many",
  ignore: !realData,
  fn: () =>
    withFolder(async () => {
      const counts = [];
      for (const split of ["train", "val"] as const) counts.push((await facades({ folder: realData!, split, size: 64 })).count);
      assertEquals(counts, [400, 100]);
      const pairs = await facades({ folder: realData!, split: "val", size: 64 });
      const batches = await collect(pairs.batches({ batch: 10 }));
      assertEquals(batches.length, 10);
      const mean = (values: Float32Array, channel: number) => {
        let sum = 0;
        for (let i = channel; i < values.length; i += 3) sum += values[i]! / (values.length / 3);
        return sum;
      };
      for (const { input, target, names } of batches) {
        // The labels are mostly blue (wall and background); a photo is near grey.
        assert(mean(input, 2) - mean(input, 0) > 0.5, `${names}`);
        assert(Math.abs(mean(target, 2) - mean(target, 0)) < 0.5, `${names}`);
      }
    }),
});
