import { resolve } from "node:path";
import { assert, assertEquals } from "@std/assert";
import { peersOf } from "./systems.ts";

const VARIABLES = { tensorflow: "FORGER_TENSORFLOW_PYTHON", torch: "FORGER_TORCH_PYTHON" } as const;

/** Runs `work` with the given environment variables and then restores them. */
function withVariables<T>(values: Partial<Record<keyof typeof VARIABLES, string>>, work: () => T): T {
  const before = Object.values(VARIABLES).map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value?: string) => value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  for (const [key, name] of Object.entries(VARIABLES)) set(name, values[key as keyof typeof VARIABLES]);
  try {
    return work();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

Deno.test("peersOf() prefers an option to an environment variable, and omits a peer that has neither", () => {
  assertEquals(withVariables({}, () => peersOf({})), []);
  assertEquals(withVariables({ torch: "" }, () => peersOf({})), []);
  const both = withVariables({ tensorflow: "python-a", torch: "python-b" }, () => peersOf({ torch: "python-c" }));
  assertEquals(both.map(({ name, python }) => [name, python]), [["tf.function", "python-a"], ["PyTorch", "python-c"]]);
  for (const { script } of both) assert(Deno.statSync(script).isFile, script);
});

Deno.test("peersOf() makes paths explicit", () => {
  const python = (torch: string) => withVariables({}, () => peersOf({ torch }))[0]!.python;
  assertEquals(python("/opt/bin/python"), "/opt/bin/python");
  assertEquals(resolve(python("env/bin/python")), resolve(Deno.env.get("INIT_CWD") || ".", "env/bin/python"));
  assert(python("env/bin/python").includes("/"));
});
