/** notebooks/results/make.ts, from the drawing of the data to the card, with small models. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "../../lib/tf.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { bytesIn } from "../../lib/cli/models.ts";
import { readCard } from "../../lib/cli/model.ts";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";
import type { PairData } from "../../lib/data/datasets.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { rewriteCard } from "../../notebooks/results/cards.ts";
import { evaluationOf } from "../../notebooks/results/keep.ts";
import { replaceFolder } from "../../notebooks/results/pack.ts";
import { type Recipe, RECIPES } from "../../notebooks/results/recipes.ts";
import { testDataOf } from "../../notebooks/results/test_data.ts";
import { task, withFolder } from "../cli/_task.ts";
import { checkFiles, checkValue } from "./_model.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A small edition of "edges-to-photo". */
const EDGES: Recipe = {
  ...RECIPES["edges-to-photo"]!,
  world: { scene: "facade", left: "edges", right: "photo", count: 6, size: 32 },
  train: "pix2pix --direction AtoB --size 32 --filters 8 --epochs 3 --seed 1 --samples 2 --keep-epochs 1,2",
  use: ["deno task play --model edges"],
  preliminary: "it is small.",
  history: "The metrics are few.",
};

/** Runs make() in a process of its own. */
function start(folder: string, name: string, recipe: Recipe): Deno.ChildProcess {
  const options = { runs: join(folder, "runs"), models: join(folder, "models") };
  const code = `import { make } from ${JSON.stringify(join(ROOT, "notebooks/results/make.ts"))};
import { end } from ${JSON.stringify(join(ROOT, "lib/cli/main.ts"))};
await end(() => make(${JSON.stringify(name)}, ${JSON.stringify(options)}, ${JSON.stringify(recipe)}));`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", code],
    ...{ cwd: ROOT, stdin: "null", stdout: "piped", stderr: "piped" },
    env: { NO_COLOR: "1", FORGER_BACKEND: "wasm", INIT_CWD: "" },
  }).spawn();
}

async function made(folder: string, name: string, recipe: Recipe): Promise<string> {
  const { code, stdout, stderr } = await start(folder, name, recipe).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("make() draws, trains, measures and stores a model, and continues after an interruption", () =>
  withFolder(async (folder) => {
    const run = join(folder, "runs", "edges");
    const child = start(folder, "edges", EDGES);
    const ended = child.output();
    let over = false;
    ended.then(() => over = true);
    while (!over && !await Deno.stat(join(run, "losses.csv")).catch(() => undefined)) {
      await new Promise((next) => setTimeout(next, 50));
    }
    child.kill("SIGINT");
    assertEquals((await ended).code, 130, new TextDecoder().decode((await ended).stderr));
    const said = await made(folder, "edges", EDGES);
    for (const epoch of [0, 1, 2, 3]) assertMatch(said, new RegExp(`^After epoch ${epoch} of 3: l1 `, "m"));
    const model = join(folder, "models", "edges");
    await checkFiles(model, EDGES);
    assertEquals((await readCard(model))!.metrics[0]!.key, EDGES.metric);
    const readme = await Deno.readTextFile(join(model, "README.md"));
    const rows = ["**Preliminary:** it is small.", "The metrics are few.", "| energy", "![edges: samples](samples.png)"];
    for (const part of rows) assertStringIncludes(readme, part);
    // Its text can be written again without a measurement, also after it was spoilt.
    const path = join(model, "README.md");
    await Deno.writeTextFile(path, readme.replace(/^\| energy.*\n/m, "").replace("**Preliminary:** it is small.", ""));
    assertEquals(await rewriteCard(model, EDGES), path);
    assertEquals(await Deno.readTextFile(path), readme);
    await useBackend(undefined, { quiet: true });
    await checkValue(model, EDGES);
    assertLess(await bytesIn(join(model, "generator")), 0.4 * await bytesIn(join(run, "generator")));
    // It measures nothing twice.
    const digests = (await readCard(model))!.digests;
    assert(!(await made(folder, "edges", EDGES)).includes("After epoch"));
    assertEquals((await readCard(model))!.digests, digests);
    const refused = await start(folder, "edges", { ...EDGES, train: `${EDGES.train} --lambda 10` }).output();
    assertEquals(refused.code, 1);
    assertStringIncludes(new TextDecoder().decode(refused.stderr), "--lambda 10");
  }));

Deno.test("a small model has close to the same outputs, and plain TensorFlow.js loads its weights", () =>
  withFolder(async (folder) => {
    const recipe = {
      ...RECIPES["digit-classifier"]!,
      train: "classifier --data digits --count 100 --epochs 1 --seed 1 --filters 8",
    };
    await made(folder, "digit-classifier", recipe);
    await useBackend("cpu", { quiet: true });
    const [large, small] = [join(folder, "runs", "digit-classifier"), join(folder, "models", "digit-classifier")];
    const { modelTopology, weightsManifest } = JSON.parse(await Deno.readTextFile(join(small, "classifier", "model.json")));
    assert(weightsManifest[0].weights.some((weight: { quantization?: object }) => weight.quantization));
    const weightData = (await Deno.readFile(join(small, "classifier", "weights.bin"))).buffer;
    const plain = await tf.loadLayersModel(
      tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
    );
    const images = tf.randomUniform([2, 28, 28, 1], -1, 1, "float32", 1) as tf.Tensor4D;
    const models = [await loadModel(large, "classifier"), await loadModel(small, "classifier")];
    const features = await Promise.all(models.map((model) => model.features(images)));
    const [, plainFeatures] = plain.predict(images) as tf.Tensor[];
    const difference = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
    assertLess(difference(features[1]!, plainFeatures!), 1e-5);
    const error = difference(features[0]!, features[1]!);
    assert(error > 0 && error < 0.02 * tf.max(features[0]!).dataSync()[0]!, `${error}`);
    [plain, ...models].forEach((model) => model.dispose());
    tf.dispose([images, ...features, plainFeatures!]);
  }));

Deno.test("testDataOf() draws the pairs that deno task world writes", () =>
  withFolder(async (folder) => {
    const args = "--left edges --right photo --count 1 --test 2 --size 32".split(" ");
    assertEquals((await task("world", [...args, "--out", folder])).status, 0);
    await useBackend("cpu", { quiet: true });
    const read = await pairsFromFolder(folder, { size: 32, split: "test", direction: "AtoB" });
    const values = async (pairs: PairData) => {
      const all: number[][] = [];
      for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
        all.push([...input.dataSync(), ...target.dataSync()]);
        tf.dispose([input, target]);
      }
      return all;
    };
    const [drawn, files] = [await values(testDataOf(EDGES, 2).pairs!), await values(read)];
    assertEquals(drawn.length, files.length);
    drawn.forEach((pair, i) => pair.forEach((value, j) => assertAlmostEquals(value, files[i]![j]!, 1e-6)));
  }));

Deno.test("make() replaces no folder that is not that of a model", () =>
  withFolder(async (folder) => {
    const notes = join(folder, "models", "edges", "notes.txt");
    await Deno.mkdir(dirname(notes), { recursive: true });
    await Deno.writeTextFile(notes, "a person's");
    const { code, stderr } = await start(folder, "edges", EDGES).output();
    assertEquals(code, 1);
    assertStringIncludes(
      new TextDecoder().decode(stderr),
      `${dirname(notes)} is not the folder of a model, and would be replaced`,
    );
    assertEquals(await Deno.readTextFile(notes), "a person's");
    assertEquals(await Deno.stat(join(folder, "runs")).catch(() => undefined), undefined);
  }));

Deno.test("evaluationOf() keeps of a path only the last part, and the name of its option", () => {
  assertEquals(evaluationOf("a", ""), "deno task evaluate --model runs/a");
  const options = "--data=/home/me/facades --targets ../x/photos --count 20";
  assertEquals(evaluationOf("a", options), "deno task evaluate --model runs/a --data=facades --targets photos --count 20");
});

Deno.test("replaceFolder() leaves the new folder complete if the removal of the earlier one is interrupted", () =>
  withFolder(async (folder) => {
    const [by, model] = [join(folder, "a.part"), join(folder, "a")];
    for (const [path, text] of [[by, "new"], [model, "earlier"]] as const) {
      await Deno.mkdir(path);
      await Deno.writeTextFile(join(path, "forger.json"), text);
    }
    const { remove } = Deno;
    const interrupted = async (path: string | URL, options?: Deno.RemoveOptions) => {
      const isThere = await Deno.stat(path).then(() => true, () => false);
      if (isThere) throw new Error("interrupted");
      await remove(path, options);
    };
    try {
      Deno.remove = interrupted;
      await assertRejects(() => replaceFolder(by, model), Error, "interrupted");
    } finally {
      Deno.remove = remove;
    }
    assertEquals(await Deno.readTextFile(join(model, "forger.json")), "new");
    await Deno.mkdir(by);
    await replaceFolder(by, model);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a"]);
  }));
