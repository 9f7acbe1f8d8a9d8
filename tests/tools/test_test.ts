import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { countsLine, countsOf, countTests } from "./test.ts";

const TEST = import.meta.resolve("./test.ts");

/** Runs `test` on a project with the given test file, or with none. */
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

Deno.test("test() prints the counts, and returns 0 if all tests passed", async () => {
  assertEquals(await testing(passing), { status: 0, last: "1 passed, 0 failed, 1 skipped" });
});

Deno.test("test() fails if a test fails", async () => {
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

Deno.test("test() fails if no test ran", async () => {
  assertEquals((await testing('Deno.test.ignore("b", () => {});')).status, 1);
  assertEquals((await testing(undefined)).status, 1);
});

Deno.test("countsOf() counts a truncated report as a failure", () => {
  assertEquals(countsOf('<testsuites tests="3"><testsuite><testcase name="a" />', false), { passed: 0, failed: 1, skipped: 0 });
});

const head = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="deno test">';

Deno.test("countTests() counts test cases by result", () => {
  const report = `${head}<testsuite name="./a_test.ts">
    <testcase name="a &lt;skipped/&gt;" time="0.1">\n</testcase>
    <testcase name="b"/>
    <testcase name="c"><skipped/></testcase>
    <testcase name="d"><failure message="no">Error: &lt;/testcase&gt;</failure></testcase>
    <testcase name="e"><error message="no"/></testcase>
  </testsuite></testsuites>\n`;
  assertEquals(countTests(report), { passed: 2, failed: 2, skipped: 1 });
});

Deno.test("countTests() rejects a truncated report", () => {
  assertThrows(() => countTests(`${head}<testsuite><testcase name="a"/>`), Error, "truncated");
});

Deno.test("countsLine() includes skipped tests only if there are any", () => {
  assertEquals(countsLine({ passed: 12, failed: 0, skipped: 0 }), "12 passed, 0 failed");
  assertEquals(countsLine({ passed: 1, failed: 2, skipped: 3 }), "1 passed, 2 failed, 3 skipped");
});
