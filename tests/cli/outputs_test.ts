import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { UsageError } from "../../lib/cli/command.ts";
import { existingOutputs, lockOutputs, type OutputPlan, withOutputs, writeNew } from "../../lib/cli/outputs.ts";
import { readImageBytes } from "../../lib/data/image.ts";
import { lastLine, start, task, withFolder } from "./_task.ts";

const QUIET = { update: () => {}, finish: () => {}, print: () => {} };
const JOB = { stage: "Making", count: 1, progress: QUIET };
const bytes = (text: string) => new TextEncoder().encode(text);

function planOf(folder: string, files: string[], more: Partial<OutputPlan> = {}): OutputPlan {
  return { folder, option: "--output", files, overwrite: false, missing: false, ...more };
}

Deno.test("existingOutputs() refuses to replace files, unless it is asked to replace or to keep them", () =>
  withFolder(async (folder) => {
    const files = ["1.png", "2.png", "sub/3.png"];
    assertEquals([...await existingOutputs(planOf(join(folder, "new"), files))], []);
    await Deno.mkdir(join(folder, "sub"));
    await Deno.symlink("nowhere", join(folder, "2.png"));
    const refused = await assertRejects(() => existingOutputs(planOf(folder, files)), Error, "2.png exists; use --overwrite");
    for (const cure of ["--missing", "choose another folder with --output"]) assertStringIncludes(refused.message, cure);
    await Deno.writeTextFile(join(folder, "sub", "3.png"), "");
    await assertRejects(() => existingOutputs(planOf(folder, files)), Error, "2.png and 1 other output file");
    assertEquals([...await existingOutputs(planOf(folder, files, { missing: true }))], ["2.png", "sub/3.png"]);
    assertEquals([...await existingOutputs(planOf(folder, files, { overwrite: true }))], []);
    await assertRejects(() => existingOutputs(planOf(folder, files, { overwrite: true, missing: true })), UsageError);
    for (const more of [{ missing: true }, { overwrite: true }]) {
      await assertRejects(() => existingOutputs(planOf(folder, ["sub"], more)), Error, "sub is a folder");
    }
  }));

Deno.test("withOutputs() does not replace a file that appears while it is running, and leaves only complete files", () =>
  withFolder(async (folder) => {
    await withOutputs(planOf(folder, ["a/1.png", "2.png"]), JOB, async (outputs) => {
      await outputs.write("a/1.png", bytes("made"));
      await Deno.writeTextFile(join(folder, "2.png"), "of a person");
      await assertRejects(() => outputs.write("2.png", bytes("made")), Error, "the file exists");
      await assertRejects(() => withOutputs(planOf(folder, []), JOB, () => Promise.resolve()), Error, `(process ${Deno.pid})`);
    });
    assertEquals(await Deno.readTextFile(join(folder, "2.png")), "of a person");
    const names = [...Deno.readDirSync(folder), ...Deno.readDirSync(join(folder, "a"))].map(({ name }) => name);
    assertEquals(names.sort(), ["1.png", "2.png", "a"]);
    await withOutputs(planOf(folder, ["2.png"], { overwrite: true }), JOB, (outputs) => outputs.write("2.png", bytes("made")));
    assertEquals(await Deno.readTextFile(join(folder, "2.png")), "made");
  }));

Deno.test("lockOutputs() removes the folder that it created if it is still empty", () =>
  withFolder(async (folder) => {
    const place = join(folder, "new");
    await (await lockOutputs(place, "")).release();
    assertEquals([...Deno.readDirSync(folder)], []);
    const lock = await lockOutputs(place, "");
    await Deno.writeTextFile(join(place, "kept"), "");
    await lock.release();
    assertEquals([...Deno.readDirSync(place)].map(({ name }) => name), ["kept"]);
  }));

Deno.test("writeNew() replaces no file, and uses a file with the same contents again", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.b.png");
    const write = async (text: string) => (await writeNew(path, bytes(text))).slice(folder.length + 1);
    assertEquals([await write("one"), await write("two"), await write("one"), await write("two")], [
      ...["a.b.png", "a.b-2.png", "a.b.png", "a.b-2.png"],
    ]);
    await Deno.mkdir(join(folder, "a.b-3.png"));
    assertEquals(await write("three"), "a.b-4.png");
    assertEquals((await Promise.all(["x", "y", "z"].map(write))).sort(), ["a.b-5.png", "a.b-6.png", "a.b-7.png"]);
  }));

Deno.test("two commands at once: the second is refused on one line, and the first is not disturbed", () =>
  withFolder(async (folder) => {
    const args = ["--count", "2", "--test", "0", "--size", "16", "--out", folder];
    const lock = await lockOutputs(folder, "");
    for (const more of [[], ["--overwrite"], ["--missing"]]) {
      const { status, stdout, stderr } = await task("world", [...args, ...more]);
      assertEquals([status, stdout], [1, ""]);
      assertStringIncludes(stderr, `Cannot write to ${folder}: another command is writing to it (process ${Deno.pid})`);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [".forger.lock"]);
    const train = await task("train", ["gan", "--data", "digits", "--count", "20", "--filters", "2", "--out", folder]);
    assertEquals([train.status, lastLine(train).includes("another command is writing to it")], [1, true], train.stderr);
    await lock.release();
    assertEquals((await task("world", args)).status, 0);
  }));

Deno.test("Ctrl-C and SIGTERM keep what is done, and --missing makes the rest, the same as without an interruption", () =>
  withFolder(async (folder) => {
    const args = (out: string) => ["--count", "60", "--test", "1", "--size", "96", "--out", join(folder, out)];
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const child = start("world", args(signal));
      const place = join(folder, signal, "train");
      while (await Deno.stat(join(place, "3.png")).then(() => false, () => true)) {
        await new Promise((done) => setTimeout(done, 5));
      }
      child.kill(signal);
      const { code, stdout } = await child.output();
      assertEquals(code, 130);
      assertStringIncludes(new TextDecoder().decode(stdout), "add --missing to the command");
      const names = [...Deno.readDirSync(place)].map(({ name }) => name);
      assert(names.length >= 3 && names.length < 60 && names.every((name) => /^\d+\.png$/.test(name)), names.join());
      await Promise.all(names.map((name) => readImageBytes(join(place, name)))); // none is cut off
      assertEquals((await task("world", args(signal))).status, 1);
      const more = await task("world", [...args(signal), "--missing"]);
      assertStringIncludes(more.stdout, `${61 - names.length} pairs of 96x96 in `);
    }
    await task("world", args("whole"));
    for (const name of ["train/4.png", "train/60.png", "test/1.png"]) {
      assertEquals(await Deno.readFile(join(folder, "SIGINT", name)), await Deno.readFile(join(folder, "whole", name)));
    }
  }));
