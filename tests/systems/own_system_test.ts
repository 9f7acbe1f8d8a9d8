import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { loadModel, systems, useBackend } from "../../mod.ts";
import { type DataSource, registerSource } from "../../lib/cli/data/mod.ts";
import { helpText } from "../../lib/cli/help.ts";
import { train } from "../../lib/cli/train.ts";
import { trainCommand } from "../../lib/cli/train_command.ts";
import { withFolder } from "../cli/_task.ts";
import { type Points, POINTS_SYSTEM, RING } from "./_points.ts";

const SYSTEM = POINTS_SYSTEM;
systems.registerSystem(SYSTEM);
registerSource("ring", RING as unknown as DataSource);

/** Runs `deno task train points` in this process, without its output. */
async function trainPoints(...args: string[]): Promise<{ status: number; printed: string }> {
  const lines: string[] = [];
  const { log, error } = console;
  console.log = console.error = (...words: unknown[]) => void lines.push(words.join(" "));
  try {
    return { status: await train(["points", "--backend", "cpu", ...args]), printed: lines.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}

async function weightsIn(folder: string): Promise<Uint8Array[]> {
  return await Promise.all(["generator", "discriminator"].map((name) => Deno.readFile(join(folder, name, "weights.bin"))));
}

Deno.test("a registered system gets options, help and checks from its settings", async () => {
  const help = helpText(trainCommand(SYSTEM)).replaceAll(/\s+/g, " ");
  assertStringIncludes(help, "--hidden N");
  assertStringIncludes(help, "Default: 16 units");
  assertStringIncludes(help, "--count N");
  const { status, printed } = await trainPoints("--hidden", "0");
  assertEquals(status, 2);
  assertStringIncludes(printed, "--hidden");
  const config = JSON.parse((await trainPoints("--preset", "quick", "--print-config")).printed);
  assertEquals([config.hidden, config.latent, config.epochs], [8, 4, 3]);
});

Deno.test("a registered system trains, writes a page with the meanings of its settings, and resumes bit for bit", () =>
  withFolder(async (folder) => {
    const [whole, parts] = [join(folder, "whole"), join(folder, "parts")];
    assertEquals((await trainPoints("--seed", "1", "--out", whole)).status, 0);
    assertEquals((await trainPoints("--seed", "1", "--epochs", "1", "--out", parts)).status, 0);
    assertEquals((await trainPoints("--seed", "1", "--epochs", "3", "--out", parts, "--resume")).status, 0);
    assertEquals(await weightsIn(parts), await weightsIn(whole));
    const page = await Deno.readTextFile(join(whole, "index.html"));
    assertStringIncludes(page, "GAN of points on ring");
    assertStringIncludes(page, "Width of the two hidden layers");
  }));

Deno.test("a registered system can be saved and loaded, and then generates the same points", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    assertEquals((await trainPoints("--epochs", "1", "--out", folder)).status, 0);
    const [first, second] = await Promise.all([loadModel(folder), loadModel(folder)]) as unknown as Points[];
    assertEquals(first!.kind, "points");
    const [one, two] = [await first!.generate({ seed: 5 }), await second!.generate({ seed: 5 })];
    assertEquals(one.shape, [16, 2]);
    assertEquals(one.arraySync(), two.arraySync());
    assert(first!.provenance?.data.includes("ring"));
    for (const used of [one, two, first!, second!]) used.dispose();
  }));
