import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { environmentIn, isWhole, makeEnvironment, readStamp, withLock, writeStamp } from "../../../lib/cli/setup/environment.ts";
import { findPython, type Python } from "../../../lib/cli/setup/python.ts";
import { JUPYTER, tensorflowWheel } from "../../../lib/cli/setup/requirements.ts";

const python = await findPython();
const posix = Deno.build.os !== "windows";

async function withRoot(test: (root: string) => Promise<void>) {
  const root = await Deno.makeTempDir();
  await test(root).finally(() => Deno.remove(root, { recursive: true }));
}

/** Runs setUpPython in a process of its own, with its own environment variables. */
async function setUp(root: string, env: Record<string, string>) {
  const lib = import.meta.resolve("../../../lib/cli");
  const code = `import { setUpPython } from "${lib}/setup/setup_python.ts"; import { statusLine } from "${lib}/status_line.ts";
    console.log(JSON.stringify(await setUpPython(${JSON.stringify(root)}, statusLine())));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["eval", "--no-check", code], env, stdin: "null" })
    .output();
  const result = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "{}");
  return {
    result: result as { changed: boolean; complaints: string[]; summary: string },
    stderr: new TextDecoder().decode(stderr),
  };
}

Deno.test("setUpPython() without a Python says so in one line and goes on with WebAssembly", () =>
  withRoot(async (root) => {
    const { result } = await setUp(root, { PATH: root });
    assertEquals(result.complaints.length, 1);
    assertStringIncludes(result.complaints[0]!, "No Python: neither python3 nor python is on PATH");
    assertStringIncludes(result.complaints[0]!, "goes on with WebAssembly");
    assertEquals([result.changed, result.summary], [false, "WebAssembly"]);
  }));

Deno.test({
  name: "setUpPython() with an old Python names it and goes on with WebAssembly",
  ignore: !posix,
  fn: () =>
    withRoot(async (root) => {
      await Deno.writeTextFile(join(root, "python3"), "#!/bin/sh\necho Python 3.7.17\n", { mode: 0o755 });
      const { result } = await setUp(root, { PATH: root });
      assertEquals(result.complaints.length, 1);
      assertStringIncludes(result.complaints[0]!, "Cannot use python3: it is Python 3.7.17, too old");
    }),
});

Deno.test({
  name: "setUpPython() without a network says so in one line, and keeps the environment for the next try",
  ignore: !posix || typeof python === "string",
  fn: () =>
    withRoot(async (root) => {
      // Nothing listens on port 9 of this machine: pip is refused at once. What it has cached or is given as files must not help it.
      const offline = {
        PIP_INDEX_URL: "http://127.0.0.1:9/simple",
        PIP_EXTRA_INDEX_URL: "",
        PIP_FIND_LINKS: "",
        PIP_NO_CACHE_DIR: "1",
      };
      const { result } = await setUp(root, offline);
      assertEquals(result.complaints.length, 1);
      assertStringIncludes(result.complaints[0]!, "no network, or the package index does not answer");
      assertStringIncludes(result.complaints[0]!, "goes on with WebAssembly, without notebooks");
      assertEquals(readStamp(environmentIn(root)), { state: "ready", python: (python as Python).version });
      const again = await setUp(root, offline);
      assert(!again.stderr.includes("Making .venv"), "the environment is made once");
      assertEquals(again.result.changed, false);
    }),
});

Deno.test({
  name: "setUpPython() has nothing to do where the stamp says so and the files are there",
  ignore: !posix || !tensorflowWheel(Deno.build.os, Deno.build.arch, false),
  fn: () =>
    withRoot(async (root) => {
      const environment = environmentIn(root);
      const libraries = join(environment.folder, "lib", "python3.11", "site-packages", "tensorflow");
      const files = [
        environment.python,
        environment.jupyter,
        join(libraries, "libtensorflow_cc.so.2"),
        join(libraries, "libtensorflow_cc.2.dylib"),
      ];
      for (const folder of [join(environment.folder, "bin"), libraries]) await Deno.mkdir(folder, { recursive: true });
      for (const file of files) await Deno.writeTextFile(file, "");
      const tensorflow = tensorflowWheel(Deno.build.os, Deno.build.arch, false)!.requirement;
      writeStamp(environment, { state: "ready", python: "3.11.7", tensorflow, jupyter: JUPYTER.join(" ") });
      const { result } = await setUp(root, { PATH: root });
      assertEquals(result.complaints, []);
      assert(await Deno.stat(join(environment.folder, "share", "jupyter", "kernels", "deno", "kernel.json")));
      assertEquals((await setUp(root, { PATH: root })).result.changed, false);
    }),
});

Deno.test("isWhole() misses what the stamp names", () =>
  withRoot(async (root) => {
    const environment = environmentIn(root);
    await Deno.mkdir(join(environment.python, ".."), { recursive: true });
    assertEquals(isWhole(environment, { state: "ready" }), false);
    await Deno.writeTextFile(environment.python, "");
    assertEquals(isWhole(environment, { state: "ready" }), true);
    assertEquals(isWhole(environment, { state: "working" }), false);
    assertEquals(isWhole(environment, { state: "ready", jupyter: "x" }), false);
    assertEquals(isWhole(environment, { state: "ready", tensorflow: "x" }), false);
  }));

Deno.test({
  name: "makeEnvironment() makes an unfinished environment afresh, and leaves somebody else's alone",
  ignore: typeof python === "string",
  fn: () =>
    withRoot(async (root) => {
      const environment = environmentIn(root);
      const junk = join(environment.folder, "lib", "junk");
      const makeJunk = async () => {
        await Deno.mkdir(junk, { recursive: true });
        await Deno.mkdir(join(environment.python, ".."), { recursive: true });
      };
      const exists = (path: string) => Deno.stat(path).then(() => true, () => false);
      await makeJunk();
      writeStamp(environment, { state: "working", python: "3.11.7" });
      assertEquals(await makeEnvironment(environment, python as Python), undefined);
      assertEquals([await exists(junk), await exists(environment.python), readStamp(environment)?.state], [false, true, "ready"]);
      await Deno.remove(join(environment.folder, "forger.json"));
      await makeJunk();
      assertEquals(await makeEnvironment(environment, python as Python), undefined);
      assertEquals([await exists(junk), readStamp(environment)], [true, { state: "ready" }]);
    }),
});

Deno.test("withLock() lets one work at a time", () =>
  withRoot(async (root) => {
    const environment = environmentIn(root);
    const order: string[] = [];
    const work = (name: string) => () =>
      withLock(environment, () => {}, async () => {
        order.push(`${name} begins`);
        await new Promise((done) => setTimeout(done, 50));
        order.push(`${name} ends`);
      });
    await Promise.all([work("a")(), work("b")()]);
    assertEquals(order.map((line) => line.split(" ")[1]), ["begins", "ends", "begins", "ends"]);
    assertEquals(order[0]![0], order[1]![0]);
  }));
