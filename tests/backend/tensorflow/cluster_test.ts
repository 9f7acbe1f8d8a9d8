import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readConfig, refusePublic } from "../../../lib/backend/tensorflow/cluster_config.ts";
import { useBackend } from "../../../mod.ts";
import { hasTensorflow } from "../../cli/_cluster.ts";

const json = (cluster: object, task: object) => JSON.stringify({ cluster, task });

Deno.test("readConfig() reads TF_CONFIG as TensorFlow does: the chief is worker 0, and one worker is no cluster", () => {
  const worker = ["10.0.0.1:2222", "train-worker-1.default.svc:2222"];
  assertEquals(readConfig(json({ worker }, { type: "worker", index: 1 })), { workers: worker, index: 1 });
  const chief = ["10.0.0.9:2222"];
  const workers = [...chief, ...worker];
  assertEquals(readConfig(json({ chief, worker }, { type: "worker", index: "0" })), { workers, index: 1 });
  assertEquals(readConfig(json({ chief, worker }, { type: "chief", index: 0 })), { workers, index: 0 });
  assertEquals(readConfig(json({ worker: ["localhost:1"] }, { type: "worker", index: 0 })), undefined);
});

Deno.test("readConfig() refuses what it cannot use, with the format that it expects", () => {
  const two = { worker: ["a:1", "b:1"] };
  const wrong: [string, string][] = [
    ["{", '"{"'],
    ["null", '"null"'],
    [json({ ps: ["a:1"], ...two }, { type: "worker", index: 0 }), 'the job "ps"'],
    [json({ worker: [] }, { type: "worker", index: 0 }), "no worker"],
    [json({ worker: ["a", "b:1"] }, { type: "worker", index: 0 }), 'the address "a"'],
    [json({ worker: ['a"}:1', "b:1"] }, { type: "worker", index: 0 }), "the address"],
    [json({ worker: ["a:1", "a:1"] }, { type: "worker", index: 0 }), "an address twice"],
    [json(two, { type: "evaluator", index: 0 }), 'the task type "evaluator"'],
    [json({ worker: ["a:0", "b:1"] }, { type: "worker", index: 0 }), 'the address "a:0"'],
    [json({ worker: ["a:65536", "b:1"] }, { type: "worker", index: 0 }), 'the address "a:65536"'],
    [json({ worker: "a:1" }, { type: "worker", index: 0 }), '"a:1" instead of a list of addresses'],
    [json({ worker: { 0: "a:1" } }, { type: "worker", index: 0 }), '{"0":"a:1"} instead of a list'],
    [json(two, { type: "worker", index: 2 }), "the task index 2 of 2"],
    ...[null, "", true, [1], -1, 0.5].map((index): [string, string] => {
      return [json(two, { type: "worker", index }), `the task index ${JSON.stringify(index)} of 2`];
    }),
    [json(two, { type: "worker" }), "the task index undefined of 2"],
    [JSON.stringify({ cluster: two }), "no task"],
  ];
  for (const [text, problem] of wrong) {
    const { message } = assertThrows(() => readConfig(text), RangeError);
    assert(message.startsWith("Cannot join the cluster: expected {") && message.includes(`got ${problem}`), message);
  }
});

Deno.test("README.md has valid values of TF_CONFIG, with private addresses", async () => {
  const readme = await Deno.readTextFile(new URL("../../../README.md", import.meta.url));
  const values = [...readme.matchAll(/TF_CONFIG(?:=|: )'(.*)'/g)].map(([, text]) => readConfig(text!)!);
  assertEquals(values.map(({ workers, index }) => [workers.length, index]), [[2, 0], [2, 0], [2, 1]]);
  values.forEach(({ workers }) => refusePublic(workers, false));
});

Deno.test("refusePublic() accepts private addresses only, unless the network is declared as trusted", () => {
  const inside = [
    "127.0.0.1:1",
    "10.1.2.3:1",
    "172.31.0.1:1",
    "192.168.1.2:1",
    "100.64.0.1:1",
    "[::1]:1",
    "[fd00::1]:1",
    "worker:1",
  ];
  refusePublic([...inside, "train-worker-0.kubeflow.svc:1", "train-worker-0.kubeflow.svc.cluster.local:1"], false);
  for (
    const address of ["8.8.8.8:1", "172.32.0.1:1", "example.com:1", "10.evil.com:1", "[2001:db8::1]:1", "1:1", "0x08080808:1"]
  ) {
    assertThrows(() => refusePublic(["10.0.0.1:1", address], false), RangeError, `got ${address}; TensorFlow's server has no`);
    refusePublic([address], true);
  }
});

Deno.test("useBackend() refuses to join a cluster on other backends, and ignores TF_CONFIG unless asked", async () => {
  Deno.env.set("TF_CONFIG", json({ worker: ["127.0.0.1:1", "127.0.0.1:2"] }, { type: "worker", index: 0 }));
  try {
    const refused = () => useBackend("cpu", { quiet: true, cluster: true });
    await assertRejects(refused, RangeError, 'Cannot join a cluster with the backend "cpu"');
    assertEquals((await useBackend("cpu", { quiet: true })).name, "cpu");
  } finally {
    Deno.env.delete("TF_CONFIG");
  }
});

Deno.test({
  name: "useBackend() refuses to join a cluster after TensorFlow has started without it",
  ignore: !hasTensorflow,
  fn: async () => {
    await useBackend("tensorflow", { quiet: true });
    Deno.env.set("TF_CONFIG", json({ worker: ["127.0.0.1:1", "127.0.0.1:2"] }, { type: "worker", index: 0 }));
    try {
      const refused = () => useBackend("tensorflow", { quiet: true, cluster: true });
      await assertRejects(refused, Error, "Cannot join the cluster: TensorFlow has already started without it");
    } finally {
      Deno.env.delete("TF_CONFIG");
    }
  },
});

Deno.test("without a cluster, none of its modules is loaded: only a dynamic import names them", async () => {
  for (const entry of ["mod.ts", "lib/cli/train.ts"]) {
    const root = new URL(`../../../${entry}`, import.meta.url).href;
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", root] }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
    const byName = new Map(modules.map((module) => [module.specifier, module]));
    const loaded = new Set<string>();
    const visit = (specifier: string) => {
      if (loaded.has(specifier)) return;
      loaded.add(specifier);
      for (const { code, isDynamic } of byName.get(specifier)?.dependencies ?? []) if (code && !isDynamic) visit(code.specifier);
    };
    visit(root);
    const names = [...loaded].flatMap((specifier) => specifier.match(/lib\/backend\/tensorflow\/(\w+)\.ts$/)?.[1] ?? []);
    assert(names.includes("active_cluster"), `${entry} has the hook`);
    const parts = ["cluster", "cluster_config", "reductions", "watch"];
    assertEquals(names.filter((name) => parts.includes(name)), [], entry);
    for (const part of parts) assert([...byName.keys()].some((name) => name.endsWith(`/tensorflow/${part}.ts`)), part);
  }
});

/** A module in the output of `deno info --json`. */
interface Module {
  specifier: string;
  dependencies?: { code?: { specifier: string }; isDynamic?: boolean }[];
}
