import { assertEquals } from "@std/assert";
import { join } from "node:path";
import {
  environmentIn,
  installKernel,
  installKernels,
  makeEnvironment,
  readStamp,
  withLock,
  writeStamp,
} from "../../../lib/cli/setup/environment.ts";
import { findPython, type Python } from "../../../lib/cli/setup/python.ts";
import { isWhole } from "../../../lib/cli/setup/repair.ts";
import { withFolder } from "../_task.ts";
import { LIBRARY, link, makeReady, packagesIn } from "./_environment.ts";

const python = await findPython();

Deno.test({
  name: "isWhole() tries what the stamp names, and does not only look for files",
  ignore: typeof python === "string" || Deno.build.os === "windows",
  fn: () =>
    withFolder(async (root) => {
      const environment = environmentIn(root);
      const stamp = await makeReady(environment);
      assertEquals(await isWhole(environment, stamp), true);
      assertEquals(await isWhole(environment, { ...stamp, state: "working" }), false);
      const library = join(await packagesIn(environment), "tensorflow", LIBRARY);
      const spoiled: [string, () => Promise<void>][] = [
        [environment.jupyter, () => Deno.remove(environment.jupyter)],
        [join(environment.python, "..", "pip"), () => Deno.writeTextFile(environment.jupyter, "#!/nowhere/.venv/bin/python\n")],
        [join(await packagesIn(environment), "nbclient"), async () =>
          await Deno.remove(join(await packagesIn(environment), "nbclient"))],
        [library, () =>
          Deno.remove(library)],
        [library, () => Deno.writeTextFile(library, "")],
        [library, () => Deno.truncate(library, 1000)],
        [environment.python, () => Deno.remove(environment.python)],
        [environment.python, () => link("/nowhere/python", environment.python)],
        [environment.python, () => link("/bin/false", environment.python)],
      ];
      for (const [path, spoil] of spoiled) {
        await spoil();
        assertEquals(await isWhole(environment, stamp), false, `${path}: ${spoil}`);
        await makeReady(environment);
        assertEquals(await isWhole(environment, stamp), true, path);
      }
    }),
});

Deno.test({
  name: "makeEnvironment() replaces an unfinished environment and keeps one that setup did not create",
  ignore: typeof python === "string",
  fn: () =>
    withFolder(async (root) => {
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
      // one that setup did not create is not deleted either if its Python does not start
      await Deno.remove(join(environment.folder, "forger.json"));
      await link("/nowhere/python", environment.python);
      const problem = await makeEnvironment(environment, python as Python);
      assertEquals([await exists(junk), problem?.includes("setup did not create it")], [true, true]);
    }),
});

Deno.test("withLock() runs one function at a time", () =>
  withFolder(async (root) => {
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

Deno.test("installKernel() writes the file once, and again for another Deno", () =>
  withFolder(async (folder) => {
    assertEquals(await installKernel(folder, "/somewhere/deno"), true);
    assertEquals(await installKernel(folder, "/somewhere/deno"), false);
    assertEquals(await installKernel(folder, "/elsewhere/deno"), true);
    const kernel = JSON.parse(await Deno.readTextFile(join(folder, "share", "jupyter", "kernels", "deno", "kernel.json")));
    assertEquals(kernel.argv, ["/elsewhere/deno", "jupyter", "--kernel", "--conn", "{connection_file}"]);
    assertEquals(kernel.language, "typescript");
  }));

Deno.test("installKernels() makes the notebooks' kernel the one that reports errors, beside Deno's own", () =>
  withFolder(async (folder) => {
    const programs = { deno: "/somewhere/deno", python: "/venv/bin/python", root: "/forger" };
    assertEquals([await installKernels(folder, programs), await installKernels(folder, programs)], [true, false]);
    const read = async (name: string) =>
      JSON.parse(await Deno.readTextFile(join(folder, "share", "jupyter", "kernels", name, "kernel.json")));
    const [forger, plain] = [await read("deno"), await read("deno-plain")];
    assertEquals([forger.display_name, plain.display_name], ["Deno (Forger)", "Deno"]);
    assertEquals(forger.argv[1], join("/forger", "notebooks", "tools", "kernel"));
    assertEquals(forger.interrupt_mode, "message");
    assertEquals(plain.argv[0], "/somewhere/deno");
  }));
