import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join, resolve } from "node:path";
import { fromWhereCalled, makeFolder, shellWord, toWhereCalled } from "../../lib/cli/paths.ts";
import { UsageError } from "../../lib/cli/command.ts";
import { withVariables } from "../data/_variables.ts";
import { withFolder } from "./_task.ts";

Deno.test("fromWhereCalled() resolves a path against the folder in which the task was called", () => {
  const here = Deno.cwd();
  assertEquals(fromWhereCalled("a/b", join(here, "sub")), join("sub", "a", "b"));
  assertEquals(fromWhereCalled("..", join(here, "sub")), ".");
  assertEquals(resolve(fromWhereCalled("a", join(here, ".."))), resolve(here, "..", "a"));
  assertEquals(fromWhereCalled("a/b", here), "a/b");
  assertEquals(fromWhereCalled("a/b", ""), "a/b");
  assertEquals(fromWhereCalled(resolve("a"), "/elsewhere"), resolve("a"));
});

Deno.test("fromWhereCalled() expands ~, and rejects ~name as an error in the command line", () =>
  withVariables({ HOME: resolve("/home/ada") }, () => {
    for (const called of ["", Deno.cwd(), resolve("elsewhere")]) {
      assertEquals(fromWhereCalled("~/x", called), resolve("/home/ada/x"));
      assertThrows(() => fromWhereCalled("~bob/x", called), UsageError, "./~bob/x");
    }
  }));

Deno.test("toWhereCalled() makes a path relative to the folder in which the task was called", () => {
  const here = Deno.cwd();
  assertEquals(toWhereCalled("runs/a", join(here, "notebooks")), join("..", "runs", "a"));
  assertEquals(toWhereCalled(fromWhereCalled("x", join(here, "notebooks")), join(here, "notebooks")), "x");
  for (const called of [here, ""]) assertEquals(toWhereCalled("a/b", called), "a/b");
  assertEquals(toWhereCalled(resolve("a"), "/elsewhere"), resolve("a"));
});

Deno.test("shellWord() quotes a path so that it is one word of a shell", async () => {
  assertEquals(["runs/größe_1.2-b", "a b", "#1"].map(shellWord), ["runs/größe_1.2-b", "'a b'", "'#1'"]);
  if (Deno.build.os === "windows") return;
  const odd = "it's # 100% $HOME `here`";
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf %s ${shellWord(odd)}`] }).output();
  assertEquals(new TextDecoder().decode(stdout), odd);
});

Deno.test("makeFolder() creates a folder and its parents, and leaves an existing folder as it is", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a", "b");
    await makeFolder(path, "--out");
    await Deno.writeTextFile(join(path, "kept.txt"), "");
    await makeFolder(path, "--out");
    assert((await Deno.stat(join(path, "kept.txt"))).isFile);
  }));

Deno.test("makeFolder() names what is in the way, and the option, on one line", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    const link = join(folder, "link");
    await Deno.symlink(join(folder, "gone"), link);
    const cases = [
      [file, "it is a file"],
      [join(file, "a", "b"), `${file} is a file`],
      [link, "it is a broken link"],
    ] as const;
    for (const [path, reason] of cases) {
      const { message } = await assertRejects(() => makeFolder(path, "--out"), Error);
      assertEquals(message, `Cannot write to ${path}: ${reason}; choose another folder with --out`);
    }
  }));

Deno.test("makeFolder() quotes the system's reason if nothing is in the way", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x".repeat(300));
    const { message } = await assertRejects(() => makeFolder(path, "--out"), Error);
    assert(message.startsWith(`Cannot write to ${path}: it cannot be created (`), message);
    assert(message.endsWith("; choose another folder with --out") && !message.includes("mkdir"), message);
  }));
