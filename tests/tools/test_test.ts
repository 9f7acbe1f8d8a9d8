import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { judge } from "./test.ts";

const TEST = import.meta.resolve("./test.ts");

/** Runs `test` on a project with the given test file. */
async function testing(source: string | undefined) {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(join(root, "deno.json"), "{}");
  if (source !== undefined) await Deno.writeTextFile(join(root, "a_test.ts"), source);
  const code = `import { test } from "${TEST}"; Deno.exit(await test({ only: undefined, filter: undefined }, ${
    JSON.stringify(root)
  }));`;
  const { code: status, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", code],
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(root, { recursive: true });
  return { status, last: new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1) };
}

const passing = 'Deno.test("a", () => {}); Deno.test.ignore("b", () => {});\n';

Deno.test("test() ends with what ran, and with 0 if all passed", async () => {
  assertEquals(await testing(passing), { status: 0, last: "1 passed, 0 failed, 1 skipped" });
});

Deno.test("test() fails if a test does", async () => {
  assertEquals(await testing(passing + 'Deno.test("c", () => { throw new Error() });'), {
    status: 1,
    last: "1 passed, 1 failed, 1 skipped",
  });
});

Deno.test("test() fails if a file does not load", async () => {
  assertEquals(await testing('throw new Error("at import");'), { status: 1, last: "0 passed, 1 failed" });
});

Deno.test("test() fails if the run dies", async () => {
  assertEquals(await testing(passing + 'Deno.test("c", () => Deno.kill(Deno.pid, "SIGKILL"));'), {
    status: 1,
    last: "0 passed, 1 failed",
  });
});

Deno.test("test() fails if nothing ran", async () => {
  assertEquals((await testing('Deno.test.ignore("b", () => {});')).status, 1);
  assertEquals((await testing(undefined)).status, 1);
});

Deno.test("judge() counts a report that is cut off as a failure", () => {
  assertEquals(judge('<testsuites tests="3"><testsuite><testcase name="a" />', false), { passed: 0, failed: 1, skipped: 0 });
});
