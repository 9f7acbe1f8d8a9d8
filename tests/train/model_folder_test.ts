import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { classifier } from "../../lib/systems/classifier.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { readDescription } from "../../lib/train/model_folder.ts";
import { testOnBackends } from "../_backends.ts";
import { withFolder } from "../cli/_task.ts";

testOnBackends("save() refuses a folder without a name", async () => {
  for (const model of [pix2pix({ size: 32, filters: 1 }), classifier({ size: 32, filters: 1, classes: 2 })]) {
    await assertRejects(() => model.save(""), RangeError, 'expected a folder, got ""');
    model.dispose();
  }
}, ["cpu"]);

testOnBackends("readDescription() reads a file that an editor has saved", () =>
  withFolder(async (folder) => {
    const model = pix2pix({ size: 32, filters: 1 });
    await model.save(folder);
    model.dispose();
    const [file, whole] = [join(folder, "forger.json"), await readDescription(folder)];
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, "\ufeff" + text.replaceAll("\n", "\r\n"));
    assertEquals(await readDescription(folder), whole);
  }), ["cpu"]);
