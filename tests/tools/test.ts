/** `deno task test`: runs all tests and prints the number of passed and failed tests as the last line.
 * @module */
import { join } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { text, type Values } from "../../lib/settings.ts";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { ROOT } from "../../lib/cli/process.ts";

const options = {
  only: text({ value: "PATH", default: undefined, help: "Run only this test file or folder of test files." }),
  filter: text({ value: "TEXT", default: undefined, help: "Run only the tests whose names contain this text." }),
};

const command: Command<typeof options> = {
  name: "test",
  about: "Runs the tests of the library on every available backend, those of the tasks, and those of the notebooks on the Deno " +
    "kernel. Tests on real data are skipped unless the environment variable FORGER_DATA names the folder of the data sets. " +
    "Tests of pages are skipped unless Chromium is on the PATH, or named by the environment variable CHROMIUM. " +
    "The last line of the output gives the counts. The exit status is 1 if a test failed or no test ran.",
  options,
  examples: [
    { line: "test", does: "run all tests" },
    { line: "test --only tests/losses", does: "run the tests of one folder" },
  ],
};

/** Runs `deno test` and prints the counts.
 * @returns exit status. */
export async function test({ only, filter }: Values<typeof options>, root = ROOT): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "forger-test-" });
  try {
    const report = join(folder, "report.xml");
    const args = ["test", "--allow-all", "--no-prompt", `--junit-path=${report}`];
    if (filter !== undefined) args.push(`--filter=${filter}`);
    if (only !== undefined) args.push(fromWhereCalled(only));
    const child = new Deno.Command(Deno.execPath(), { args, cwd: root, stdin: "null", stdout: "inherit", stderr: "inherit" })
      .spawn();
    const { success, signal } = await child.status;
    const counts = countsOf(await Deno.readTextFile(report).catch(() => ""), success);
    if (signal) console.log(`The test run was terminated by ${signal}`);
    if (counts.passed + counts.failed === 0) console.log("No tests ran");
    // CI reads this line: it must stand alone and be the last.
    console.log(countsLine(counts));
    return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Number of tests with each result. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Returns the counts of a test run. If the run failed but no test in the report did, counts one failure: the report does not
 * contain files that fail to load.
 * @param report JUnit report; empty or truncated if the run died.
 * @param success whether the exit status of the run was 0. */
export function countsOf(report: string, success: boolean): Counts {
  if (report === "") return { passed: 0, failed: success ? 0 : 1, skipped: 0 };
  let counts: Counts;
  try {
    counts = countTests(report);
  } catch (error) {
    console.log((error as Error).message);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  return success || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** Counts the test cases of a JUnit report, as `deno test --junit-path` writes it. The steps of a test are separate cases.
 * @throws {Error} if the report is truncated. */
export function countTests(report: string): Counts {
  if (!report.trimEnd().endsWith("</testsuites>")) {
    throw new Error("Cannot count the tests: the report is truncated, since the test run died; run it again");
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  // A case is an empty element or contains its failure. Text is escaped, so "<" always starts a tag.
  for (const [, rest = ""] of report.matchAll(/<testcase\b[^>]*?(\/>|>[\s\S]*?<\/testcase>)/g)) {
    if (/<(failure|error)\b/.test(rest)) counts.failed++;
    else if (/<skipped\b/.test(rest)) counts.skipped++;
    else counts.passed++;
  }
  return counts;
}

/** Formats the counts: "12 passed, 0 failed", followed by the skipped tests if there are any. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

if (import.meta.main) await runCommand(command, (values) => test(values));
