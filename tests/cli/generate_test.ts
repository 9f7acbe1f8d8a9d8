import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { generate } from "../../lib/cli/generate.ts";
import { gan } from "../../lib/systems/gan.ts";
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
