import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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
const EPOCHS = 4;
const STEPS = 4 * EPOCHS;
const ARGS = [
  ...["pix2pix", "--data", "toytown", "--size", "32", "--filters", "2", "--depth", "3", "--layers", "1", "--count", "16"],
  ...["--epochs", `${EPOCHS}`, "--batch", "4"],
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

const outputs = (out: string, log = out) => ["--out", out, "--log", `${log}.log`];

/** Starts two workers, which log their events to `out`.log and `out`-1.log. Worker 1 has another folder, without a checkpoint. */
function pair(network: Network, out: string, more: string[] = [], env: Record<string, string> = {}): Running[] {
  return network.cluster(
    2,
    (index) => trainArgs([...ARGS, ...outputs(`${out}${index === 0 ? "" : "-unused"}`, out), ...more]),
    env,
  );
}

/** The last line that a worker has printed. */
function lastLine({ stderr }: Running): string {
  return stderr.trimEnd().split("\n").at(-1)!;
}

/** Waits until a run that has just been started or resumed has taken a number of steps, at least one of them now: -1 for a worker
 * that has just joined, and all of them for the evaluation. */
async function momentOf(workers: [Running, Running], index: number, out: string, steps: number): Promise<void> {
  const { length } = await textOf(`${out}.log`); // of earlier runs
  const hasTaken = async () => {
    const events = (await textOf(`${out}.log`)).slice(length).split("\n").slice(0, -1).map((line) => JSON.parse(line));
    return events.some(({ type, step }) => type === "step" && step >= steps);
  };
  const evaluates = () => workers[0].stderr.includes("after training");
  if (steps === -1) await until(workers[index]!, () => workers[index]!.stderr.includes("Cluster:"));
  else await until(workers[index]!, async () => evaluates() || (steps < STEPS && await hasTaken()));
}

/** An undisturbed run of two workers, on which several tests depend. */
let whole: Promise<{ out: string; workers: Running[] }> | undefined;

/** Returns the folder and the workers of the undisturbed run. */
function undisturbed(): Promise<{ out: string; workers: Running[] }> {
  return whole ??= (async () => {
    const folder = await Deno.makeTempDir({ prefix: "forger-" });
    globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
    const out = join(folder, "run");
    let workers: Running[] = [];
    await withNetwork((network) => succeed(workers = pair(network, out, ["--resume"])));
    return { out, workers };
  })();
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
      const { out, workers: [first, second] } = await undisturbed() as { out: string; workers: [Running, Running] };
      const local = join(folder, "local");
      const more = ["--out", local, "--resume", "--workers", "2", "--log", join(folder, "log"), "--keep-epochs", "3"];
      await succeed([network.start(trainArgs([...ARGS, ...more]), {})]);
      assertStringIncludes(first.stderr, "listens on all network interfaces");
      assertEquals(second.stdout, "");
      assertEquals([...Deno.readDirSync(join(out, ".."))].map(({ name }) => name).sort(), ["run", "run-1.log", "run.log"]);
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
      const broken = join(folder, "broken");
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
      assertEquals(await arraysOf(broken), await arraysOf((await undisturbed()).out));
    }),
});

Deno.test({
  ...TEST,
  name: "two of three workers name only the third if it ends; all name the others if the network is cut",
  fn: () =>
    withNetwork(async (network, folder) => {
      const out = join(folder, "run");
      const start = (count = 3) => network.cluster(count, () => argsWith(["--out", out, "--resume", "--batch", "6"]));
      const take = (first: Running, steps: number) =>
        until(first, async () => (await textOf(join(out, "losses.csv"))).split("\n").length - 2 >= steps);
      const lostBy = (running: Running) => lastLine(running).match(/worker \d(?= \()/g);
      const [first, second, third] = start() as [Running, Running, Running];
      await take(first, 3); // the first epoch
      kill(second.process, "SIGKILL");
      assertEquals(await statuses([first, third]), [75, 75], first.stderr);
      assertEquals([lostBy(first), lostBy(third)], [["worker 1"], ["worker 1"]]);
      if (network.isPrivate) {
        const workers = start();
        await take(workers[0]!, 4); // of the second epoch
        await network.run(["ip", "link", "set", "lo", "down"]);
        assertEquals(await statuses(workers), [75, 75, 75], workers[0]!.stderr);
        assertEquals(workers.map(lostBy), [["worker 1", "worker 2"], ["worker 0", "worker 2"], ["worker 0", "worker 1"]]);
        await network.run(["ip", "link", "set", "lo", "up"]);
      }
      const fewer = start(2);
      await succeed(fewer);
      assertStringIncludes(fewer[0]!.stderr, "Warning: the run had 3 workers until step ");
      assertStringIncludes(fewer[0]!.stderr, ", and now has 2 workers:");
    }),
});

Deno.test({
  ...TEST,
  name: "a worker that is killed or frozen is noticed and reported within FORGER_CLUSTER_TIMEOUT, by default 10 s",
  fn: () =>
    withNetwork(async (network, folder) => {
      /** Starts a run, loses worker 1 after some steps, and returns the seconds until worker 0 has reported it. */
      const secondsUntilTold = async (name: string, signal: Deno.Signal, env: Record<string, string>) => {
        const out = join(folder, name);
        const args = argsWith([...outputs(out), "--epochs", "1000", "--no-evaluation"]);
        const workers = network.cluster(2, () => args, env) as [Running, Running];
        const hasSteps = async () => (await textOf(`${out}.log`)).split('"type":"step"').length > 2;
        await until(workers[0], hasSteps);
        const start = performance.now();
        kill(workers[1].process, signal);
        await until(workers[0], () => workers[0].stderr.includes("Cannot train together: worker 1 (127.0.0.1:"));
        const seconds = (performance.now() - start) / 1000;
        assertEquals(await workers[0].ended, 75, workers[0].stderr);
        assertStringIncludes(lastLine(workers[0]), "Cannot train together: worker 1 (127.0.0.1:");
        kill(workers[1].process, "SIGKILL");
        return seconds;
      };
      /** Fails if all attempts take longer than the limit: other load on the machine only adds to the time. */
      const within = async (limit: number, name: string, signal: Deno.Signal, env: Record<string, string>) => {
        const seconds: number[] = [];
        while (seconds.length < 3 && !seconds.some((one) => one <= limit)) {
          seconds.push(await secondsUntilTold(`${name}${seconds.length}`, signal, env));
        }
        assert(seconds.at(-1)! <= limit, `${name}: ${seconds} s`);
      };
      await Promise.all([
        within(10, "frozen", "SIGSTOP", { FORGER_CLUSTER_TIMEOUT: "" }), // the default
        within(10, "killed", "SIGKILL", { FORGER_CLUSTER_TIMEOUT: "" }),
        within(6, "sooner", "SIGSTOP", { FORGER_CLUSTER_TIMEOUT: "5" }),
      ]);
    }),
});

Deno.test({
  ...TEST,
  name: "a late worker is awaited and named, for a limited time or until a stop; nothing is written before it comes",
  fn: () =>
    withNetwork(async (network, folder) => {
      const out = join(folder, "run");
      const argsFor = (out: string) => argsWith(["--out", out, "--epochs", "1", "--no-evaluation"]);
      const args = argsFor(out);
      const [place, late] = places(2);
      const first = network.start(args, { ...place!, FORGER_CLUSTER_WAIT: "200" });
      const alone = network.start(argsFor(`${out}-2`), { ...places(2)[0]!, FORGER_CLUSTER_WAIT: "1" });
      const stopped = network.start(args, places(2)[1]!);
      await until(stopped, () => stopped.stderr.includes("Waiting for worker 0 (127.0.0.1:"));
      kill(stopped.process, "SIGINT");
      await until(first, () => first.stderr.includes("Waiting for worker 1 (127.0.0.1:"));
      const taken = network.start(args, place!); // the address of the first one
      assertEquals(await statuses([alone, stopped, taken]), [75, 130, 1]);
      assertStringIncludes(lastLine(alone), "Cannot train together: worker 1 (127.0.0.1:");
      assertStringIncludes(lastLine(taken), "check that the port is free and not in use by another worker");
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["run"]);
      assertEquals([...Deno.readDirSync(out)].map(({ name }) => name).sort(), [".forger.lock", "training.lock"]);
      await succeed([first, network.start(args, late!)]);
    }),
});

Deno.test({
  ...TEST,
  name:
    "a stop of a worker stops both: before the first step without a trace, later after a checkpoint, from which the run resumes",
  fn: () =>
    withNetwork(async (network, folder) => {
      const out = join(folder, "run");
      const [first, second] = network.cluster(2, () => trainArgs([...ARGS, "--out", out])) as [Running, Running];
      const by = network.isPrivate ? ["setsid"] : []; // Linux has the program
      const typed = network.start(trainArgs([...ARGS, "--out", `${out}-2`, "--workers", "2"]), {}, by);
      const group = by.length > 0 ? -typed.process.pid : typed.process.pid; // Ctrl-C signals the whole process group
      const pressed = until(typed, () => typed.stderr.includes("Evaluating")).then(() => Deno.kill(group, "SIGINT"));
      await until(second, () => second.stderr.includes("Evaluating"));
      kill(second.process, "SIGTERM");
      await pressed;
      assertEquals(await statuses([first, second, typed]), [130, 143, 130], first.stderr + second.stderr + typed.stderr);
      assertStringIncludes(typed.stdout, "Stopped before the first step; nothing has been written");
      assertEquals([...Deno.readDirSync(folder)], []);
      const workers = pair(network, out, ["--resume"]) as [Running, Running];
      await momentOf(workers, 1, out, 4);
      kill(workers[1].process, "SIGTERM");
      assertEquals(await statuses(workers), [130, 143], workers.map(({ stderr }) => stderr).join("\n"));
      const local = network.start(trainArgs([...ARGS, ...outputs(out), "--resume", "--workers", "2"]), {});
      await momentOf([local, local], 0, out, 9);
      kill(local.process, "SIGINT");
      assertEquals(await local.ended, 130, local.stderr);
      assert(!local.stderr.includes("Worker 1 ended"), local.stderr);
      await succeed(pair(network, out, ["--resume"]));
      assertEquals(await arraysOf(out), await arraysOf((await undisturbed()).out));
    }),
});

Deno.test({
  ...TEST,
  name: "a worker that is lost before the run begins, or a process of --workers that fails, ends the others at once",
  fn: () =>
    withNetwork(async (network, folder) => {
      const out = join(folder, "run");
      const workers = network.cluster(2, () => trainArgs([...ARGS, "--out", out])) as [Running, Running];
      const [first, second] = workers;
      await Deno.mkdir(join(folder, "log-1"));
      const local = network.start(argsWith(["--out", `${out}-2`, "--workers", "2", "--log", join(folder, "log")]), {});
      const killed = network.start(argsWith(["--out", `${out}-3`, "--workers", "2"]), {});
      await until(killed, () => killed.stderr.includes("Cluster:"));
      kill(killed.process, "SIGKILL");
      for (const worker of workers) await until(worker, () => worker.stderr.includes("Evaluating"));
      kill(second.process, "SIGKILL");
      assertEquals(await statuses([first, local]), [75, 1]);
      assertStringIncludes(lastLine(first), "Cannot train together: worker 1 (127.0.0.1:");
      assert(!first.stderr.includes("Waiting for"), first.stderr);
      assertStringIncludes(local.stderr, "Worker 1 ended with status 1: Cannot open the log file");
      assertStringIncludes(lastLine(local), "Cannot train together: worker 1 ended before the run began");
      const remains = () => new Deno.Command("pgrep", { args: ["-f", `${out}-3`] }).output().then(({ success }) => success);
      for (let i = 0; i < 200 && await remains(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
      assert(!await remains(), "no process waits for one that was killed");
    }),
});

Deno.test({
  ...TEST,
  name: "different settings on two workers are refused at the start, on both, with both values",
  fn: () =>
    withNetwork(async (network, folder) => {
      const workers = network.cluster(2, (index) => {
        return argsWith(["--out", join(folder, `${index}`), "--no-evaluation", "--lambda", `${10 + index}`]);
      });
      assertEquals(await statuses(workers), [1, 1], workers.map(({ stderr }) => stderr).join("\n"));
      const lines = workers.map((running) => lastLine(running).replaceAll(/127\S+\d/g, "HOST"));
      const cure = "start all workers with the same version, command and data";
      const line = `Cannot train together: worker 0 (HOST) has lambda 10, worker 1 (HOST) has lambda 11; ${cure}`;
      assertEquals(lines, [line, line]);
    }),
});

Deno.test({
  ...TEST,
  name: "a run goes on with another number of workers, or bfloat16 gradients, and says what is no longer the same",
  fn: () =>
    withNetwork(async (network, folder) => {
      const [{ out: from }, out] = [await undisturbed(), join(folder, "run")];
      await Deno.mkdir(out);
      for (const name of ["checkpoint.safetensors", "command.json"]) await Deno.copyFile(join(from, name), join(out, name));
      const more = (epochs: number, folder = out) => ["--out", folder, "--resume", "--epochs", `${epochs}`];
      const alone = network.start(argsWith(more(EPOCHS + 1)), {});
      await succeed([alone]);
      assertStringIncludes(alone.stderr, `Warning: the run had 2 workers until step ${STEPS}, and now has 1 worker:`);
      const copy = join(folder, "copy");
      await Deno.mkdir(copy);
      for (const name of ["checkpoint.safetensors", "command.json"]) await Deno.copyFile(join(out, name), join(copy, name));
      await succeed(network.cluster(2, () => argsWith(more(EPOCHS + 2, copy))));
      const half = network.cluster(2, () => argsWith(more(EPOCHS + 2)), { FORGER_CLUSTER_BFLOAT16: "1" });
      await succeed(half);
      const warning = `Warning: the run had 1 worker until step ${STEPS + 4}, and now has 2 workers with bfloat16 gradients:`;
      assertStringIncludes(half[0]!.stderr, warning);
      const [exact, rounded] = [await arraysOf(copy), await arraysOf(out)];
      assertEquals(Object.keys(rounded), Object.keys(exact));
      assert(Object.keys(exact).some((name) => exact[name] !== rounded[name]), "rounding the gradients changes the weights");
    }),
});
