import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { removeDemo } from "../../lib/cli/demo.ts";
import { lockOutputs } from "../../lib/cli/outputs.ts";
import { removeRun } from "../../lib/cli/run_folder.ts";
import { lastLine, start, task, withFolder } from "./_task.ts";

const TRAIN = "pix2pix --data toytown --count 2 --size 32 --filters 2 --layers 1 --epochs 1 --samples 1 --no-evaluation".split(
  " ",
);

/** Lists all files and folders in a folder. */
function namesIn(folder: string): string[] {
  const below = (place: string): string[] =>
    [...Deno.readDirSync(join(folder, place))].flatMap(({ name, isDirectory }) =>
      isDirectory ? [join(place, name), ...below(join(place, name))] : [join(place, name)]
    );
  return below(".").sort();
}

/** Turns a training run into what a demo of that version would have written. */
async function likeDemo(folder: string): Promise<void> {
  await Deno.remove(join(folder, "command.json"));
  const path = join(folder, "run.json");
  const record = JSON.parse(await Deno.readTextFile(path));
  Object.assign(record.settings, { size: 32, filters: 16 });
  await Deno.writeTextFile(path, JSON.stringify(record));
}

Deno.test("the demo replaces only the results of a demo, and only the files that it wrote", () =>
  withFolder(async (folder) => {
    const out = join(folder, "runs", "demo");
    await removeDemo(out); // there is none
    assertEquals((await task("train", [...TRAIN, "--out", out])).status, 0);
    const before = namesIn(out);
    await assertRejects(() => removeDemo(out), Error, "files that the demo did not write");
    assertEquals(namesIn(out), before, "the training run of a person is kept");

    await likeDemo(out);
    const own = ["notes.txt", "samples/epoch-0000/mine.png", "generator/mine.bin"];
    for (const name of own) await Deno.writeTextFile(join(out, name), "of a person");
    await removeDemo(out);
    assertEquals(namesIn(out), [...own, "generator", "samples", "samples/epoch-0000"].sort());
    await removeDemo(out);

    await Deno.writeTextFile(join(out, "run.json"), JSON.stringify({ title: "my run" }));
    await assertRejects(() => removeDemo(out), Error, "such as run.json");
    await Deno.writeTextFile(join(out, "run.json"), "not JSON");
    await assertRejects(() => removeDemo(out), Error, "such as ");
    await Deno.remove(join(out, "run.json"));
    await Deno.writeTextFile(join(out, "forger.json"), "{}");
    await assertRejects(() => removeDemo(out), Error, "forger.json");
  }));

Deno.test("removeRun() removes everything that a training run has written", () =>
  withFolder(async (folder) => {
    assertEquals((await task("train", [...TRAIN, "--out", folder])).status, 0);
    await removeRun(folder, ["generator", "discriminator"]);
    assertEquals(namesIn(folder), ["command.json"]);
  }));

Deno.test("a demo is refused on one line while another one runs, and changes nothing", () =>
  withFolder(async (folder) => {
    const out = join(folder, "runs", "demo");
    const lock = await lockOutputs(out, "");
    await Deno.writeTextFile(join(out, "run.json"), "of the first");
    const { code, stderr } = await start("demo", [], {}, folder).output();
    const ended = { status: code, stdout: "", stderr: new TextDecoder().decode(stderr) };
    assertEquals(code, 1, ended.stderr);
    assertStringIncludes(lastLine(ended), `Cannot write to runs/demo: another command is writing to it (process ${Deno.pid})`);
    assertEquals(await Deno.readTextFile(join(out, "run.json")), "of the first");
    await lock.release();
  }));
