import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { environmentIn, readStamp, writeStamp } from "../../../lib/cli/setup/environment.ts";
import { findPython, type Python } from "../../../lib/cli/setup/python.ts";
import { JUPYTER, TENSORFLOW_VERSION, tensorflowWheel } from "../../../lib/cli/setup/setup_python.ts";
import { withFolder } from "../_task.ts";

const python = await findPython();
const posix = Deno.build.os !== "windows";

/** Runs setUpPython() in a separate process with other environment variables. */
async function setUp(root: string, env: Record<string, string>) {
  const lib = import.meta.resolve("../../../lib/cli");
  const code = `import { setUpPython } from "${lib}/setup/setup_python.ts"; import { statusLine } from "${lib}/status_line.ts";
    console.log(JSON.stringify(await setUpPython(${JSON.stringify(root)}, statusLine())));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["eval", "--no-check", code], env, stdin: "null" })
    .output();
  const result = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "{}");
  return {
    result: result as { changed: boolean; problems: string[]; summary: string },
    stderr: new TextDecoder().decode(stderr),
  };
}

Deno.test("setUpPython() without a Python reports the problem on one line and falls back to WebAssembly", () =>
  withFolder(async (root) => {
    const { result } = await setUp(root, { PATH: root });
    assertEquals(result.problems.length, 1);
    assertStringIncludes(result.problems[0]!, "neither python3 nor python is on PATH");
    assertStringIncludes(result.problems[0]!, "Forger uses WebAssembly");
    assertEquals([result.changed, result.summary], [false, "WebAssembly"]);
  }));

Deno.test({
  name: "setUpPython() with an old Python names its version",
  ignore: !posix,
  fn: () =>
    withFolder(async (root) => {
      await Deno.writeTextFile(join(root, "python3"), "#!/bin/sh\necho Python 3.7.17\n", { mode: 0o755 });
      const { result } = await setUp(root, { PATH: root });
      assertEquals(result.problems.length, 1);
      assertStringIncludes(result.problems[0]!, "Cannot use python3: Python 3.7.17 is too old");
    }),
});

Deno.test({
  name: "setUpPython() without a network reports the problem on one line and keeps the environment for the next run",
  ignore: !posix || typeof python === "string",
  fn: () =>
    withFolder(async (root) => {
      // Nothing listens on port 9, so connections fail at once. pip's cache and local files are disabled as well.
      const offline = {
        PIP_INDEX_URL: "http://127.0.0.1:9/simple",
        PIP_EXTRA_INDEX_URL: "",
        PIP_FIND_LINKS: "",
        PIP_NO_CACHE_DIR: "1",
      };
      const { result } = await setUp(root, offline);
      assertEquals(result.problems.length, 1);
      assertStringIncludes(result.problems[0]!, "the network is unavailable");
      assertStringIncludes(result.problems[0]!, "Forger uses WebAssembly");
      assertEquals(readStamp(environmentIn(root)), { state: "ready", python: (python as Python).version });
      const again = await setUp(root, offline);
      assert(!again.stderr.includes(".venv with Python"), "the environment is created once");
      assertEquals(again.result.changed, false);
    }),
});

Deno.test({
  name: "setUpPython() installs nothing if the stamp and the files are complete",
  ignore: !posix || !tensorflowWheel(Deno.build.os, Deno.build.arch, false),
  fn: () =>
    withFolder(async (root) => {
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
      const tensorflow = tensorflowWheel(Deno.build.os, Deno.build.arch, false)!;
      writeStamp(environment, { state: "ready", python: "3.11.7", tensorflow, jupyter: JUPYTER.join(" ") });
      const { result } = await setUp(root, { PATH: root });
      assertEquals(result.problems, []);
      assert(await Deno.stat(join(environment.folder, "share", "jupyter", "kernels", "deno", "kernel.json")));
      assertEquals((await setUp(root, { PATH: root })).result.changed, false);
    }),
});

Deno.test("tensorflowWheel() selects the wheel for the machine", () => {
  const wheel = (os: string, architecture: string, gpu = false) => tensorflowWheel(os, architecture, gpu);
  assertEquals(wheel("linux", "x86_64"), `tensorflow-cpu==${TENSORFLOW_VERSION}`);
  assertEquals(wheel("linux", "x86_64", true), `tensorflow[and-cuda]==${TENSORFLOW_VERSION}`);
  assertEquals(wheel("linux", "aarch64"), `tensorflow==${TENSORFLOW_VERSION}`);
  assertEquals(wheel("darwin", "aarch64"), `tensorflow==${TENSORFLOW_VERSION}`);
  assertEquals(wheel("darwin", "x86_64"), undefined);
  assertEquals(wheel("windows", "x86_64"), undefined);
});

Deno.test("constraints.txt pins exact versions, including those of JUPYTER", async () => {
  const text = await Deno.readTextFile(new URL("../../../lib/cli/setup/constraints.txt", import.meta.url));
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of lines) {
    assertEquals(/^[a-z0-9-]+==[0-9a-z.]+(; python(_full)?_version >= "3\.[\d.]+")?$/.test(line), true, line);
  }
  for (const requirement of JUPYTER) assertEquals(lines.includes(requirement), true, requirement);
});
