import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { join } from "node:path";
import { loadComparison } from "../../mod.ts";
import { ROOT } from "./_notebooks.ts";

const FOLDER = join(ROOT, "notebooks", "comparisons");
const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

Deno.test("each comparison of the course is kept with the program that makes it", () => {
  const names = [...new Set(files.map((file) => file.split(".")[0]!))];
  assertEquals(files, names.flatMap((name) => [`${name}.json`, `${name}.ts`]));
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
