import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { readImage } from "../../lib/data/image.ts";
import { listImages, naturalOrder } from "../../lib/data/image_files.ts";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";
import { collect, flat, paint, paintPairs, withFolder } from "./_images.ts";

Deno.test("listImages() sorts naturally and skips other files", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, ["10.png", "2.JPG", "1.png", "b2.png", "b10.png"]);
    await Deno.writeTextFile(join(folder, "notes.txt"), "");
    await Deno.writeTextFile(join(folder, "._1.png"), "");
    assertEquals(await listImages(folder), ["1.png", "2.JPG", "10.png", "b2.png", "b10.png"]);
  }));

Deno.test({
  name: "listImages() leaves out pipes, also behind links, follows links to files, and keeps broken links",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      await paintPairs(join(folder, "there"), ["a.png"]);
      assert((await new Deno.Command("mkfifo", { args: [join(folder, "pipe.png")] }).output()).success);
      const links = { "1.png": join("there", "a.png"), "2.png": "gone.png", "3.png": "pipe.png", "4.png": "there" };
      for (const [name, to] of Object.entries(links)) await Deno.symlink(to, join(folder, name));
      assertEquals(await listImages(folder), ["1.png", "2.png"]);
      await assertRejects(() => readImage(join(folder, "2.png")), Error, "there is no such file");
    }),
});

Deno.test("naturalOrder() is a strict order", () => {
  assertEquals(["10.png", "1.png", "2.png", "01.png"].sort(naturalOrder), ["01.png", "1.png", "2.png", "10.png"]);
});

Deno.test("skipBad excludes unreadable files, lists them, and gives every epoch the same batches", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, ["1.png", "2.jpg", "3.png", "4.png"]);
    await Deno.truncate(join(folder, "2.jpg"), 300);
    await paint(join(folder, "3.png"), 15, 8, flat(3)); // an odd width
    const pairs = await pairsFromFolder(folder, { size: 16, skipBad: true });
    assertEquals(pairs.count, 2);
    assertEquals(pairs.bad!.map(({ name }) => name), ["2.jpg", "3.png"]);
    assert(pairs.bad!.every(({ name, reason }) => reason.includes(name) && !reason.includes("\n")));
    for (const epoch of [0, 1]) assertEquals((await collect(pairs.batches({ epoch }))).length, 2);
    assertEquals((await pairsFromFolder(folder, { size: 16 })).bad, undefined);
    await Deno.remove(join(folder, "1.png"));
    await Deno.remove(join(folder, "4.png"));
    await assertRejects(() => pairsFromFolder(folder, { size: 16, skipBad: true }), Error, "none of its 2 files can be read");
  }));
