import { assert, assertEquals, fail } from "@std/assert";
import { join } from "node:path";
import { type BackendName, useBackend } from "../../mod.ts";
import { task, withFolder } from "../cli/_task.ts";
import {
  type Answer,
  ask,
  type Asked,
  BACKENDS,
  digest,
  FIXTURES,
  fixtures,
  type ModelFixture,
  type RunFixture,
  summary,
  unpack,
  withModel,
} from "./_fixtures.ts";

/** Tolerance of each backend. Plain JavaScript gives the same results on all processors, but other backends do not; and other
 * versions may sum in a different order. */
const TOLERANCE: Record<string, number> = { cpu: 1e-6, wasm: 1e-4, tensorflow: 1e-4 };
/** What an answer demonstrates, for the name of a test. */
const DOES: Record<string, string> = {
  translate: "translates the same values",
  generate: "generates the same values",
  classify: "returns the same classes and features",
};

/** Starts a backend; if this fails, the test is skipped, with the reason. */
async function starts(backend: BackendName, test: Deno.TestContext): Promise<boolean> {
  try {
    await useBackend(backend, { quiet: true });
    return true;
  } catch (error) {
    console.warn(`skipped on ${backend}: ${(error as Error).message}`);
    await test.step({ name: "skipped", ignore: true, fn: () => {} });
    return false;
  }
}

/** Compares an answer with the recorded answer. */
function compare({ values, mean, deviation }: Answer, now: ArrayLike<number>, tolerance: number, what: string): void {
  const { values: found, ...rest } = summary(now);
  const wanted = values.split(" ").map(Number);
  assertEquals(found.length, wanted.length, what);
  const pairs = [...wanted.map((value, i) => [found[i]!, value]), [rest.mean, mean], [rest.deviation, deviation]];
  const off = Math.max(...pairs.map(([found, wanted]) => Math.abs(found! - wanted!)));
  assert(off <= tolerance, `${what}: the values differ by ${off}, more than ${tolerance}: ${found}; expected ${wanted}`);
}

async function checkAnswer(folder: string, question: Asked, backend: BackendName): Promise<void> {
  const { call, options, tensors, shape, answers } = question;
  const { shape: found, numbers } = await ask(folder, question);
  const what = `${call}(${JSON.stringify({ ...options, ...tensors })})`;
  assertEquals(found, shape, what);
  compare(answers[backend]!, numbers, call === "classify" ? 0 : TOLERANCE[backend]!, what);
}

for (const [name, { kind, about, questions }] of fixtures<ModelFixture>("models")) {
  const archive = join(FIXTURES, "models", `${name}.tar.gz`);
  for (const backend of BACKENDS) {
    const does = DOES[questions[0]!.call]!;
    Deno.test(`loadModel() loads a ${kind} folder of version 0.1.0 (${about}) and ${does} [${backend}]`, (test) =>
      withFolder(async (folder) => {
        if (!await starts(backend, test)) return;
        await unpack(archive, folder);
        for (const question of questions) await checkAnswer(folder, question, backend);
      }));
  }

  Deno.test(`save() writes the weights of a ${kind} folder of version 0.1.0 (${about}) unchanged`, () =>
    withFolder(async (folder) => {
      await useBackend("cpu", { quiet: true });
      const [then, now] = [join(folder, "then"), join(folder, "now")];
      await unpack(archive, then);
      await withModel(then, async (model) => {
        if (model.kind !== undefined) assertEquals(model.kind, kind);
        await model.save(now);
      });
      const networks = [...Deno.readDirSync(then)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
      assert(networks.length > 0);
      for (const network of networks) {
        const [before, after] = [then, now].map((folder) => digest(join(folder, network, "weights.bin")));
        assertEquals(await after, await before, `the weights of ${network}`);
      }
    }));
}

/** Unpacks the folder of a run, and enters the folder in which the run was started: the images are beside the fixtures. */
async function placeRun(name: string, folder: string): Promise<void> {
  await unpack(join(FIXTURES, "trainings", `${name}.tar.gz`), folder);
  const file = join(folder, "command.json");
  const command = JSON.parse(await Deno.readTextFile(file));
  await Deno.writeTextFile(file, JSON.stringify({ ...command, from: FIXTURES }));
}

for (const [name, { kind, about, stopped, weights, losses }] of fixtures<RunFixture>("trainings")) {
  Deno.test(`train --resume ends a half-done ${kind} run of version 0.1.0 (${about}) with the same bits`, () =>
    withFolder(async (folder) => {
      const run = join(folder, name);
      await placeRun(name, run);
      const { status, stdout, stderr } = await task("train", ["--resume", run], { FORGER_BACKEND: "cpu" });
      const output = `\n${stdout}\n${stderr}`;
      assertEquals(status, 0, output);
      const rows = (await Deno.readTextFile(join(run, "losses.csv"))).trimEnd().split("\n");
      assert(rows.length - 1 > stopped.step, `the resumed run takes no steps after step ${stopped.step}${output}`);
      const differing: string[] = [];
      for (const [network, wanted] of Object.entries(weights)) {
        if (await digest(join(run, network, "weights.bin")) !== wanted) differing.push(network);
      }
      if (differing.length > 0) fail(`the weights of ${differing.join(", ")} differ from those of version 0.1.0${output}`);
      assertEquals(await digest(join(run, "losses.csv")), losses, `losses.csv differs: ${rows.join("\n")}`);
    }));
}
