import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import config from "../../../deno.json" with { type: "json" };
import { environmentIn, readStamp } from "../../../lib/cli/setup/environment.ts";
import { findPython, type Python } from "../../../lib/cli/setup/python.ts";
import { isWhole } from "../../../lib/cli/setup/repair.ts";
import { shellWord } from "../../../lib/cli/paths.ts";
import { JUPYTER, TENSORFLOW_VERSION, tensorflowWheel } from "../../../lib/cli/setup/setup_python.ts";
import { withFolder } from "../_task.ts";
import { LIBRARY, link, makeReady, packagesIn } from "./_environment.ts";

const python = await findPython();
const posix = Deno.build.os !== "windows";

/** Environment without a network: nothing listens on port 9, so connections fail at once. pip reads no local files. */
const OFFLINE = {
  PIP_INDEX_URL: "http://127.0.0.1:9/simple",
  PIP_EXTRA_INDEX_URL: "",
  PIP_FIND_LINKS: "",
  PIP_NO_CACHE_DIR: "1",
};

/** The permissions of the task, from deno.json. */
const PERMISSIONS = (config.tasks.setup.command.match(/--allow-\S+/g) ?? []) as string[];

/** Runs setUpPython() in a separate process with the permissions of the task, and with other environment variables. */
async function setUp(root: string, env: Record<string, string>) {
  const lib = import.meta.resolve("../../../lib/cli");
  const code = `import { setUpPython } from "${lib}/setup/setup_python.ts"; import { statusLine } from "${lib}/status_line.ts";
    console.log(JSON.stringify(await setUpPython(${JSON.stringify(root)}, statusLine())));`;
  const args = ["run", "--no-check", ...PERMISSIONS, `data:application/typescript,${encodeURIComponent(code)}`];
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env, stdin: "null" }).output();
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
      const { result } = await setUp(root, OFFLINE);
      assertEquals(result.problems.length, 1);
      assertStringIncludes(result.problems[0]!, "the network is unavailable");
      assertStringIncludes(result.problems[0]!, "Forger uses WebAssembly");
      assertEquals(readStamp(environmentIn(root)), { state: "ready", python: (python as Python).version });
      const again = await setUp(root, OFFLINE);
      assert(!again.stderr.includes(".venv with Python"), "the environment is created once");
      assertEquals(again.result.changed, false);
    }),
});

Deno.test({
  name: "setUpPython() installs nothing if the stamp and the files are complete",
  ignore: !posix || typeof python === "string",
  fn: () =>
    withFolder(async (root) => {
      await makeReady(environmentIn(root));
      const { result } = await setUp(root, { PATH: root });
      assertEquals(result.problems, []);
      assert(await Deno.stat(join(root, ".venv", "share", "jupyter", "kernels", "deno", "kernel.json")));
      assertEquals((await setUp(root, { PATH: root })).result.changed, false);
    }),
});

Deno.test({
  name: "setUpPython() repairs an environment that was renamed, moved or copied, without Python on PATH and without a network",
  ignore: !posix || typeof python === "string",
  fn: () =>
    withFolder(async (folder) => {
      let root = join(folder, "clone");
      await makeReady(environmentIn(root));
      await setUp(root, OFFLINE);
      for (const name of ["other", "with a space", "x".repeat(120), "plain"]) {
        await Deno.rename(root, root = join(folder, name));
        const environment = environmentIn(root);
        const { result } = await setUp(root, { ...OFFLINE, PATH: root });
        assertEquals([result.problems, result.changed], [[], true], name);
        for (const program of ["jupyter", "pip", "legacy"]) {
          const { stdout, success } = await new Deno.Command(join(environment.folder, "bin", program), { args: ["--version"] })
            .output();
          assert(success && new TextDecoder().decode(stdout).includes(environment.folder), `${program} in ${name}`);
        }
        const activate = `. ${shellWord(join(environment.folder, "bin", "activate"))} && command -v pip`;
        const { stdout } = await new Deno.Command("sh", { args: ["-c", activate] }).output();
        assertEquals(new TextDecoder().decode(stdout).trim(), join(environment.folder, "bin", "pip"));
        assertEquals((await setUp(root, { ...OFFLINE, PATH: root })).result.changed, false);
      }
      // a copy beside the original works with the Python of the original, but belongs to another folder
      await new Deno.Command("cp", { args: ["-a", root, join(folder, "copy")] }).output();
      assertEquals((await setUp(join(folder, "copy"), OFFLINE)).result.changed, true);
      assertEquals((await setUp(root, OFFLINE)).result.changed, false);
      // a link to the folder is the same folder
      await Deno.symlink(root, join(folder, "link"));
      assertEquals((await setUp(join(folder, "link"), OFFLINE)).result.changed, false);
    }),
});

Deno.test({
  name: "setUpPython() repairs an environment whose Python was removed, with another one of the same minor version",
  ignore: !posix || typeof python === "string",
  fn: () =>
    withFolder(async (root) => {
      const environment = environmentIn(root);
      await makeReady(environment);
      for (const name of ["python", "python3"]) await link("/nowhere/python3", join(environment.folder, "bin", name));
      const { result } = await setUp(root, OFFLINE);
      assertEquals([result.problems, result.changed], [[], true]);
      assertEquals(await isWhole(environment, readStamp(environment)!), true);
    }),
});

Deno.test({
  name: "setUpPython() installs TensorFlow again if its library is incomplete",
  ignore: !posix || typeof python === "string" || !tensorflowWheel(Deno.build.os, Deno.build.arch, false),
  fn: () =>
    withFolder(async (root) => {
      const environment = environmentIn(root);
      await makeReady(environment);
      await Deno.truncate(join(await packagesIn(environment), "tensorflow", LIBRARY), 4000);
      const { result } = await setUp(root, OFFLINE);
      assertEquals(result.problems.length, 1);
      assertStringIncludes(result.problems[0]!, "Cannot install TensorFlow");
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
