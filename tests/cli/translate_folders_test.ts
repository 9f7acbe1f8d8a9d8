import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { UsageError } from "../../lib/cli/command.ts";
import { translate } from "../../lib/cli/translate.ts";
import * as tf from "../../lib/tf.ts";
import { CUTS, OWN_REASONS, writeBroken } from "../data/_broken.ts";
import { lastLine, start, task, withFolder } from "./_task.ts";
import { DEFAULTS, prepare, quiet, run } from "./_translate.ts";

/** Lists the files in a folder and its subfolders. */
async function filesIn(folder: string, place = ""): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(folder, place)));
  const lists = entries.map(async ({ name, isDirectory }) =>
    isDirectory ? await filesIn(folder, join(place, name)) : [join(place, name)]
  );
  return (await Promise.all(lists)).flat().sort();
}

Deno.test("translate keeps subfolders, and does not translate its own output or go around a cycle of links", () =>
  withFolder(async (folder) => {
    const { model, input } = await prepare(folder);
    const output = join(input, "translated");
    await Deno.mkdir(join(input, "b", "c", "d", "e", "f"), { recursive: true });
    for (const place of ["b", "b/c/d/e/f"]) await Deno.copyFile(join(input, "a.png"), join(input, place, "a.png"));
    await Deno.symlink("..", join(input, "b", "up"));
    const expected = ["a.png", "b/a.png", "b/c/d/e/f/a.png"];
    assertEquals([await run({ model, input, output }), await filesIn(output)], [3, expected]);
    assertEquals(await run({ model, input, output, overwrite: true }), 3);
    assertEquals(await filesIn(output), expected);
  }));

Deno.test("translate replaces no file unless it is asked to, and with --missing makes only what is missing", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    for (const name of ["b", "c"]) await Deno.copyFile(join(input, "a.png"), join(input, `${name}.png`));
    await Deno.mkdir(output);
    await Deno.writeTextFile(join(output, "b.png"), "of a person");
    const missingModel = join(folder, "no model"); // it is refused before the model is loaded
    await assertRejects(() => run({ model: missingModel, input, output }), Error, "b.png exists; use --overwrite");
    assertEquals(await filesIn(output), ["b.png"]);
    const first = await translate({ ...DEFAULTS, model, input, output, missing: true }, quiet);
    assertEquals([first.made, first.kept], [2, 1]);
    assertEquals(await Deno.readTextFile(join(output, "b.png")), "of a person");
    await assertRejects(() => run({ model, input, output, variants: 2, overwrite: true, missing: true }), UsageError);
    await Deno.remove(join(output, "b.png"));
    assertEquals(await run({ model, input, output, missing: true }), 1);
    assertEquals(await run({ model, input, output, overwrite: true }), 3);
    await Deno.writeTextFile(join(output, "a-1.png"), "of a person");
    assertEquals(await run({ model, input, output, variants: 2, missing: true }), 3);
    assertEquals(await Deno.readTextFile(join(output, "a-1.png")), "of a person");
  }));

Deno.test("translate skips unreadable files, translates the others, and ends with status 1 unless --skip-bad is given", () =>
  withFolder(async (folder) => {
    const { model, input, output, image } = await prepare(folder);
    await Deno.mkdir(join(input, "sub"));
    await Deno.copyFile(image, join(input, "z.png"));
    await Deno.writeFile(join(input, "cut.png"), (await Deno.readFile(image)).subarray(0, 60));
    await Deno.writeTextFile(join(input, "sub", "text.png"), "no image");
    const args = ["--model", model, "--input", input, "--output", output];
    const bad = await task("translate", args);
    assertEquals([bad.status, bad.stdout, await filesIn(output)], [1, `2 images in ${output}\n`, ["a.png", "z.png"]]);
    for (const words of [join(input, "cut.png"), join(input, "sub", "text.png")]) assertStringIncludes(bad.stderr, words);
    assertStringIncludes(lastLine(bad), "--skip-bad");
    const accepted = await task("translate", [...args, "--skip-bad", "--missing"]);
    assertEquals(accepted.status, 0, accepted.stderr);
    assertStringIncludes(accepted.stdout, "Unreadable files that were skipped: 2");
    for (const name of ["a.png", "z.png"]) await Deno.remove(join(input, name));
    await assertRejects(() => run({ model, input, output, skipBad: true }), Error, "none of the 2 files can be read");
    await assertRejects(() => run({ model, input: join(input, "cut.png"), output }), Error, "Cannot read");
  }));

for (const [kind, cut] of Object.entries(CUTS)) {
  Deno.test(`translate gives each of several ${kind} its own reason`, () =>
    withFolder(async (folder) => {
      const { model, input, output } = await prepare(folder);
      const names = await writeBroken(input, cut);
      await Deno.rename(join(input, "a.png"), join(input, "z.png")); // the broken ones are read without a pause
      for (let i = 0; i < 5; i++) {
        const { made, bad } = await translate({ ...DEFAULTS, model, input, output, overwrite: true }, quiet);
        assertEquals([made, bad.length], [1, names.length]);
        for (const name of names) {
          const reason = bad.find((reason) => reason.startsWith(`Cannot read ${join(input, name)}`));
          assertMatch(reason!, OWN_REASONS[name]!);
        }
      }
    }));
}

Deno.test("Ctrl-C stops translate after an image, and --missing goes on", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    for (let i = 0; i < 300; i++) await Deno.copyFile(join(input, "a.png"), join(input, `${i}.png`));
    const args = ["--model", model, "--input", input, "--output", output];
    const child = start("translate", args);
    while (!(await filesIn(output).catch((): string[] => [])).includes("2.png")) await new Promise((done) => setTimeout(done, 5));
    child.kill("SIGINT");
    const { code, stdout } = await child.output();
    assertEquals(code, 130);
    assertStringIncludes(new TextDecoder().decode(stdout), "add --missing to the command");
    const done = await filesIn(output);
    assert(done.length < 301 && done.every((name) => name.endsWith(".png")), done.join());
    assertEquals(await run({ model, input, output, missing: true }), 301 - done.length);
  }));

Deno.test("translate keeps a few images in memory, however many there are, and writes the images while it goes on", () =>
  withFolder(async (folder) => {
    const { model, input } = await prepare(folder);
    const most = async (count: number) => {
      for (let i = 1; i < count; i++) await Deno.copyFile(join(input, "a.png"), join(input, `${i}.png`)).catch(() => {});
      const output = join(folder, `${count}`);
      const seen = { tensors: 0, bytes: 0, files: [] as number[] };
      const update = () => {
        const { numTensors, numBytes } = tf.memory();
        [seen.tensors, seen.bytes] = [Math.max(seen.tensors, numTensors), Math.max(seen.bytes, numBytes)];
        seen.files.push([...Deno.readDirSync(output)].filter(({ name }) => name.endsWith(".png")).length);
      };
      await translate({ ...DEFAULTS, model, input, output }, { ...quiet, update });
      return seen;
    };
    const before = tf.memory().numTensors;
    const [few, many] = [await most(20), await most(60)];
    const ahead = 5; // how many images have been read varies
    assert(many.tensors <= few.tensors + ahead, `${many.tensors} tensors instead of ${few.tensors}`);
    assert(many.bytes <= few.bytes + ahead * 4 * 32 * 32 * 3, `${many.bytes} bytes instead of ${few.bytes}`);
    assert(many.files.every((files, i) => i - 8 <= files && files <= i), many.files.join());
    assertEquals(tf.memory().numTensors, before);
  }));
