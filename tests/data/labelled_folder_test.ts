import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { encodePng } from "../../lib/data/image.ts";
import { labelledFromFolder } from "../../lib/data/labelled_folder.ts";
import { testOnBackends } from "../_backends.ts";
import { withFolder } from "../cli/_task.ts";

async function write(path: string, grey: number): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  const data = new Uint8Array(12 * 8 * 3).fill(grey);
  await Deno.writeFile(path, await encodePng({ data, width: 12, height: 8, channels: 3 }));
}

testOnBackends(
  "labelledFromFolder() takes each folder for a class, in natural order, and gives each picture its own",
  () =>
    withFolder(async (folder) => {
      for (const [name, grey] of [["kind 10", 255], ["kind 2", 0]] as const) {
        await write(join(folder, name, "1.png"), grey);
        await write(join(folder, name, "2.png"), grey);
      }
      await Deno.mkdir(join(folder, "empty"));
      const set = await labelledFromFolder(folder, { size: 8, channels: 1 });
      assertEquals([set.classNames, set.classes, set.count, set.width, set.channels], [["kind 2", "kind 10"], 2, 4, 8, 1]);
      for await (const { images, labels, names } of set.batches({ batch: 4, seed: 1 })) {
        assertEquals(images.shape, [4, 8, 8, 1]);
        const values = images.dataSync();
        [...labels.dataSync()].forEach((label, i) => assertEquals(values[i * 64], label === 0 ? -1 : 1, names[i]!));
        tf.dispose([images, labels]);
      }
    }),
  ["cpu"],
);

testOnBackends(
  "labelledFromFolder() takes pictures in the folder itself for one class, leaves out bad ones, and names the folder",
  () =>
    withFolder(async (folder) => {
      await write(join(folder, "1.png"), 9);
      await Deno.writeTextFile(join(folder, "2.png"), "no picture");
      const set = await labelledFromFolder(folder, { size: 8, skipBad: true });
      assertEquals([set.classes, set.count, set.bad?.length], [1, 1, 1]);
      assertStringIncludes(set.bad![0]!.reason, "2.png");
      await assertRejects(() => labelledFromFolder(join(folder, "gone"), { size: 8 }), Error, "there is no such folder");
      await Deno.mkdir(join(folder, "empty"));
      await assertRejects(() => labelledFromFolder(join(folder, "empty"), { size: 8 }), Error, "it holds none");
    }),
  ["cpu"],
);

testOnBackends("labelledFromFolder() follows links, and refuses pictures beside the classes", () =>
  withFolder(async (folder) => {
    const [kinds, elsewhere] = [join(folder, "kinds"), join(folder, "elsewhere")];
    for (const place of [join(kinds, "tulips"), elsewhere]) {
      await Deno.mkdir(place, { recursive: true });
      await write(join(place, "1.png"), 9);
    }
    await Deno.symlink(elsewhere, join(kinds, "roses"));
    const set = await labelledFromFolder(kinds, { size: 8 });
    assertEquals([set.classNames, set.count], [["roses", "tulips"], 2]);
    await write(join(kinds, "cover.png"), 9);
    await assertRejects(
      () => labelledFromFolder(kinds, { size: 8 }),
      Error,
      "it holds pictures (cover.png) and folders of pictures (roses)",
    );
  }), ["cpu"]);
