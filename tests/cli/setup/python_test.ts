import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { checkPython, findPython } from "../../../lib/cli/setup/python.ts";

const machine = Deno.build.arch === "x86_64" ? "x86_64" : "arm64";
const other = Deno.build.arch === "x86_64" ? "arm64" : "x86_64";
const checked = (answer: string) => checkPython("python3", answer, "");

Deno.test("checkPython() accepts a complete Python", () => {
  assertEquals(checked(`Python 3.11.7 64 ${machine} venv ensurepip`), { program: "python3", version: "3.11.7" });
  assertEquals(checked(`Python 3.10.0 64 ${machine} venv ensurepip`), { program: "python3", version: "3.10.0" });
});

Deno.test("checkPython() names the problem and the remedy", () => {
  const cases: [answer: string, wrong: string, cure: string][] = [
    ["Python 3.7.17", "Python 3.7.17 is too old", "install Python 3.10 to 3.13"],
    ["Python 2.7.18", "Python 2.7.18 is too old", "install Python 3.10 to 3.13"],
    [`Python 3.11.7 64 ${machine} venv`, "it has no venv module", "apt install python3-venv"],
    [`Python 3.11.7 64 ${other} venv ensurepip`, `(${other}, 64-bit)`, "install a matching Python"],
    [`Python 3.11.7 32 ${machine} venv ensurepip`, `(${machine}, 32-bit)`, "install a matching Python"],
  ];
  for (const [answer, wrong, cure] of cases) {
    assertStringIncludes(String(checked(answer)), wrong);
    assertStringIncludes(String(checked(answer)), cure);
  }
  assertStringIncludes(String(checkPython("python3", "", "Segmentation fault")), "it does not run (Segmentation fault)");
});

Deno.test("checkPython() accepts a Python that is too new for TensorFlow, with a message", () => {
  const python = checked(`Python 3.14.1 64 ${machine} venv ensurepip`);
  assertStringIncludes((python as { tooNew: string }).tooNew, "no wheel for Python 3.14.1");
});

/** Creates shell scripts that ignore their arguments. */
async function withPrograms(answers: Record<string, string>, test: (path: (name: string) => string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  for (const [name, answer] of Object.entries(answers)) {
    await Deno.writeTextFile(join(folder, name), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  }
  await test((name) => join(folder, name)).finally(() => Deno.remove(folder, { recursive: true }));
}

Deno.test({
  name: "findPython() returns the first usable Python, and one that is too new only if there is no other",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withPrograms({
      old: "echo Python 3.7.17",
      broken: "echo 'cannot load' >&2; exit 1",
      new: `echo Python 3.14.0 64 ${machine} venv ensurepip`,
      good: `echo Python 3.12.1 64 ${machine} venv ensurepip`,
    }, async (path) => {
      assertEquals(await findPython(["missing", "old", "broken", "new", "good"].map(path)), {
        program: path("good"),
        version: "3.12.1",
      });
      assertEquals((await findPython(["old", "new"].map(path)) as { program: string }).program, path("new"));
      assertStringIncludes(String(await findPython(["missing", "old", "broken"].map(path))), "Python 3.7.17 is too old");
      assertStringIncludes(String(await findPython([path("broken")])), "it does not run (cannot load)");
      assertStringIncludes(String(await findPython([path("missing")])), "Cannot find Python");
    }),
});
