/** Training on crops: `--crop` and `--scale`. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { toTensor } from "../../lib/data/image_bytes.ts";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";
import { l1 } from "../../lib/metrics/mod.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { paint } from "../data/_images.ts";
import { lastLine, task, withFolder } from "./_task.ts";

/** Writes images of different sizes, all larger than 32 pixels. */
async function photos(folder: string, halves = 1): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [n, [width, height]] of ([[70, 50], [48, 90], [60, 40]] as const).entries()) {
    await paint(join(folder, `${n + 1}.png`), halves * width, height, (x, y) => [2 * (x % width), 2 * y, 60 * n]);
  }
}

const SMALL = "--size 32 --filters 1 --layers 1 --crop".split(" ");

Deno.test("train pix2pix --crop trains on crops, measures and shows whole images, and resumes with the same bits", () =>
  withFolder(async (folder) => {
    const data = join(folder, "pairs");
    for (const split of ["train", "val"]) await photos(join(data, split), 2);
    const args = ["pix2pix", "--data", data, ...SMALL, "--scale", "0.9", "--samples", "1", "--dropout", "0"];
    const run = async (out: string, ...more: string[]) => {
      const ended = await task("train", [...args, "--out", join(folder, out), ...more]);
      assertEquals(ended.status, 0, ended.stderr);
      return ended.stdout;
    };
    const said = await run("once", "--epochs", "2");
    assertMatch(said, /On the 3 pairs of pairs \(val\), after training: mean L1 0\.\d+/);
    const page = await Deno.readTextFile(join(folder, "once", "index.html"));
    assertStringIncludes(page, "cropped at the centre");
    for (const [width, height] of [[32, 32], [43, 81], [54, 36]]) {
      assertMatch(page, new RegExp(`width="${width}" height="${height}"`));
    }
    assertMatch(page, /scale<\/th><td>0\.9</);
    await run("twice", "--epochs", "1");
    await run("twice", "--epochs", "2", "--resume");
    for (const file of ["losses.csv", "generator/weights.bin"]) {
      const [one, two] = await Promise.all(["once", "twice"].map((name) => Deno.readFile(join(folder, name, file))));
      if (file.endsWith(".bin")) assertEquals(two, one);
      else assertEquals(new TextDecoder().decode(two).split("\n").length, new TextDecoder().decode(one).split("\n").length);
    }
    const other = await task("train", ["--resume", join(folder, "twice"), "--epochs", "3", "--scale", "0.5"]);
    assertMatch(lastLine(other), /scale 0\.9, got 0\.5/);
    const evaluate = ["--model", join(folder, "once"), "--data", data, "--json"];
    // By default, evaluate crops as in training.
    const measured = await Promise.all(
      [[], ["--crop", "--scale", "0.9"], ["--crop", "--scale", "0.5"], ["--crop"]].map(async (more) => {
        const { stdout, stderr } = await task("evaluate", [...evaluate, ...more]);
        return JSON.parse(stdout || stderr).l1 as number;
      }),
    );
    const l1 = Number(/after training: mean L1 (0\.\d+)/.exec(said)![1]);
    assert(Math.abs(measured[1]! - l1) < 1e-4 && measured[0] === measured[1], `${measured} and ${l1}`);
    assert(measured[1] !== measured[2] && measured[3] === measured[0], `${measured}`);
  }));

Deno.test("train pix2pix --crop and evaluate measure the whole of an image that is too large for one piece", () =>
  withFolder(async (folder) => {
    const [data, out] = [join(folder, "pairs"), join(folder, "out")];
    await photos(join(data, "train"), 2);
    await Deno.mkdir(join(data, "val"));
    // Beyond the central 1024 columns, the target is white.
    const [width, height] = [1200, 33];
    const isTarget = (x: number) => x >= width;
    const isOutside = (x: number) => x % width < 88 || x % width >= 88 + 1024;
    const outside = (x: number, y: number): [number, number, number] =>
      isTarget(x) && isOutside(x) ? [255, 255, 255] : [x % 256, 7 * y, 0];
    await paint(join(data, "val", "1.png"), 2 * width, height, outside);
    const args = ["pix2pix", "--data", data, ...SMALL, "--samples", "0", "--dropout", "0", "--epochs", "1", "--out", out];
    const ended = await task("train", args);
    assertEquals(ended.status, 0, ended.stderr);
    const said = Number(/after training: mean L1 (0\.\d+)/.exec(ended.stdout)![1]);
    await useBackend("wasm", { quiet: true });
    const model = await loadModel(out, "pix2pix");
    const pairs = await pairsFromFolder(data, { size: 32, crop: true, split: "val" });
    const [pair] = await Array.fromAsync(pairs.wholePairs!());
    const [input, target] = [toTensor([pair!.input]), toTensor([pair!.target])];
    const translated = await model.translate(input);
    const distance = l1(translated, target);
    const expected = (await distance.data())[0]!;
    tf.dispose([input, target, translated, distance]);
    model.dispose();
    assert(Math.abs(said - expected) < 1e-3, `${said} and ${expected}`);
    const { stdout, stderr } = await task("evaluate", ["--model", out, "--data", data, "--json"]);
    const measured = JSON.parse(stdout || stderr).l1 as number;
    assert(Math.abs(measured - expected) < 1e-3, `${measured} and ${expected}`);
  }));

Deno.test("train cyclegan --crop and gan --crop train on crops of photos of different sizes", () =>
  withFolder(async (folder) => {
    const data = join(folder, "photos");
    for (const name of ["trainA", "trainB", "testA", "testB"]) await photos(join(data, name));
    const out = join(folder, "cyclegan");
    const words = ["--data", data, ...SMALL, "--blocks", "1", "--epochs", "1", "--samples", "2", "--no-augment"];
    const cyclegan = await task("train", ["cyclegan", ...words, "--out", out]);
    assertEquals(cyclegan.status, 0, cyclegan.stderr);
    assertMatch(await Deno.readTextFile(join(out, "index.html")), /width="60" height="40"/);
    const run = join(folder, "gan");
    const options = [
      "--data",
      join(data, "trainA"),
      "--size",
      "32x16",
      "--crop",
      "--filters",
      "1",
      "--epochs",
      "1",
      "--batch",
      "2",
    ];
    const gan = await task("train", ["gan", ...options, "--out", run]);
    assertEquals(gan.status, 0, gan.stderr);
    const { stdout, stderr } = await task("evaluate", [
      "--model",
      run,
      ...options.slice(0, 2),
      "--crop",
      "--count",
      "20",
      "--json",
    ]);
    assert(Number.isFinite(JSON.parse(stdout || stderr).frechet), stderr);
  }));

Deno.test("train refuses --scale without --crop, and both for data of a single size, in one line", async () => {
  const cases: [args: string, words: string[]][] = [
    ["pix2pix --data x --scale 0.5", ["--scale", "add --crop"]],
    ["cyclegan --data x --scale 0.5", ["--scale", "add --crop"]],
    ["gan --data x --scale 0.5", ["--scale", "add --crop"]],
    ["pix2pix --data x --crop --scale 0", ["--scale", "0.01"]],
    ["pix2pix --data toytown --crop", ["--crop", "toytown"]],
    ["cyclegan --data toytown --scale 2", ["--scale", "toytown"]],
    ["gan --data digits --crop", ["--crop", "digits"]],
  ];
  for (const [args, words] of cases) {
    const { status, stderr } = await task("train", args.split(" "));
    assertEquals([status, stderr.trimEnd().split("\n").length], [2, 1], stderr);
    for (const word of words) assertStringIncludes(stderr, word);
  }
});
