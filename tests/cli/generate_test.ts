import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { generate } from "../../lib/cli/generate.ts";
import { gan } from "../../lib/systems/gan.ts";
import * as tf from "../../lib/tf.ts";
import { spoil } from "./_spoil.ts";
import { withFolder } from "./_task.ts";

/** Saves a small model.
 * @returns its folder, and a folder for its images. */
async function prepare(folder: string): Promise<{ model: string; output: string }> {
  await useBackend("cpu", { quiet: true });
  const model = gan({ networks: "dcgan", filters: 1 });
  await model.save(join(folder, "model"));
  model.dispose();
  return { model: join(folder, "model"), output: join(folder, "out") };
}

const QUIET = { update: () => {}, finish: () => {}, print: () => {} };
const FLAGS = { overwrite: false, missing: false } as const;
const OPTIONS = { count: 2, labels: undefined, captions: undefined, seed: 0, backend: "cpu", ...FLAGS } as const;

Deno.test("generate reports that its output is a file", () =>
  withFolder(async (folder) => {
    const { model, output } = await prepare(folder);
    await Deno.writeTextFile(output, "");
    const { message } = await assertRejects(() => generate({ ...OPTIONS, model, output }), Error);
    assertEquals(message, `Cannot write to ${output}: it is a file; choose another folder with --output`);
  }));

Deno.test("generate writes nothing if weights of the model are NaN", () =>
  withFolder(async (folder) => {
    const { model, output } = await prepare(folder);
    await spoil(model);
    await assertRejects(() => generate({ ...OPTIONS, model, output }), RangeError, `Cannot write images to ${output}: `);
    assertEquals(await Array.fromAsync(Deno.readDir(output)), []);
  }));

Deno.test("generate replaces no file unless it is asked to, and --missing makes the same images as without an interruption", () =>
  withFolder(async (folder) => {
    const { model, output } = await prepare(folder);
    const whole = join(folder, "whole");
    assertEquals((await generate({ ...OPTIONS, count: 130, model, output: whole }, QUIET)).made, 130);
    await Deno.mkdir(output);
    await Deno.writeTextFile(join(output, "120.png"), "of a person");
    const noModel = join(folder, "no model"); // it is refused before the model is loaded
    await assertRejects(
      () => generate({ ...OPTIONS, count: 130, model: noModel, output }),
      Error,
      "120.png exists; use --overwrite",
    );
    await Deno.rename(join(output, "120.png"), join(output, "grid.png"));
    await assertRejects(() => generate({ ...OPTIONS, model, output }), Error, "grid.png exists");
    await Deno.remove(join(output, "grid.png"));

    const same = async (names: string[]) => {
      for (const name of names) {
        assertEquals(await Deno.readFile(join(output, name)), await Deno.readFile(join(whole, name)), name);
      }
    };
    await generate({ ...OPTIONS, count: 3, model, output }, QUIET);
    await same(["1.png", "2.png", "3.png"]);
    const more = await generate({ ...OPTIONS, count: 130, missing: true, model, output }, QUIET);
    assertEquals([more.made, more.kept, more.left], [127, 3, 0]);
    await same(["1.png", "4.png", "100.png", "101.png", "130.png"]);
    await Deno.writeTextFile(join(output, "1.png"), "of a person");
    for (const name of ["101.png", "130.png"]) await Deno.remove(join(output, name));
    assertEquals((await generate({ ...OPTIONS, count: 130, missing: true, model, output }, QUIET)).made, 2);
    await same(["101.png", "130.png"]);
    assertEquals(await Deno.readTextFile(join(output, "1.png")), "of a person");
    assertEquals((await generate({ ...OPTIONS, count: 130, overwrite: true, model, output }, QUIET)).made, 130);
    await same(["1.png", "grid.png"]);
  }));

Deno.test("generate keeps only a few images in memory, fewer if they are large, and writes the images while it goes on", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const large = gan({ networks: "dcgan", filters: 1, latent: 1, shape: [128, 128, 1] });
    const model = join(folder, "large");
    await large.save(model);
    large.dispose();
    const most = async (count: number) => {
      const output = join(folder, `${count}`);
      let bytes = 0;
      const files: number[] = [];
      const update = () => {
        bytes = Math.max(bytes, tf.memory().numBytes - 4 * count); // without the noise
        files.push([...Deno.readDirSync(output)].filter(({ name }) => name.endsWith(".png")).length);
      };
      await generate({ ...OPTIONS, count, model, output }, { ...QUIET, update });
      assert(files.every((written, i) => i - 8 <= written && written <= i), files.join());
      return bytes;
    };
    assertEquals(await most(75), await most(25));
  }));
