import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { readImageBytes } from "../../lib/data/image.ts";
import { writePairs } from "../../lib/data/paired_folders.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { lastLine, task, withFolder } from "./_task.ts";

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Writes toytown pairs to files, with the labels on the left. */
async function makePairs(folder: string, splits: Record<string, number>): Promise<void> {
  for (const [split, count] of Object.entries(splits)) await writePairs(join(folder, split), toytown({ count, size: 32 }));
}

Deno.test("train writes a run folder, does not overwrite it, and continues with --resume; translate uses it", () =>
  withFolder(async (folder) => {
    const [data, out] = [join(folder, "pairs"), join(folder, "run")];
    await makePairs(data, { train: 3, val: 2 });
    const args = ["pix2pix", "--data", data, "--size", "32", "--filters", "4", "--samples", "1", "--out", out];

    const first = await task("train", [...args, "--epochs", "1"]);
    assertEquals(first.status, 0, first.stderr);
    assertMatch(
      first.stdout,
      /On the 2 pairs of pairs \(val\), before training: mean L1 0\.\d+ .*\n.*after training: mean L1 0\.\d+/,
    );
    assertStringIncludes(first.stdout, `Results: ${join(out, "index.html")}`);
    for (
      const file of ["index.html", "losses.csv", "run.json", "forger.json", "generator/weights.bin", "checkpoint.safetensors"]
    ) {
      assert(await exists(join(out, file)), file);
    }

    const page = await Deno.readTextFile(join(out, "index.html"));
    const again = await task("train", [...args, "--epochs", "1"]);
    assertEquals([again.status, await Deno.readTextFile(join(out, "index.html")) === page], [1, true]);
    assertStringIncludes(
      lastLine(again),
      "it contains an earlier training run; continue it with --resume, or choose another folder with --out",
    );

    const more = await task("train", [...args, "--epochs", "2", "--resume"]);
    assertEquals(more.status, 0, more.stderr);
    const rows = (await Deno.readTextFile(join(out, "losses.csv"))).trimEnd().split("\n");
    assertMatch(rows[0]!, /^epoch,step,/);
    assertEquals(rows.slice(1).map((row) => row.split(",").slice(0, 2).join()), ["1,1", "1,2", "1,3", "2,4", "2,5", "2,6"]);

    await checkTranslate(out, join(data, "val"), join(folder, "translated"));
  }));

async function checkTranslate(model: string, input: string, output: string): Promise<void> {
  const args = ["--model", model, "--input", input, "--output", output, "--half", "left", "--no-dropout"];
  const { status, stdout, stderr } = await task("translate", args);
  assertEquals([status, stdout], [0, `2 images in ${output}\n`], stderr);
  const { width, height, channels } = await readImageBytes(join(output, "1.png"));
  assertEquals([width, height, channels], [32, 32, 3]);
  const over = await task("translate", ["--model", model, "--input", input, "--output", input]);
  assertEquals(over.status, 2);
  assertStringIncludes(lastLine(over), `${input} is the folder of the input images`);
  const twins = join(output, "twins");
  await Deno.mkdir(twins);
  for (const ending of ["png", "jpg"]) await Deno.copyFile(join(input, "1.png"), join(twins, `1.${ending}`));
  const both = await task("translate", ["--model", model, "--input", twins, "--output", join(output, "both")]);
  assertEquals([both.status, lastLine(both).includes("would both be written to")], [2, true], both.stderr);
  await Deno.remove(twins, { recursive: true });
  const noModel = await task("translate", ["--model", input, "--input", input, "--output", join(output, "new")]);
  assertEquals(noModel.status, 1);
  assertStringIncludes(lastLine(noModel), "Cannot load the model");
  const noInput = await task("translate", ["--model", model, "--input", join(input, "gone.png"), "--output", output]);
  assertEquals([noInput.status, lastLine(noInput).startsWith(`Cannot read ${join(input, "gone.png")}: there is no such file`)], [
    1,
    true,
  ]);
  assertEquals((await task("translate", ["--input", input])).status, 2);
}
