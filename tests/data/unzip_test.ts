import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { crc32, unzip } from "../../lib/data/unzip.ts";
import { fetchArchive } from "../../lib/data/cache.ts";
import { paint, withFolder } from "./_pictures.ts";
import { withServer } from "./_server.ts";
import { zip } from "./_zip.ts";

const files = [
  { path: "set/", bytes: new Uint8Array(), stored: true },
  { path: "set/trainA/1.txt", bytes: new TextEncoder().encode("horse ".repeat(500)) },
  { path: "set/trainB/1.txt", bytes: new TextEncoder().encode("zebra"), stored: true },
];

Deno.test("crc32() of the check string is the published value", () => {
  assertEquals(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

Deno.test("unzip() unpacks stored and deflated files, with a comment behind them or not", () =>
  withFolder(async (folder) => {
    for (const comment of ["", "made by hand"]) {
      await Deno.writeFile(join(folder, "a.zip"), zip(files, comment));
      await unzip(join(folder, "a.zip"), join(folder, "out"));
      for (const { path, bytes } of files.slice(1)) assertEquals(await Deno.readFile(join(folder, "out", path)), bytes);
    }
  }));

Deno.test("unzip() refuses what is cut short, damaged, no zip, or leads out of the folder", () =>
  withFolder(async (folder) => {
    const whole = zip(files);
    const damaged = whole.slice();
    damaged[60]! ^= 0xff;
    const cases: [Uint8Array, RegExp][] = [
      [whole.subarray(0, whole.length - 30), /no end record|list of files is damaged/],
      [whole.subarray(1), /damaged|does not begin|cut short/],
      [damaged, /checksum|invalid|begin|unexpected|incorrect/],
      [new TextEncoder().encode("no archive at all"), /no end record/],
      [zip([{ path: "../out.txt", bytes: new Uint8Array([1]) }]), /leads out of the folder/],
      [zip([{ path: "/tmp/out.txt", bytes: new Uint8Array([1]) }]), /leads out of the folder/],
    ];
    for (const [bytes, message] of cases) {
      await Deno.writeFile(join(folder, "a.zip"), bytes);
      const error = await assertRejects(() => unzip(join(folder, "a.zip"), join(folder, "out")), Error);
      assert(message.test(error.message), error.message);
    }
  }));

Deno.test("fetchArchive() unpacks CycleGAN's zip files and counts their pictures", () =>
  withFolder(async (folder) => {
    const path = await paint(join(folder, "1.png"), 4, 4, () => [1, 2, 3]);
    const picture = await Deno.readFile(path);
    const bytes = zip([{ path: "set/trainA/1.png", bytes: picture }, { path: "set/trainB/1.png", bytes: picture, stored: true }]);
    await withServer(bytes, ["well"], async ({ address }) => {
      const archive = { name: "set", file: "set.zip", addresses: [address], bytes: bytes.length, authors: "", terms: "" };
      const quiet = { report: () => {} };
      const right = { ...archive, pictures: { trainA: 1, trainB: 0 } };
      assertEquals(await fetchArchive(right, join(folder, "cache"), quiet), join(folder, "cache", "set"));
      assertEquals(await Deno.readFile(join(folder, "cache", "set", "trainB", "1.png")), picture);
      const wrong = { ...archive, pictures: { trainA: 2 } };
      await assertRejects(() => fetchArchive(wrong, join(folder, "other"), quiet), Error, "set/trainA holds 1 pictures, not 2");
    });
  }));
