import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { findPython, judge } from "../../../lib/cli/setup/python.ts";

const machine = Deno.build.arch === "x86_64" ? "x86_64" : "arm64";
const other = Deno.build.arch === "x86_64" ? "arm64" : "x86_64";
const found = (answer: string) => judge("python3", answer, "");

Deno.test("judge() takes a Python with everything", () => {
  assertEquals(found(`Python 3.11.7 64 ${machine} venv ensurepip`), { program: "python3", version: "3.11.7" });
  assertEquals(found(`Python 3.10.0 64 ${machine} venv ensurepip`), { program: "python3", version: "3.10.0" });
});

Deno.test("judge() says what is wrong and the cure", () => {
  const cases: [answer: string, wrong: string, cure: string][] = [
    ["Python 3.7.17", "it is Python 3.7.17, too old", "install Python 3.10 to 3.13"],
    ["Python 2.7.18", "it is Python 2.7.18, too old", "install Python 3.10 to 3.13"],
    [`Python 3.11.7 64 ${machine} venv`, "it has no venv module", "apt install python3-venv"],
    [`Python 3.11.7 64 ${other} venv ensurepip`, `(${other}, 64-bit)`, "install one that fits"],
    [`Python 3.11.7 32 ${machine} venv ensurepip`, `(${machine}, 32-bit)`, "install one that fits"],
  ];
  for (const [answer, wrong, cure] of cases) {
    assertStringIncludes(String(found(answer)), wrong);
    assertStringIncludes(String(found(answer)), cure);
  }
  assertStringIncludes(String(judge("python3", "", "Segmentation fault")), "it does not run (it says: Segmentation fault)");
});

Deno.test("judge() takes a Python that is too new for TensorFlow, and says so", () => {
  const python = found(`Python 3.14.1 64 ${machine} venv ensurepip`);
  assertStringIncludes((python as { tooNew: string }).tooNew, "newer than TensorFlow's wheels");
});

/** Programs that answer whatever they are asked. */
async function withPrograms(answers: Record<string, string>, test: (path: (name: string) => string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  for (const [name, answer] of Object.entries(answers)) {
    await Deno.writeTextFile(join(folder, name), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  }
  await test((name) => join(folder, name)).finally(() => Deno.remove(folder, { recursive: true }));
}

Deno.test({
  name: "findPython() takes the first that can be used, and one that is too new only if there is no other",
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
      assertStringIncludes(String(await findPython(["missing", "old", "broken"].map(path))), "Python 3.7.17, too old");
      assertStringIncludes(String(await findPython([path("broken")])), "it does not run (it says: cannot load)");
      assertStringIncludes(String(await findPython([path("missing")])), "No Python");
    }),
});
