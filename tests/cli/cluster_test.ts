import { assertEquals, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { seededRandom } from "../../lib/data/random.ts";
import { decodeTensorFile } from "../../lib/train/safetensors.ts";
import {
  hasTensorflow,
  kill,
  type Network,
  places,
  type Running,
  statuses,
  textOf,
  trainArgs,
  until,
  withNetwork,
} from "./_cluster.ts";

/** Number of times that a worker is lost. Set FORGER_LOSSES=20 for a long test. */
const LOSSES = Number(Deno.env.get("FORGER_LOSSES") ?? 4);
const EPOCHS = 6;
const ARGS = [
  ...["pix2pix", "--data", "toytown", "--size", "32", "--filters", "2", "--count", "16", "--epochs", `${EPOCHS}`, "--batch", "4"],
];
const TEST = { ignore: !hasTensorflow };

/** Digests of the arrays in a checkpoint. */
async function arraysOf(folder: string): Promise<Record<string, string>> {
  const path = join(folder, "checkpoint.safetensors");
  const { arrays } = decodeTensorFile(await Deno.readFile(path), path);
  const digest = (values: Float32Array) => createHash("sha256").update(new Uint8Array(values.slice().buffer)).digest("hex");
  return Object.fromEntries([...arrays].map(([name, { values }]) => [name, digest(values as Float32Array)]));
}

/** Starts two workers. Worker 1 is in another folder, and has no checkpoint. */
function pair(network: Network, out: string, more: string[] = []): Running[] {
  return network.cluster(2, (index) => trainArgs([...ARGS, "--out", `${out}${index === 0 ? "" : "-unused"}`, ...more]));
}

async function succeed(workers: Running[]): Promise<void> {
  const ended = await statuses(workers);
  assertEquals(ended, workers.map(() => 0), workers.map(({ stderr }) => stderr).join("\n"));
}

Deno.test({
  ...TEST,
  name: "train writes on worker 0 only, and --workers 2 trains like two processes with TF_CONFIG",
  fn: () =>
    withNetwork(async (network, folder) => {
      const [out, local] = [join(folder, "two"), join(folder, "local")];
      const workers = pair(network, out);
      await succeed(workers);
      const [first, second] = workers as [Running, Running];
      assertStringIncludes(first.stderr, "listens on all network interfaces");
      assertEquals(second.stdout, "");
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["two"]);
      const together = network.start(trainArgs([...ARGS, "--out", local, "--workers", "2", "--log", join(folder, "log")]), {});
      await succeed([together]);
      assertEquals(await arraysOf(local), await arraysOf(out));
      assertStringIncludes(await textOf(join(local, "run.json")), "2 workers");
      assertStringIncludes(await textOf(join(folder, "log-1")), '"type":"step"');
    }),
});

Deno.test({
  ...TEST,
  name: `a run that lost a worker ${LOSSES} times ends like an undisturbed one; all others end with status 75, and name it`,
  fn: () =>
    withNetwork(async (network, folder) => {
      const [whole, broken] = [join(folder, "whole"), join(folder, "broken")];
      await succeed(pair(network, whole, ["--resume"]));
      const final = await arraysOf(whole);
      const random = seededRandom(1);
      const steps = EPOCHS * 4;
      for (let loss = 0; loss < LOSSES; loss++) {
        const [index, signal] = [loss % 2, loss % 4 < 2 ? "SIGKILL" : "SIGSTOP"] as const;
        const workers = pair(network, broken, ["--resume"]);
        const at = random.integer(steps);
        const rows = async () => (await textOf(join(broken, "losses.csv"))).split("\n").length - 1 > at;
        await until(workers[index]!, rows);
        const [lost, other] = [workers[index]!, workers[1 - index]!];
        kill(lost.process, signal);
        const status = await other.ended;
        kill(lost.process, "SIGKILL");
        await lost.ended;
        if (status === 0) { // the run had ended before
          await Deno.remove(broken, { recursive: true });
          continue;
        }
        assertEquals(status, 75, other.stderr);
        assertStringIncludes(other.stderr, `Cannot train together: worker ${index} (127.0.0.1:`);
      }
      await succeed(pair(network, broken, ["--resume"]));
      assertEquals(await arraysOf(broken), final);
    }),
});

Deno.test({
  ...TEST,
  name: "a late worker is awaited and named, for a limited time; a stop on one worker stops all, and the run resumes bit for bit",
  fn: () =>
    withNetwork(async (network, folder) => {
      const [out, whole] = [join(folder, "run"), join(folder, "whole")];
      const args = trainArgs([...ARGS, "--out", out, "--resume"]);
      const alone = network.start(args, { ...places(2)[0]!, FORGER_CLUSTER_WAIT: "1" });
      assertEquals(await alone.ended, 75);
      assertStringIncludes(alone.stderr, "Cannot train together: worker 1 (127.0.0.1:");
      const [place, late] = places(2);
      const first = network.start(args, place!);
      await until(first, () => first.stderr.includes("Waiting for worker 1 (127.0.0.1:"));
      const second = network.start(args, late!);
      await until(first, async () => (await textOf(join(out, "losses.csv"))).split("\n").length > 4);
      kill(second.process, "SIGTERM");
      assertEquals(await second.ended, 143, second.stderr);
      assertEquals(await first.ended, 130, first.stderr);
      await succeed(pair(network, out, ["--resume"]));
      await succeed(pair(network, whole, ["--resume"])); // as above, without a measurement first, which also draws from dropout
      assertEquals(await arraysOf(out), await arraysOf(whole));
    }),
});
