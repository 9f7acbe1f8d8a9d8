import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
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
import { task } from "./_task.ts";

/** Number of times that a worker is lost. Set FORGER_LOSSES=20 for a long test. */
const LOSSES = Number(Deno.env.get("FORGER_LOSSES") ?? 4);
const EPOCHS = 6;
const STEPS = 4 * EPOCHS;
const ARGS = [
  ...["pix2pix", "--data", "toytown", "--size", "32", "--filters", "2", "--count", "16", "--epochs", `${EPOCHS}`, "--batch", "4"],
];
const TEST = { ignore: !hasTensorflow };

/** Arguments with other values for some options. */
function argsWith(more: string[]): string[] {
  const kept = ARGS.filter((_, i) => i === 0 || !more.includes(ARGS[i % 2 === 1 ? i : i - 1]!));
  return trainArgs([...kept, ...more]);
}

/** Digests of the arrays in a checkpoint. */
async function arraysOf(folder: string): Promise<Record<string, string>> {
  const path = join(folder, "checkpoint.safetensors");
  const { arrays } = decodeTensorFile(await Deno.readFile(path), path);
  const digest = (values: Float32Array) => createHash("sha256").update(new Uint8Array(values.slice().buffer)).digest("hex");
  return Object.fromEntries([...arrays].map(([name, { values }]) => [name, digest(values as Float32Array)]));
}

/** Starts two workers. Worker 1 is in another folder, and has no checkpoint. */
function pair(network: Network, out: string, more: string[] = [], env: Record<string, string> = {}): Running[] {
  return network.cluster(2, (index) => trainArgs([...ARGS, "--out", `${out}${index === 0 ? "" : "-unused"}`, ...more]), env);
}

/** The last line that a worker has printed. */
function lastLine({ stderr }: Running): string {
  return stderr.trimEnd().split("\n").at(-1)!;
}

/** Waits until a run has taken a number of steps: -1 for a worker that has just joined, and all of them for the evaluation. */
async function momentOf(workers: [Running, Running], index: number, out: string, steps: number): Promise<void> {
  const rows = async () => (await textOf(join(out, "losses.csv"))).split("\n").length - 2;
  const evaluates = () => workers[0].stderr.includes("after training");
  if (steps === -1) await until(workers[index]!, () => workers[index]!.stderr.includes("Cluster:"));
  else await until(workers[index]!, async () => evaluates() || (steps < STEPS && await rows() >= steps));
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
      const more = ["--workers", "2", "--log", join(folder, "log"), "--keep-epochs", "5"];
      await succeed([network.start(trainArgs([...ARGS, "--out", local, ...more]), {})]);
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
      for (let loss = 0; loss < LOSSES; loss++) {
        const [index, signal] = [loss % 2, loss % 4 < 2 ? "SIGKILL" : "SIGSTOP"] as const;
        const moment = random.integer(STEPS + 2) - 1;
        const env = moment < 0 ? { FORGER_CLUSTER_WAIT: "5" } : {}; // the other worker waits in vain
        const workers = pair(network, broken, ["--resume"], env) as [Running, Running];
        const [lost, other] = [workers[index]!, workers[1 - index]!];
        await momentOf(workers, index, broken, moment);
        kill(lost.process, signal);
        const status = await other.ended;
        if (signal === "SIGSTOP") kill(lost.process, "SIGCONT");
        const own = await lost.ended;
        if (status === 0) { // the run had ended before
          await Deno.remove(broken, { recursive: true });
          continue;
        }
        assertEquals(status, 75, other.stderr);
        assertStringIncludes(lastLine(other), `Cannot train together: worker ${index} (127.0.0.1:`);
        if (signal === "SIGSTOP" && own !== 0) assertEquals(own, 75, lost.stderr); // 0 if it was writing the final results
      }
      await succeed(pair(network, broken, ["--resume"]));
      assertEquals(await arraysOf(broken), final);
    }),
});

Deno.test({
  ...TEST,
  name: "two of three workers name only the third if it ends; all name the others if the network is cut; the run goes on",
  fn: () =>
    withNetwork(async (network, folder) => {
      const out = join(folder, "run");
      const start = () => network.cluster(3, () => argsWith(["--out", out, "--resume", "--batch", "6"]));
      const take = (first: Running, steps: number) =>
        until(first, async () => (await textOf(join(out, "losses.csv"))).split("\n").length - 2 >= steps);
      const lostBy = (running: Running) => lastLine(running).match(/worker \d(?= \()/g);
      const [first, second, third] = start() as [Running, Running, Running];
      await take(first, 1);
      kill(second.process, "SIGKILL");
      assertEquals(await statuses([first, third]), [75, 75], first.stderr);
      assertEquals([lostBy(first), lostBy(third)], [["worker 1"], ["worker 1"]]);
      if (network.isPrivate) {
        const workers = start();
        await take(workers[0]!, 7);
        await network.run(["ip", "link", "set", "lo", "down"]);
        assertEquals(await statuses(workers), [75, 75, 75], workers[0]!.stderr);
        assertEquals(workers.map(lostBy), [["worker 1", "worker 2"], ["worker 0", "worker 2"], ["worker 0", "worker 1"]]);
        await network.run(["ip", "link", "set", "lo", "up"]);
      }
      await succeed(start());
    }),
});

Deno.test({
  ...TEST,
  name: "a late worker is awaited and named, for a limited time or until a stop; nothing is written before it comes",
  fn: () =>
    withNetwork(async (network, folder) => {
      const out = join(folder, "run");
      const args = trainArgs([...ARGS, "--out", out]);
      const alone = network.start(args, { ...places(2)[0]!, FORGER_CLUSTER_WAIT: "1" });
      const stopped = network.start(args, places(2)[1]!);
      await until(stopped, () => stopped.stderr.includes("Waiting for worker 0 (127.0.0.1:"));
      kill(stopped.process, "SIGINT");
      assertEquals(await statuses([alone, stopped]), [75, 130]);
      assertStringIncludes(lastLine(alone), "Cannot train together: worker 1 (127.0.0.1:");
      assertEquals([...Deno.readDirSync(folder)], []);
      const [place, late] = places(2);
      const first = network.start(args, place!);
      await until(first, () => first.stderr.includes("Waiting for worker 1 (127.0.0.1:"));
      await succeed([first, network.start(args, late!)]);
    }),
});

Deno.test({
  ...TEST,
  name: "a stop of either worker stops both after a checkpoint, and the run resumes bit for bit",
  fn: () =>
    withNetwork(async (network, folder) => {
      const [out, whole] = [join(folder, "run"), join(folder, "whole")];
      for (const [index, steps] of [2, 7].entries()) {
        const workers = pair(network, out, ["--resume"]) as [Running, Running];
        await momentOf(workers, index, out, steps);
        kill(workers[index]!.process, "SIGTERM");
        const wanted = index === 0 ? [143, 130] : [130, 143];
        assertEquals(await statuses(workers), wanted, workers.map(({ stderr }) => stderr).join("\n"));
      }
      await succeed(pair(network, out, ["--resume"]));
      await succeed(pair(network, whole, ["--resume"])); // as above, without a measurement first, which also draws from dropout
      assertEquals(await arraysOf(out), await arraysOf(whole));
    }),
});

Deno.test({
  ...TEST,
  name:
    "different settings or data on two workers are refused at the start, on both, with both values; so is an indivisible batch",
  fn: () =>
    withNetwork(async (network, folder) => {
      const refusal = async (more: (index: number) => string[]) => {
        const workers = network.cluster(2, (index) => argsWith(["--out", join(folder, `${index}`), ...more(index)]));
        assertEquals(await statuses(workers), [1, 1], workers.map(({ stderr }) => stderr).join("\n"));
        const lines = workers.map(({ stderr }) => stderr.trimEnd().split("\n").at(-1)!.replaceAll(/127\S+\d/g, "HOST"));
        assertEquals(lines[0], lines[1]);
        return lines[0]!;
      };
      const cure = "start all workers with the same version, command and data";
      assertEquals(
        await refusal((index) => ["--lambda", `${10 + index}`]),
        `Cannot train together: worker 0 (HOST) has lambda 10, worker 1 (HOST) has lambda 11; ${cure}`,
      );
      const images = join(folder, "images");
      for (const [index, seed] of ["1", "2"].entries()) {
        const args = ["--count", "4", "--test", "0", "--size", "32", "--seed", seed, "--out", `${images}${index}`];
        assertEquals((await task("world", args)).status, 0);
        await Deno.mkdir(join(folder, `in${index}`));
        await Deno.rename(`${images}${index}`, join(folder, `in${index}`, "images"));
      }
      const data = await refusal((index) => ["--data", join(folder, `in${index}`, "images", "train")]);
      assertMatch(data, /worker 0 \(HOST\) has data with hash "\w{16}", worker 1 \(HOST\) has data with hash "\w{16}"; start/);
      assertMatch(
        await refusal(() => ["--batch", "3"]),
        /expected a batch size that is a multiple of 2, the number of workers, got 3/,
      );
    }),
});

Deno.test({
  ...TEST,
  name: "a run goes on with another number of workers, or bfloat16 gradients, and says what is no longer the same",
  fn: () =>
    withNetwork(async (network, folder) => {
      const out = join(folder, "run");
      await succeed(pair(network, out));
      const more = (epochs: number, folder = out) => ["--out", folder, "--resume", "--epochs", `${epochs}`];
      const alone = network.start(argsWith(more(EPOCHS + 1)), {});
      await succeed([alone]);
      assertStringIncludes(alone.stderr, "Warning: the run had 2 workers until step 24, and now has 1 worker:");
      const copy = join(folder, "copy");
      await Deno.mkdir(copy);
      for (const name of ["checkpoint.safetensors", "command.json"]) await Deno.copyFile(join(out, name), join(copy, name));
      await succeed(network.cluster(2, () => argsWith(more(EPOCHS + 2, copy))));
      const half = network.cluster(2, () => argsWith(more(EPOCHS + 2)), { FORGER_CLUSTER_BFLOAT16: "1" });
      await succeed(half);
      const warning = "Warning: the run had 1 worker until step 28, and now has 2 workers with bfloat16 gradients:";
      assertStringIncludes(half[0]!.stderr, warning);
      const [exact, rounded] = [await arraysOf(copy), await arraysOf(out)];
      assertEquals(Object.keys(rounded), Object.keys(exact));
      assert(Object.keys(exact).some((name) => exact[name] !== rounded[name]), "rounding the gradients changes the weights");
    }),
});
