/** The command that compares the orders of the papers' tables, on small trainings. */
import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { join } from "node:path";
import { sceneSeed, toytown } from "../../data/worlds/toytown/mod.ts";
import { renderScene } from "../../data/worlds/toytown/worlds.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { parse } from "../../lib/cli/command.ts";
import { trainCommand } from "../../lib/cli/train_command.ts";
import { systemOf } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import type { OrderResults } from "../../notebooks/results/order_results.ts";
import { orderings } from "../../notebooks/results/orderings.ts";
import { fitMaterials, patchDistance, weave } from "../../notebooks/results/style.ts";
import { agreementOf, summary, TABLES, VARIANTS } from "../../notebooks/results/variants.ts";
import { withFolder } from "../cli/_task.ts";

Deno.test("orderings() trains, measures and compares, and repeats no complete training", () =>
  withFolder(async (folder) => {
    const [runs, out] = [join(folder, "runs"), join(folder, "results.json")];
    const small = "--data toytown --size 32 --filters 2 --count 4 --epochs 1";
    const variants = {
      "l1": `pix2pix ${small} --no-adversarial`,
      "l1-cgan": `pix2pix ${small}`,
      "cyclegan": `cyclegan ${small} --blocks 1 --identity 0`,
    };
    const run = (only: "all" | "nothing") => orderings({ runs, out, seeds: 1, only }, { variants, tests: 4 });
    assertEquals(await run("all"), 0);
    const results: OrderResults = JSON.parse(await Deno.readTextFile(out));
    assertEquals(Object.keys(results.variants), Object.keys(variants));
    const { command, runs: [first], summaries } = results.variants["l1-cgan"]!;
    assertEquals(command, `deno task train ${variants["l1-cgan"]} --seed 1`);
    assertEquals(summaries["l1"], { mean: first!.values["l1"]!, spread: 0 });
    assert(first!.seconds > 0 && first!.cpuSeconds! > 0 && first!.values["patches"]! > 0);
    const { "untranslated input": untranslated, "real photos": real } = results.baselines["cyclegan"]!;
    assertLess(real!["x_to_y_patches"]!, untranslated!["x_to_y_patches"]! / 100);
    assertLess(results.baselines["pix2pix"]!["real photos"]!["l1"]!, 1e-6);
    assertLess(untranslated!["x_to_y_material"]!, real!["x_to_y_material"]!);
    assertEquals(results.tables[0]!.agreement.pairs, 1); // L1 and L1 + cGAN
    for (const shown of ["1.png", "2.png", "3.png"]) await Deno.stat(join(runs, "cyclegan-seed1", "shown", shown));
    const before = (await Deno.stat(join(runs, "l1-seed1", "run.json"))).mtime;
    assertEquals(await run("all"), 0);
    assertEquals((await Deno.stat(join(runs, "l1-seed1", "run.json"))).mtime, before);
    assertEquals(JSON.parse(await Deno.readTextFile(out)), results);
  }));

Deno.test("the variants are commands of deno task train, and the tables compare them", () => {
  for (const args of Object.values(VARIANTS)) {
    const [kind, ...words] = args.split(" ");
    parse(trainCommand(systemOf(kind!)!), words);
  }
  for (const { kind, rows } of TABLES) for (const { variant } of rows) assert(VARIANTS[variant]!.startsWith(`${kind} `), variant);
});

Deno.test("agreementOf() tells rows apart as the verdict of a comparison does, and not by fewer seeds", () => {
  const of = (one: number[], other: number[]) => agreementOf([{ paper: 2, values: one }, { paper: 1, values: other }]);
  assertEquals(of([4, 5, 6], [1, 2, 3]), { pairs: 1, same: 1, sameAndApart: 1, otherAndApart: 0 });
  assertEquals(of([1, 2, 3], [4, 5, 6]), { pairs: 1, same: 0, sameAndApart: 0, otherAndApart: 1 });
  const [near, far] = [[5, 5.1, 5.2, 5.3, 5.4], [5.39, 6, 6.1, 6.2, 6.3]]; // the means differ by more than two standard errors
  assertEquals(of(far, near).sameAndApart, 0);
  assertEquals([of([4, 5], [1, 2]).sameAndApart, of([4, 5, 6], [1]).sameAndApart], [0, 0]);
});

Deno.test("agreementOf() counts pairs of rows in the paper's order, and those that the seeds tell apart", () => {
  const rows = [
    { paper: 0.1, values: [1, 1.05, 1.1] },
    { paper: 0.2, values: [2, 2.05, 2.1] },
    { paper: 0.3, values: [1.5, 2, 2.5] },
    { paper: 0.05, values: [3, 3.05, 3.1] },
  ];
  assertEquals(agreementOf(rows), { pairs: 6, same: 2, sameAndApart: 2, otherAndApart: 3 });
  assertEquals(agreementOf([{ paper: 1, values: [1] }, { paper: 1, values: [2] }, { paper: 2, values: [] }]).pairs, 0);
  assertEquals(summary([1, 3]), { mean: 2, spread: Math.SQRT2 });
});

Deno.test("patchDistance() sees style, weave() a checkerboard, and fitMaterials() the material of walls", async () => {
  await useBackend(undefined, { quiet: true });
  const size = 64;
  const set = async (seed: number, input: "brick" | "plaster") => {
    const parts: tf.Tensor4D[] = [];
    for await (
      const pair of toytown({ count: 12, size, seed, split: "test", input }).batches({ shuffle: false, augment: false })
    ) {
      parts.push(pair.input);
      pair.target.dispose();
    }
    return tf.concat(parts, 0);
  };
  const [brick, otherBrick, plaster] = [await set(0, "brick"), await set(1, "brick"), await set(0, "plaster")];
  assertAlmostEquals(await patchDistance(brick, brick), 0, 1e-6);
  assertLess(4 * await patchDistance(brick, otherBrick), await patchDistance(brick, plaster));
  // A pattern that repeats every two pixels, of strength 0.1.
  const strength = await weave(
    tf.tidy(() => tf.add(plaster, tf.tile(tf.tensor4d([0.1, -0.1, -0.1, 0.1], [1, 2, 2, 1]), [1, 32, 32, 1]))),
    plaster,
  );
  assertLess(strength.real, 0.03);
  assertAlmostEquals(strength.generated, 0.1, 0.02);
  const read = await fitMaterials(size);
  let right = 0;
  for (let i = 0; i < 10; i++) {
    const seed = sceneSeed(0, "test", i);
    const labels = await renderScene("facade", seed, "labels", size);
    for (const wall of ["brick", "plaster"] as const) {
      if (read(await renderScene("facade", seed, wall, size), labels) === wall) right++;
    }
  }
  assert(right >= 18, `${right} of 20`);
});
