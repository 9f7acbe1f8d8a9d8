/** Scripts outside of the project import mod.ts by its path, without a configuration of their own.
 *
 * The scripts run with a copy of deno.lock: without a lock file Deno asks the npm registry for metadata, which needs a network.
 * @module */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../lib/cli/process.ts";
import { drawJpgs } from "../bench/data.ts";
import { withFolder } from "../cli/_task.ts";
import { projectFiles } from "./files.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MOD = join(ROOT, "mod.ts");
const README = await Deno.readTextFile(join(ROOT, "README.md"));

/** Runs a script in a folder after a type check, without a network.
 * @returns the lines that it printed. */
async function runScript(folder: string, code: string, config?: Record<string, unknown>): Promise<string[]> {
  await Deno.writeTextFile(join(folder, "script.ts"), code);
  await Deno.copyFile(join(ROOT, "deno.lock"), join(folder, "copy.lock"));
  if (config) await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(config));
  const ended = await run(Deno.execPath(), [
    ...["run", "--check", "--cached-only", "--no-prompt", "--allow-all", "--lock=copy.lock"],
    "script.ts",
  ], { folder, env: { NO_COLOR: "1", FORGER_BACKEND: "wasm" } });
  assert(ended?.success, ended?.lines.join("\n"));
  return ended.lines;
}

/** A script that trains for one step. */
const script = (specifier: string) => `
import { data, Pix2Pix, pix2pix, tf, useBackend } from ${JSON.stringify(specifier)};

await useBackend("wasm", { quiet: true });
const model: Pix2Pix = pix2pix({ size: 32, filters: 2 });
const losses: number[] = [];
for await (const event of model.train(data.toytown({ count: 1, size: 32 }), { epochs: 1, seed: 1 })) {
  if (event.type === "step") losses.push(...Object.values(event.losses));
}
console.log("finite", model instanceof Pix2Pix && losses.length > 0 && losses.every(Number.isFinite), tf.version["tfjs-core"]);
`;

const DONE = "finite true 4.22.0";

Deno.test("a script imports mod.ts by its absolute path, without a deno.json", () =>
  withFolder(async (folder) => assertEquals((await runScript(folder, script(MOD))).at(-1), DONE)));

Deno.test("a script imports @forger/gan by an import map", () =>
  withFolder(async (folder) => {
    const config = { imports: { "@forger/gan": MOD } };
    assertEquals((await runScript(folder, script("@forger/gan"), config)).at(-1), DONE);
  }));

/** Compiler options that a user may set. Deno applies the options of a script to the files that it imports by path as well. */
const STRICTEST = {
  strict: true,
  erasableSyntaxOnly: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  noFallthroughCasesInSwitch: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
};

Deno.test("a script with the strictest compiler options imports mod.ts", () =>
  withFolder(async (folder) => {
    assertEquals((await runScript(folder, script(MOD), { compilerOptions: STRICTEST })).at(-1), DONE);
  }));

Deno.test("README.md's imports from a folder beside the clone run as printed, under the strictest compiler options", () =>
  withFolder(async (folder) => {
    await Deno.symlink(ROOT, join(folder, "forger"));
    const project = join(folder, "project");
    await Deno.mkdir(project);
    const [, map] = README.match(/^```json\n(.*"imports".*)\n```/m)!;
    const scripts = [...README.matchAll(/^```ts ignore\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
    assertEquals(scripts.map((code) => code.match(/from "(.*)"/)?.[1]), ["../forger/mod.ts", "@forger/gan"]);
    for (const code of scripts) {
      const config = code.includes("@forger") ? JSON.parse(map!) : {};
      assertEquals((await runScript(project, code, { ...config, compilerOptions: STRICTEST })).at(-1), "toytown (train)");
    }
  }));

/** The examples of README.md that import the library. */
const examples = [...README.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
  .map(([, code]) => code!).filter((code) => code.includes('from "./mod.ts"'));

Deno.test("README.md has an example that imports the library", () => assertGreater(examples.length, 0));

examples.forEach((example, n) => {
  Deno.test(`example ${n + 1} of README.md runs in another folder, at a small size`, () =>
    withFolder(async (folder) => {
      for (const [, name] of example.matchAll(/pairsFromFolder\("([^"]+)"/g)) {
        await Deno.mkdir(join(folder, name!));
        await drawJpgs(join(folder, name!), 32, 2);
      }
      for (const [, name] of example.matchAll(/readImage\("([^"]+)"/g)) {
        await Deno.copyFile(join(ROOT, "data", "houses", "1.png"), join(folder, name!));
      }
      const small = example.replaceAll(/\bsize: \d+/g, "size: 32").replaceAll(/\bepochs: \d+/g, "epochs: 1");
      await runScript(folder, small.replaceAll('from "./mod.ts"', `from ${JSON.stringify(MOD)}`));
    }));
});

// deno.json has those of the reading edition, which is not part of the library.
Deno.test("only lib/tf.ts, lib/packages.ts and deno.json state versions of npm packages", async () => {
  const files = await projectFiles(ROOT, [".ts", ".ipynb", "deno.json"]);
  const places = await Promise.all(files.map(async (path) => {
    const found = (await Deno.readTextFile(path)).match(/\bnpm:@?[\w.-]+(\/[\w.-]+)?@[\^~<>=\d]/);
    return found ? [relative(ROOT, path).replaceAll("\\", "/")] : [];
  }));
  assertEquals(places.flat().sort(), ["deno.json", "lib/packages.ts", "lib/tf.ts"]);
});
