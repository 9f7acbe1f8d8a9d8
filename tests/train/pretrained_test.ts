import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { join } from "node:path";
import { writeJsonFile } from "../../lib/train/files.ts";
import { modelHistory, pretrainedModels } from "../../lib/train/pretrained.ts";

Deno.test("modelHistory() reads how a pretrained model improved, from before training to its last epoch", async () => {
  const history = await modelHistory("digits-by-class");
  assertEquals([history[0]!.epoch, history[0]!.seconds, history.at(-1)!.epoch], [0, 0, 40]);
  assertGreater(history.at(-1)!.values["right"]!, history[0]!.values["right"]!);
});

Deno.test("modelHistory() reads the history in a folder, and says what is missing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const message = `Cannot read the history of ${folder}: expected a file history.json in its folder, got none; choose a ` +
      "pretrained model";
    await assertRejects(() => modelHistory(folder), Error, message);
    const point = { epoch: 0, step: 0, seconds: 0, values: { l1: 0.5 } };
    await writeJsonFile(join(folder, "history.json"), [point]);
    assertEquals(await modelHistory(folder), [point]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("pretrainedModels() lists the folders with a description of a model, by name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["b", "a", "empty"]) await Deno.mkdir(join(folder, name));
    for (const name of ["b", "a"]) await Deno.writeTextFile(join(folder, name, "forger.json"), "{}");
    await Deno.mkdir(join(folder, "folder", "forger.json"), { recursive: true });
    await Deno.writeTextFile(join(folder, "forger.json"), "{}");
    assertEquals(await pretrainedModels(folder), ["a", "b"]);
    assertEquals(await pretrainedModels(join(folder, "none")), []);
    assertEquals(await pretrainedModels(""), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
