/** The counts in a JUnit report, as `deno test --junit-path` writes it.
 * @module */

/** How many tests ended how. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts the test cases of a report, one by one; the steps of a test are cases of their own.
 * @throws {Error} if it is not a whole report: the run died before its end. */
export function countTests(report: string): Counts {
  if (!report.trimEnd().endsWith("</testsuites>")) throw new Error("Cannot count the tests: the report has no end; the run died");
  const counts = { passed: 0, failed: 0, skipped: 0 };
  // A case is either empty, "<testcase ... />", or holds what went wrong. Text within is escaped, so that "<" begins a tag only.
  for (const [, rest = ""] of report.matchAll(/<testcase\b[^>]*?(\/>|>[\s\S]*?<\/testcase>)/g)) {
    if (/<(failure|error)\b/.test(rest)) counts.failed++;
    else if (/<skipped\b/.test(rest)) counts.skipped++;
    else counts.passed++;
  }
  return counts;
}

/** "12 passed, 0 failed", and the skipped ones if there are any. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
