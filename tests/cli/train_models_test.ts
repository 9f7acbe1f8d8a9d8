import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { encodePng } from "../../lib/data/image.ts";
import { renderScene } from "../../data/worlds/toytown/worlds.ts";
import { lastLine, task, withFolder } from "./_task.ts";

/** A short training run of each system on generated data, the use of its model, and its measurements. */
const MODELS: {
  model: string;
  train: string[];
  /** Pattern of the output of train. */
  says?: RegExp;
  use?: [task: string, ...args: string[]];
  outputs?: string[];
  evaluate?: string[];
  keys?: string[];
}[] = [
  {
    model: "gan",
    train: "--data digits --count 20 --filters 2 --batch 10 --epochs 1 --samples 2".split(" "),
    use: ["generate", "--count", "3"],
    outputs: ["1.png", "2.png", "3.png", "grid.png"],
    evaluate: ["--data", "digits", "--count", "20"],
    keys: ["frechet", "kernel"],
  },
  {
    model: "conditional-gan",
    train: "--data digits --count 20 --filters 2 --batch 10 --epochs 1 --samples 1".split(" "),
    use: ["generate", "--labels", "7,7"],
    outputs: ["1.png", "2.png", "grid.png"],
  },
  {
    model: "pix2pix",
    train: "--data toytown --size 32 --filters 2 --layers 1 --count 2 --epochs 1 --samples 0 --no-evaluation".split(" "),
  },
  {
    model: "bicyclegan",
    train: "--data toytown --size 32 --filters 2 --layers 1 --count 2 --epochs 1 --samples 1".split(" "),
    says: /with 10 outputs per input: mean difference 0\.\d+/,
    use: ["translate", "--variants", "2"],
    outputs: ["given-1.png", "given-2.png"],
  },
  {
    model: "cyclegan",
    train: "--data toytown --size 32 --filters 2 --blocks 1 --layers 1 --count 2 --epochs 1 --samples 1".split(" "),
    says: /after training: mean L1 0\.\d+/,
    use: ["translate", "--back"],
    outputs: ["given.png"],
  },
  {
    model: "stackgan",
    train: "--size 32 --filters 2 --count 24 --batch 12 --epochs 2 --samples 2".split(" "),
    says: /after training: correct colour \d+\.\d%/,
    use: ["generate", "--captions", "a red house with two windows"],
    outputs: ["1.png", "grid.png"],
    evaluate: ["--count", "24"],
    keys: ["caption_colour", "caption_windows", "caption_both"],
  },
  {
    model: "classifier",
    train: "--data digits --count 50 --filters 2 --batch 10 --epochs 1".split(" "),
    says: /of digits \(test\), after training: accuracy \d+\.\d+%/,
  },
];

/** Writes an image to translate. */
async function image(folder: string): Promise<string> {
  const path = join(folder, "given.png");
  await Deno.writeFile(path, await encodePng(await renderScene("facade", 1, "brick", 32)));
  return path;
}

/** Runs the commands that train prints at its end, as they are. */
async function runPrinted(stdout: string): Promise<void> {
  const [, line] = /^Use the model: (.*)$/m.exec(stdout) ?? [];
  assert(line, stdout);
  for (const command of line.split(" && ")) {
    const [deno, word, name, ...args] = Array.from(command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g), ([, a, b, c]) => a ?? b ?? c!);
    assertEquals([deno, word], ["deno", "task"]);
    const { status, stderr } = await task(name!, args);
    assertEquals(status, 0, `${command}: ${stderr}`);
  }
}

for (const { model, train, says, use, outputs, evaluate, keys } of MODELS) {
  Deno.test(`train ${model} writes a complete run folder, which other commands use, and does not overwrite it`, () =>
    withFolder(async (folder) => {
      const out = join(folder, "run");
      const first = await task("train", [model, ...train, "--out", out]);
      assertEquals(first.status, 0, first.stderr);
      if (says) assertMatch(first.stdout, says);
      await runPrinted(first.stdout);
      for (const file of ["index.html", "losses.csv", "run.json", "forger.json", "checkpoint.safetensors"]) {
        assert((await Deno.stat(join(out, file))).isFile, file);
      }
      assertStringIncludes(lastLine(await task("train", [model, ...train, "--out", out])), "it contains an earlier training run");
      if (use) {
        const [name, ...args] = use;
        const given = name === "translate" ? ["--input", await image(folder)] : [];
        const used = await task(name, ["--model", out, "--output", join(folder, "outputs"), ...given, ...args]);
        assertEquals(used.status, 0, used.stderr);
        const files = (await Array.fromAsync(Deno.readDir(join(folder, "outputs")))).map((entry) => entry.name).sort();
        assertEquals(files, outputs);
      }
      if (evaluate) {
        const { status, stdout, stderr } = await task("evaluate", ["--model", out, ...evaluate, "--json"]);
        assertEquals(status, 0, stderr);
        const found = JSON.parse(stdout);
        for (const key of keys!) assert(Number.isFinite(found[key]), key);
      }
    }));
}

Deno.test("the command that train prints translates the user's own images if the run has no samples", () =>
  withFolder(async (folder) => {
    const data = join(folder, "pairs");
    await task("world", ["--count", "2", "--test", "0", "--size", "32", "--out", data]);
    const options = "--direction BtoA --size 32 --filters 2 --epochs 1 --samples 0".split(" ");
    const { stdout, status, stderr } = await task("train", ["pix2pix", "--data", data, ...options, "--out", join(folder, "run")]);
    assertEquals(status, 0, stderr);
    assertMatch(stdout, /^Use the model: deno task translate .*pairs --half right /m);
    await runPrinted(stdout);
    const translated = await Array.fromAsync(Deno.readDir(join(folder, "run", "translated")));
    assertEquals(translated.length > 0, true);
  }));
