import { assertEquals, assertThrows } from "@std/assert";
import { countsLine, countTests } from "./junit.ts";

const head = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="deno test">';

Deno.test("countTests() counts each case by how it ended", () => {
  const report = `${head}<testsuite name="./a_test.ts">
    <testcase name="a &lt;skipped/&gt;" time="0.1">\n</testcase>
    <testcase name="b"/>
    <testcase name="c"><skipped/></testcase>
    <testcase name="d"><failure message="no">Error: &lt;/testcase&gt;</failure></testcase>
    <testcase name="e"><error message="no"/></testcase>
  </testsuite></testsuites>\n`;
  assertEquals(countTests(report), { passed: 2, failed: 2, skipped: 1 });
});

Deno.test("countTests() refuses half a report", () => {
  assertThrows(() => countTests(`${head}<testsuite><testcase name="a"/>`), Error, "the run died");
});

Deno.test("countsLine() names the skipped ones only if there are any", () => {
  assertEquals(countsLine({ passed: 12, failed: 0, skipped: 0 }), "12 passed, 0 failed");
  assertEquals(countsLine({ passed: 1, failed: 2, skipped: 3 }), "1 passed, 2 failed, 3 skipped");
});
