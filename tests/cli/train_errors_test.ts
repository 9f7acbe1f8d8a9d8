import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { encodePng } from "../../lib/data/image.ts";
import { lastLine, task, withFolder } from "./_task.ts";
import { loadSharp } from "../../lib/packages.ts";

/** A small, quick training run with further options. */
const train = (...args: string[]) => task("train", ["pix2pix", "--size", "32", "--filters", "4", "--epochs", "1", ...args]);

/** An image of noise: one of a single colour would be smaller than the header of a JPEG. */
async function noise(width: number, height: number): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 251);
  return await encodePng({ data, width, height, channels: 3 });
}

async function jpg(width: number, height: number): Promise<Uint8Array> {
  const sharp = await loadSharp();
  return new Uint8Array(await sharp(await noise(width, height)).jpeg().toBuffer());
}

Deno.test("train names what is wrong on its command line, on one line, with status 2", async () => {
  const cases: [args: string[], words: string[]][] = [
    [["train", "--data", "toytown"], ["Unknown model", "pix2pix"]],
    [["constructor"], ['Unknown model "constructor"']],
    [["--epochs", "5"], ["No model given", "run deno task train MODEL [options]"]],
    [["pixpix", "--data", "toytown"], ["Unknown model", "did you mean pix2pix?"]],
    [[], ["No model given", "cyclegan"]],
    [["cyclegan"], ["--data is missing", "--others FOLDER"]],
    [["gan"], ["--data is missing", "--data digits"]],
    [["stackgan", "--size", "50"], ["size must be", "power of two"]],
    [["conditional-gan", "--data", "digits", "--loss", "huber"], ["--loss", "hinge"]],
    [["pix2pix"], ["--data is missing", "--data FOLDER", "--data toytown", "--data facades"]],
    [["pix2pix", "--data", "toytown", "--filter", "4"], ["Unknown option --filter", "did you mean --filters?"]],
    [["pix2pix", "--data", "toytown", "--epochs", "many"], ["--epochs", "expected an integer", 'got "many"']],
    [["pix2pix", "--data", "toytown", "--size", "3"], ["--size", "an integer", 'got "3"']],
    [["pix2pix", "--data", "toytown", "--size", "50"], ["the size must be a multiple of 4, got 50"]],
    [["pix2pix", "--data", "toytown", "--direction", "BtA"], ["--direction", "AtoB or BtoA"]],
    [["pix2pix", "--data", "toytown", "--backend", "gpu"], ["--backend", "tensorflow, webgpu, wasm, cpu"]],
  ];
  await Promise.all(cases.map(async ([args, words]) => {
    const ended = await task("train", args);
    assertEquals(ended.status, 2, ended.stderr);
    for (const word of words) assertStringIncludes(lastLine(ended), word);
    assert(!ended.stderr.includes("    at "), "no stack");
    assertEquals(ended.stdout, "");
  }));
});

Deno.test("train names a missing folder and one without images, with status 1", () =>
  withFolder(async (folder) => {
    const gone = await train("--data", join(folder, "gone"), "--out", join(folder, "run"));
    assertEquals(gone.status, 1);
    assertEquals(lastLine(gone), `Cannot read images from ${join(folder, "gone")}: there is no such folder; check the path`);
    await Deno.writeTextFile(join(folder, "notes.txt"), "no image");
    const empty = await train("--data", folder, "--out", join(folder, "run"));
    assertEquals(empty.status, 1);
    assertStringIncludes(lastLine(empty), `Cannot read images from ${folder}: it contains no images`);
  }));

Deno.test("train names a truncated image and one that cannot be split into halves, with status 1 and no stack", () =>
  withFolder(async (folder) => {
    const whole = await jpg(128, 64);
    const [truncated, odd] = [join(folder, "truncated"), join(folder, "odd")];
    for (const place of [truncated, odd]) await Deno.mkdir(place);
    await Deno.writeFile(join(truncated, "half.jpg"), whole.subarray(0, whole.length / 2));
    await Deno.writeFile(join(odd, "odd.png"), await noise(127, 64));
    const wrong: [place: string, file: string, words: string][] = [
      [truncated, "half.jpg", "replace or remove the file"],
      [odd, "odd.png", "expected an even width"],
    ];
    for (const [place, file, words] of wrong) {
      const ended = await train("--data", place, "--out", join(folder, "run"), "--samples", "0");
      assertEquals(ended.status, 1, ended.stderr);
      assertStringIncludes(lastLine(ended), join(place, file));
      assertStringIncludes(lastLine(ended), words);
      assert(!ended.stderr.includes("    at "), "no stack");
    }
  }));

Deno.test("train rejects a folder of a single class for a system with classes, with status 1, and accepts it for a gan", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "cats", "only"), { recursive: true });
    await Deno.writeFile(join(folder, "cats", "only", "1.png"), await noise(32, 32));
    const args = ["--data", join(folder, "cats"), "--out", join(folder, "run"), ...[
      "--size",
      "32",
      "--epochs",
      "1",
      "--filters",
      "1",
    ]];
    await Promise.all(["classifier", "conditional-gan"].map(async (kind) => {
      const ended = await task("train", [kind, ...args]);
      assertEquals(ended.status, 1, ended.stderr);
      assertStringIncludes(lastLine(ended), "Cannot train on cats: expected at least 2 classes, got 1");
    }));
    const { status, stderr } = await task("train", ["gan", ...args]);
    assertEquals(status, 0, stderr);
  }));

Deno.test("train --help lists all models, and train pix2pix --help all options", async () => {
  const all = await task("train", ["--help"]);
  assertEquals(all.status, 0);
  for (const word of ["-h", "help"]) assertEquals(await task("train", [word]), all);
  for (const word of ["pix2pix", "cyclegan", "stackgan", "conditional-gan", "train MODEL --help"]) {
    assertStringIncludes(all.stdout, word);
  }
  const { status, stdout } = await task("train", ["pix2pix", "--help"]);
  assertEquals(status, 0);
  for (const word of ["--data FOLDER", "--direction WORD", "--resume", "Default: 256 pixels", "Examples:"]) {
    assertStringIncludes(stdout.replaceAll(/\s+/g, " "), word);
  }
});
