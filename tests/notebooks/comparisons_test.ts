import { assert, assertEquals, assertGreaterOrEqual, assertRejects } from "@std/assert";
import { join } from "node:path";
import { data, gan, loadComparison, useBackend } from "../../mod.ts";
import { trained } from "../../notebooks/comparisons/_trained.ts";
import { ROOT } from "./_notebooks.ts";

const FOLDER = join(ROOT, "notebooks", "comparisons");
const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => !name.startsWith("_")).sort();

Deno.test("each comparison of the course is kept with the program that makes it", () => {
  const names = [...new Set(files.map((file) => file.split(".")[0]!))];
  assertEquals(files, names.flatMap((name) => [`${name}.json`, `${name}.ts`]));
});

Deno.test("trained() refuses a run that was stopped", async () => {
  await useBackend("cpu", { quiet: true });
  const points = data.pointsOf(data.gaussianRing(), { count: 40 });
  const run = (signal: AbortSignal) => {
    const model = gan({ shape: [2], hidden: [4], discriminatorHidden: [4], latent: 2, seed: 1 });
    return trained(model.train(points, { epochs: 2, batch: 20, seed: 1, signal }), 2).finally(() => model.dispose());
  };
  await run(new AbortController().signal);
  const message = "Cannot compare: expected 2 epochs, got 0, since the run was stopped; run the command again";
  await assertRejects(() => run(AbortSignal.abort()), Error, message);
});

Deno.test("each comparison refuses runs that were stopped, and writes beside itself on any system", async () => {
  for (const name of files.filter((file) => file.endsWith(".ts"))) {
    const code = await Deno.readTextFile(join(FOLDER, name));
    const runs = code.match(/\.train\(/g)?.length ?? 0;
    assertEquals([name, code.match(/await trained\(model\.train\(/g)?.length ?? 0], [name, runs]);
    assert(!code.includes(".pathname"), `${name}: a path of Windows begins with a letter`);
  }
});

for (const name of files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length))) {
  Deno.test(`comparison ${name} loads by its name, has three seeds for each variant, and states its command`, async () => {
    const { runs, origin, better } = await loadComparison(name);
    assertEquals(origin!.command, `deno run -A notebooks/comparisons/${name}.ts`);
    for (const [variant, own] of Map.groupBy(runs, ({ variant }) => variant)) {
      assertGreaterOrEqual(new Set(own.map(({ seed }) => seed)).size, 3, variant);
      for (const { metrics } of own) for (const metric of Object.keys(better)) assert(Number.isFinite(metrics[metric]), metric);
    }
  });
}
