import { assertEquals } from "@std/assert";
import { join } from "node:path";
import {
  environmentIn,
  installKernel,
  isWhole,
  makeEnvironment,
  readStamp,
  withLock,
  writeStamp,
} from "../../../lib/cli/setup/environment.ts";
import { findPython, type Python } from "../../../lib/cli/setup/python.ts";
import { withFolder } from "../_task.ts";

const python = await findPython();

Deno.test("isWhole() detects the absence of what the stamp names", () =>
  withFolder(async (root) => {
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
