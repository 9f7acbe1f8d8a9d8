/** Training on rectangles: `--size 64x32` for every system that has it, and what refuses it. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { readImageBytes } from "../../lib/data/image.ts";
import { paint } from "../data/_images.ts";
import { lastLine, task, withFolder } from "./_task.ts";

/** Writes three images that are 1.5 times as wide as high. */
async function images(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  for (const n of [1, 2, 3]) await paint(join(folder, `${n}.png`), 60, 40, (x, y) => [4 * x, 6 * y, 80 * n]);
  return folder;
}

const COMMON = "--size 64x32 --filters 1 --epochs 1".split(" ");
const RUNS: [system: string, options: string, use: string, result: string][] = [
  ["pix2pix", "--data DATA/a --targets DATA/b --layers 1", "translate --input DATA/a --no-dropout", "1.png"],
  ["bicyclegan", "--data DATA/a --targets DATA/b --layers 1", "translate --input DATA/a", "1.png"],
  ["cyclegan", "--data DATA/a --others DATA/b --layers 1 --blocks 1", "translate --input DATA/a --back", "1.png"],
  ["gan", "--data DATA --batch 3", "generate --count 2", "2.png"],
  ["conditional-gan", "--data DATA --batch 3", "generate --labels 1,0", "2.png"],
];

for (const [system, options, use, result] of RUNS) {
  Deno.test(`train ${system} --size 64x32 trains on rectangles, which are the size of the results`, () =>
    withFolder(async (folder) => {
      const [data, run, output] = [join(folder, "data"), join(folder, "run"), join(folder, "output")];
      for (const name of ["a", "b"]) await images(join(data, name));
      const words = (text: string) => text.replaceAll("DATA", data).split(" ");
      const trained = await task("train", [system, ...words(options), ...COMMON, "--samples", "1", "--out", run]);
      assertEquals(trained.status, 0, trained.stderr);
      const page = await Deno.readTextFile(join(run, "index.html"));
      assertMatch(page, /<img[^>]* width="64" height="32"/);
      const { settings } = JSON.parse(await Deno.readTextFile(join(run, "forger.json")));
      if (settings.size) {
        assertEquals(settings.size, [32, 64]);
        assertStringIncludes(page, "64x32 pixels");
      } else assertEquals(settings.shape, [32, 64, 3]);
      const [command, ...more] = words(use);
      const used = await task(command!, ["--model", run, "--output", output, ...more]);
      assertEquals(used.status, 0, used.stderr);
      const { width, height } = await readImageBytes(join(output, result));
      assert(command === "translate" || width === 64 && height === 32, `${width}x${height}`);
    }));
}

Deno.test("evaluate uses the size of a model for rectangles; a classifier of rectangles judges them", () =>
  withFolder(async (folder) => {
    const data = join(folder, "data");
    for (const name of ["a", "b"]) await images(join(data, name));
    const train = async (system: string, ...args: string[]) => {
      const { status, stderr } = await task("train", [system, ...COMMON, ...args, "--out", join(folder, system)]);
      assertEquals(status, 0, stderr);
    };
    await train("classifier", "--data", data);
    await train("conditional-gan", "--data", data, "--samples", "0");
    const judged = ["--model", join(folder, "conditional-gan"), "--classifier", join(folder, "classifier"), "--count", "20"];
    const gan = await task("evaluate", [...judged, "--data", data, "--json"]);
    assert(Number.isFinite(JSON.parse(gan.stdout || "{}").label_accuracy), gan.stderr);
    await train("pix2pix", "--data", join(data, "a"), "--targets", join(data, "b"), "--samples", "0", "--layers", "1");
    const pairs = ["--data", join(data, "a"), "--targets", join(data, "b"), "--json"];
    const pix2pix = await task("evaluate", ["--model", join(folder, "pix2pix"), ...pairs]);
    assert(Number.isFinite(JSON.parse(pix2pix.stdout || "{}").l1), pix2pix.stderr);
  }));

Deno.test("train refuses sizes that do not fit, in one line", async () => {
  const cases: [args: string, words: string[]][] = [
    ["stackgan --size 64x32", ["Option --size", "64x32"]],
    ["stackgan --size 2048", ["Option --size", "1024"]],
    ["pix2pix --data toytown --size 64x32", ["toytown", "64x32", "square"]],
    ["cyclegan --data toytown --size 64x32", ["toytown", "64x32", "square"]],
    ["pix2pix --data toytown --size 64x", ["Option --size", '"64x"', "WIDTHxHEIGHT"]],
    ["gan --data x --size 2048x64", ["Option --size", "1024"]],
  ];
  for (const [args, words] of cases) {
    const { status, stderr } = await task("train", args.split(" "));
    assertEquals([status, stderr.trimEnd().split("\n").length], [2, 1], stderr);
    for (const word of words) assertStringIncludes(stderr, word);
  }
});

Deno.test("train --print-config keeps a rectangle as [height, width]; --config also takes 64x32", () =>
  withFolder(async (folder) => {
    const path = join(folder, "config.json");
    const print = async (...args: string[]) => (await task("train", ["pix2pix", ...args, "--print-config"])).stdout;
    const printed = await print("--size", "64x32");
    assertEquals(JSON.parse(printed).size, [32, 64]);
    for (const text of [printed, '{ "size": "64x32" }']) {
      await Deno.writeTextFile(path, text);
      assertEquals(JSON.parse(await print("--config", path)).size, [32, 64]);
    }
    assertEquals(JSON.parse(await print("--size", "64x64")).size, 64);
    await Deno.writeTextFile(path, '{ "size": [32] }');
    assertStringIncludes(lastLine(await task("train", ["pix2pix", "--config", path])), "[32]");
  }));
