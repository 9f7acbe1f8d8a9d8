/** notebooks/RESULTS.md. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { ROOT } from "../../lib/cli/process.ts";
import { pretrainedModels } from "../../lib/train/pretrained.ts";
import { energyText } from "../../notebooks/results/card.ts";
import { noneIfMissing } from "../../notebooks/results/history.ts";
import { energyOf, onGpu } from "../../notebooks/results/machine.ts";
import type { OrderResults } from "../../notebooks/results/order_results.ts";
import { orderingsText } from "../../notebooks/results/order_tables.ts";
import { RECIPES } from "../../notebooks/results/recipes.ts";
import { TABLES } from "../../notebooks/results/variants.ts";
import { resultsText } from "../../notebooks/results/results.ts";

/** The words of a text: line breaks and the widths of columns do not count. */
const words = (text: string) => text.replaceAll(/[\s|-]+/g, " ");

Deno.test("RESULTS.md is what results.ts writes; if not, run deno run -A notebooks/results/results.ts", async () => {
  const written = await Deno.readTextFile(join(ROOT, "notebooks", "RESULTS.md"));
  assertEquals(words(written), words(await resultsText()));
  for (const name of await pretrainedModels()) assert(written.includes(`make.ts ${name}\``), name);
});

Deno.test("the tables of orders have the spread of the seeds, the ranks, the baselines and a command in each row", () => {
  const values = { label_mean_iou: 0.5, label_pixel_accuracy: 0.9, patches: 0.1, weave: 0.02, l1: 0.2, ssim: 0.6 };
  const variant = (mean: number) => ({
    command: "deno task train pix2pix --seed 1",
    runs: [{ seed: 1, seconds: 1800, values }, { seed: 2, seconds: 1800, values }],
    summaries: Object.fromEntries(Object.keys(values).map((key) => [key, { mean, spread: 0.012 }])),
  });
  const agreement = { pairs: 1, same: 1, sameAndApart: 1, otherAndApart: 0 };
  const results: OrderResults = {
    ...{ format: 1, machine: "2 cores, a processor", tests: 64, variants: { "l1": variant(0.4), "l1-cgan": variant(0.5) } },
    measures: { pix2pix: Object.fromEntries(Object.keys(values).map((key) => [key, key])) },
    baselines: { pix2pix: { "untranslated input": values } },
    tables: TABLES.map(({ title }) => ({
      ...{ title, source: "a paper", measure: "label_mean_iou", agreement },
    })),
  };
  const text = orderingsText(results).join("\n\n");
  assert(text.includes("4 trainings on drawn facades in 2 hours"), text);
  assert(text.includes("| L1 + cGAN | 1 | 1 | 0.500 ± 0.012 |") && text.includes("| L1 | 4 | 2 | 0.400 ± 0.012 |"), text);
  assert(text.includes("| untranslated input |  |  | 0.5 | 0.9 | 0.1 | 0.02 | 0.2 | 0.6 |"), text);
  const rows = text.split("\n").filter((line) => line.startsWith("| ") && !/^\| ( |---)/.test(line));
  for (const row of rows) assert(/`deno (task|run) [^`]+` \|$/.test(row), row);
});

Deno.test("orderingsText() is empty before the first training is complete", () => {
  const none: OrderResults = { ...{ format: 1, machine: "", tests: 4, measures: {}, baselines: {} }, variants: {}, tables: [] };
  assertEquals(orderingsText(none), []);
});

Deno.test("RESULTS.md says of preliminary models that they are, and compares a metric with that before training", async () => {
  const written = await resultsText();
  for (const name of await pretrainedModels()) {
    const { preliminary, history } = RECIPES[name]!;
    const section = written.split(`### ${name}\n`)[1]!.split("\n### ")[0]!;
    assertEquals([name, section.includes("**Preliminary:**")], [name, preliminary !== undefined]);
    assertEquals(written.includes(`[${name}](../data/models/${name}/README.md) (preliminary)`), preliminary !== undefined);
    assert(section.includes(history ?? ""), name);
  }
  const [varied] = written.match(/^\| \[varied-facades\].*$/m)!;
  assert(varied.includes("L1 distance of the best of these 10 outputs") && varied.includes("lower is better"), varied);
});

Deno.test("noneIfMissing() passes on all errors but that of a missing folder", () => {
  assertEquals(noneIfMissing(new Deno.errors.NotFound()), []);
  assertThrows(() => noneIfMissing(new Deno.errors.NotCapable("Requires read access")), Deno.errors.NotCapable);
});

Deno.test("energyOf() takes the processor time, or at most that of all cores", () => {
  const machine = "2 cores, a processor";
  assertEquals(energyOf({ seconds: 3600, machine }), { cpuHours: 2, wattHours: 40, dollars: 0.012, isMeasured: false });
  const measured = energyOf({ seconds: 3600, cpuSeconds: 1800, machine });
  assertEquals(energyText(measured), "about 10 Wh: 0.5 hours of processor time, at an assumed 20 W per core");
  assertEquals(onGpu({ kind: "pix2pix", size: 256, steps: 240_000 }), { hours: 1, wattHours: 700, dollars: 3 });
  assertEquals(onGpu({ kind: "cyclegan", size: 256, steps: 1 }), undefined);
});
