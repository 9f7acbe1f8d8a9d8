import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { seededRandom } from "../../lib/data/random.ts";
import { decodeTensorFile } from "../../lib/train/safetensors.ts";
import { task, withFolder } from "./_task.ts";

/** Number of times that a training run is killed. Set FORGER_KILLS=200 for a long test. */
const KILLS = Number(Deno.env.get("FORGER_KILLS") ?? 8);
const EPOCHS = 12;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ARGS = [
  "gan",
  "--data",
  "digits",
  "--count",
  "20",
  "--filters",
  "2",
  "--batch",
  "10",
  "--samples",
  "1",
  "--epochs",
  `${EPOCHS}`,
];

/** Starts or resumes a training run, and kills it some time later without warning.
 * @returns whether the run was still in progress when it was killed. */
async function killed(out: string, milliseconds: number): Promise<boolean> {
  const again = await Deno.stat(join(out, "checkpoint.safetensors")).then(() => ["--resume"], () => []);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", "lib/cli/train.ts", ...ARGS, "--out", out, ...again],
    cwd: ROOT,
    ...{ stdin: "null", stdout: "null", stderr: "null" },
    env: { FORGER_BACKEND: "cpu", INIT_CWD: "" },
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
  const { signal } = await child.status;
  clearTimeout(timer);
  return signal === "SIGKILL";
}

/** Reads the checkpoint in a folder: the number of completed epochs, and the weights of the generator.
 * @throws {Error} if the file is incomplete. */
async function stateOf(out: string): Promise<{ epoch: number; weights: number[] } | undefined> {
  const path = join(out, "checkpoint.safetensors");
  const bytes = await Deno.readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  const { arrays, texts } = decodeTensorFile(bytes, path);
  const weights = [...arrays].filter(([name]) => name.startsWith("generator/")).flatMap(([, { values }]) => [...values]);
  return { epoch: JSON.parse(texts.forger!).position.epoch, weights };
}

Deno.test(`a training run killed ${KILLS} times loses at most an epoch each time, and ends like an uninterrupted one`, () =>
  withFolder(async (folder) => {
    const [whole, broken] = [join(folder, "whole"), join(folder, "broken")];
    const random = seededRandom(1);
    let longest = 0;
    {
      const start = performance.now();
      const { status, stderr } = await task("train", [...ARGS, "--out", whole], { FORGER_BACKEND: "cpu" });
      assertEquals(status, 0, stderr);
      longest = performance.now() - start;
    }
    const final = await stateOf(whole);
    let last = 0;
    for (let kills = 0; kills < KILLS;) {
      const start = performance.now();
      if (await killed(broken, random.next() * longest)) kills++;
      else longest = performance.now() - start; // the machine has become faster
      const state = await stateOf(broken);
      assert(!state || state.epoch >= last, `kill ${kills}: epoch ${state?.epoch} after epoch ${last}`);
      last = state?.epoch ?? last;
      if (last < EPOCHS || kills === KILLS) continue;
      assertEquals(state, final); // it has ended: the next one starts again
      await Deno.remove(broken, { recursive: true });
      last = 0;
    }
    const resumed = last > 0 ? ["--resume"] : [];
    const { status, stderr } = await task("train", [...ARGS, "--out", broken, ...resumed], { FORGER_BACKEND: "cpu" });
    assertEquals(status, 0, stderr);
    assertEquals(await stateOf(broken), final);
    const rows = (await Deno.readTextFile(join(broken, "losses.csv"))).trimEnd().split("\n").slice(1);
    assertEquals(rows.map((row) => Number(row.split(",")[1])), Array.from({ length: 2 * EPOCHS }, (_, i) => i + 1));
    assertEquals([...Deno.readDirSync(broken)].filter(({ name }) => name.endsWith(".part")), [], "no partial file is left");
  }));
