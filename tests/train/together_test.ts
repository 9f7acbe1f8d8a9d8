import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { positionIn } from "../../lib/train/state.ts";
import { hasTensorflow, kill, places, type Running, statuses, until, withNetwork } from "../cli/_cluster.ts";

const TEST = { ignore: !hasTensorflow };
const argsOf = (folder: string, fault: string) => ["run", "-A", "tests/train/_cluster_worker.ts", folder, fault];
const printed = ({ stdout }: Running) => stdout.replaceAll(/127\S+\d/g, "HOST").trim().split("\n");
const errorsOf = (workers: Running[]) => workers.map(({ stderr }) => stderr).join("\n");

Deno.test({
  ...TEST,
  name:
    "train() refuses other versions, settings or data, and a weight that differs, with both values on all workers; ends with 0",
  fn: () =>
    withNetwork(async (network, folder) => {
      const workers = network.cluster(2, () => argsOf(folder, "different")) as [Running, Running];
      assertEquals(await statuses(workers), [0, 0], errorsOf(workers));
      const [first, second] = workers.map(printed);
      assertEquals(second, first);
      const hash = '"\\w{16}"';
      const patterns = [
        /worker 0 \(HOST\) has TensorFlow "2\..*", worker 1 \(HOST\) has TensorFlow "0.0"; start all workers/,
        /worker 0 \(HOST\) has learningRate 0.0002, worker 1 \(HOST\) has learningRate 0.001; start all workers/,
        new RegExp(`worker 0 \\(HOST\\) has data with hash ${hash}, worker 1 \\(HOST\\) has data with hash ${hash}; start all`),
        /expected a batch size that is a multiple of 2, the number of workers, got 3/,
        new RegExp(`has weights with hash ${hash}, worker 1 \\(HOST\\) has weights with hash ${hash}; the last checkpoint`),
      ];
      assertEquals(first!.length, patterns.length);
      patterns.forEach((pattern, i) => assertMatch(first![i]!, pattern));
      assertEquals((await positionIn(folder))?.epoch, 1, "the last checkpoint with equal weights is kept");
    }),
});

Deno.test({
  ...TEST,
  name: "train() stops on all of 3 workers before the first step, after any step, and not after the last, if one is stopped",
  fn: () =>
    withNetwork(async (network, folder) => {
      const workers = network.cluster(3, () => argsOf(folder, "stops"));
      assertEquals(await statuses(workers), [0, 0, 0], errorsOf(workers));
      for (const worker of workers) assertEquals(printed(worker), ["0", "2", "3", "3"]);
      assertEquals((await positionIn(folder))?.epoch, 2);
    }),
});

Deno.test({
  ...TEST,
  name: "the steps that all workers have taken are saved if one is killed while they stop",
  fn: () =>
    withNetwork(async (network, folder) => {
      const workers = network.cluster(2, () => argsOf(folder, "lost")) as [Running, Running];
      assertEquals(await statuses(workers), [0, "SIGKILL"], errorsOf(workers));
      assertMatch(printed(workers[0])[0]!, /^Cannot train together: worker 1 \(HOST\) ended/);
      assertEquals((await positionIn(folder))?.step, 2);
    }),
});

Deno.test({
  ...TEST,
  name: "an error of one worker that nothing catches ends all workers with status 1, not with a crash, and is printed at once",
  fn: () =>
    withNetwork(async (network, folder) => {
      const workers = network.cluster(2, () => argsOf(folder, "uncaught")) as [Running, Running];
      assertEquals(await statuses(workers), [1, 1], errorsOf(workers));
      assertStringIncludes(workers[1].stderr, "OOM on /job:worker");
      assert(!workers[1].stderr.includes("Cannot train together"), workers[1].stderr);
      assertStringIncludes(workers[0].stderr, "Cannot train together: worker 1 (127.0.0.1:");
    }),
});

Deno.test({
  ...TEST,
  name: "a worker waits for a limited time for another one that has left the run, but whose process lives",
  fn: () =>
    withNetwork(async (network, folder) => {
      const [place, late] = places(2);
      const first = network.start(argsOf(folder, "absent"), place!);
      await until(first, () => first.stdout !== "");
      const second = network.start(argsOf(folder, "absent"), { ...late!, FORGER_CLUSTER_WAIT: "8" });
      assertEquals(await second.ended, 0, second.stderr);
      kill(first.process, "SIGKILL");
      assertMatch(printed(second)[0]!, /^Cannot train together: not all workers began to train within 8 s; start all workers/);
      assertEquals([first.stdout, [...Deno.readDirSync(folder)]], ["0\n", []]);
    }),
});
