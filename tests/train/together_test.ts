import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { positionIn } from "../../lib/train/state.ts";
import { hasTensorflow, type Running, statuses, withNetwork } from "../cli/_cluster.ts";

const argsOf = (folder: string, fault: string) => ["run", "-A", "tests/train/_cluster_worker.ts", folder, fault];

Deno.test({
  name: "train() refuses other versions, and a weight that differs at a checkpoint, with both values on all workers; ends with 0",
  ignore: !hasTensorflow,
  fn: () =>
    withNetwork(async (network, folder) => {
      const workers = network.cluster(2, () => argsOf(folder, "different")) as [Running, Running];
      assertEquals(await statuses(workers), [0, 0], workers.map(({ stderr }) => stderr).join("\n"));
      const [first, second] = workers.map(({ stdout }) => stdout.replaceAll(/127\S+\d/g, "HOST").trim().split("\n"));
      assertEquals(second, first);
      assertMatch(
        first![0]!,
        /worker 0 \(HOST\) has TensorFlow "2\..*", worker 1 \(HOST\) has TensorFlow "0.0"; start all workers/,
      );
      assertMatch(
        first![1]!,
        /has weights with hash "\w{16}", worker 1 \(HOST\) has weights with hash "\w{16}"; the last checkpoint/,
      );
      assertEquals(first!.length, 2);
      assertEquals((await positionIn(folder))?.epoch, 1, "the last checkpoint with equal weights is kept");
    }),
});

Deno.test({
  name: "an error of one worker that nothing catches ends all workers with status 1, not with a crash",
  ignore: !hasTensorflow,
  fn: () =>
    withNetwork(async (network, folder) => {
      const workers = network.cluster(2, () => argsOf(folder, "uncaught")) as [Running, Running];
      assertEquals(await statuses(workers), [1, 1], workers.map(({ stderr }) => stderr).join("\n"));
      assertStringIncludes(workers[1].stderr, "a fault of worker 1");
      assertStringIncludes(workers[0].stderr, "Cannot train together: worker 1 (127.0.0.1:");
    }),
});
