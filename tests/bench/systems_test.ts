import { resolve } from "node:path";
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Result } from "./measure.ts";
import { nameOf, only, type Row, ROWS } from "./rows.ts";
import { checkWeights, type Choices, contendersOf, interpreters } from "./systems.ts";

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

Deno.test("interpreters() prefers an option to an environment variable", () => {
  const none = { torch: undefined, tensorflow: undefined };
  assertEquals(withVariables({}, () => interpreters({})), none);
  assertEquals(withVariables({ torch: "" }, () => interpreters({})), none);
  const both = withVariables({ tensorflow: "python-a", torch: "python-b" }, () => interpreters({ torch: "python-c" }));
  assertEquals(both, { tensorflow: "python-a", torch: "python-c" });
});

Deno.test("interpreters() makes paths explicit", () => {
  const python = (torch: string) => interpreters({ torch }).torch!;
  assertEquals(python("/opt/bin/python"), "/opt/bin/python");
  assertEquals(resolve(python("env/bin/python")), resolve(Deno.env.get("INIT_CWD") || ".", "env/bin/python"));
  assert(python("env/bin/python").includes("/"));
});

const ALL: Choices = { pythons: { torch: "python-a", tensorflow: "python-b" }, tuned: true };
const rowOf = (name: string): Row => only.read(name)![0]!;
const contenders = (name: string, choices: Choices = ALL) => contendersOf(rowOf(name), choices).map(({ name }) => name);

Deno.test("contendersOf() begins with Forger, and compares each system with PyTorch, and pix2pix with TensorFlow", () => {
  const torch = ["PyTorch", "PyTorch, tuned", "PyTorch, tuned, contiguous"];
  assertEquals(contenders("cyclegan:64/4/1"), ["Forger", ...torch]);
  assertEquals(contenders("pix2pix:64/4/1").sort(), ["Forger", ...torch, "tf.function", "tf.function, tuned"].sort());
  assertEquals(contenders("start:64/4/1"), ["Forger", "PyTorch", "tf.function"]);
  assertEquals(contenders("use:64/4/1").at(2), "OpenVINO");
});

Deno.test("contendersOf() omits tuned peers and those without an interpreter", () => {
  assertEquals(contenders("pix2pix:64/4/1", { ...ALL, tuned: false }), ["Forger", "PyTorch", "tf.function"]);
  assertEquals(contenders("pix2pix:64/4/1", { pythons: {}, tuned: true }), ["Forger"]);
  assertEquals(contenders("pix2pix:64/4/1:wasm"), ["Forger"]); // peers have no WebAssembly
});

Deno.test("contendersOf() returns Forger alone if it should be quick", () => {
  for (const row of ["pix2pix:64/4/1:bfloat16", "use:64/4/1"]) assertEquals(contenders(row, { ...ALL, quick: true }), ["Forger"]);
});

Deno.test("contendersOf() compares bfloat16 with float32", () => {
  const found = contendersOf(rowOf("pix2pix:64/4/1:bfloat16"), ALL).slice(0, 3);
  const precisions = found.map(({ name, args }) => [name, args[args.indexOf("--precision") + 1]]);
  assertEquals(precisions, [["Forger", "bfloat16"], ["Forger, float32", "float32"], ["PyTorch", "bfloat16"]]);
});

Deno.test("contendersOf() names scripts that exist, and tunes only the memory of tuned peers", () => {
  for (const row of ROWS) {
    for (const { name, kind, args, env } of contendersOf(row, ALL)) {
      const script = args.find((arg) => /\.(ts|py)$/.test(arg))!;
      assert(Deno.statSync(script).isFile, `${nameOf(row)} ${name}: ${script}`);
      assertEquals(Object.keys(env).length > 0, kind === "tuned", name);
    }
  }
});

Deno.test("checkWeights() rejects a peer whose networks have other numbers of weights", () => {
  const result = (weights: Record<string, number>) => ({ weights } as Result);
  const row = rowOf("cyclegan:64/4/1");
  const forger = result({ xToY: 10, yToX: 10, discriminatorX: 5 });
  checkWeights(row, forger, "PyTorch", result({ xToY: 10, discriminatorX: 5 }));
  const message = "Cannot compare cyclegan:64/4/1 with PyTorch: xToY has 11 weights instead of 10";
  assertThrows(() => checkWeights(row, forger, "PyTorch", result({ xToY: 11 })), Error, message);
  assertThrows(() => checkWeights(row, forger, "PyTorch", result({ other: 1 })), Error, "instead of undefined");
});
