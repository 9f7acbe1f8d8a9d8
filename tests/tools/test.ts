/** `deno task test`: all tests, and as the last line how many passed and failed, counted from what ran.
 * @module */
import { join } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { type Counts, countsLine, countTests } from "./junit.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { text, type Values } from "../../lib/settings.ts";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { ROOT } from "../../lib/cli/root.ts";

const options = {
  only: text({ value: "PATH", default: undefined, help: "A test file, or a folder of them, instead of all." }),
  filter: text({ value: "TEXT", default: undefined, help: "Only the tests whose names contain this." }),
};

const command: Command<typeof options> = {
  name: "test",
  about:
    "Runs the tests: the library on every backend that works here, the tasks, and the notebooks on the Deno kernel. Tests on real " +
    "data run where the environment variable FORGER_DATA names the folder that holds them, and are skipped elsewhere. The last line " +
    "counts what ran; the exit status is 1 if anything failed, or nothing ran.",
  options,
  examples: [
    { line: "test", does: "everything" },
    { line: "test --only tests/losses", does: "one folder" },
  ],
};

/** Runs `deno test` and counts.
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
    const counts = judge(await Deno.readTextFile(report).catch(() => ""), success);
    if (signal) console.log(`The test run was ended by ${signal}`);
    if (counts.passed + counts.failed === 0) console.log("No test ran");
    // On a line alone and the last: CI reads it.
    console.log(countsLine(counts));
    return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The counts of a report, with one failure more where the run failed and no test in the report did: a file that does not even load is
 * not in it.
 * @param report JUnit; empty or cut off if the run died.
 * @param success whether the run's exit status was 0. */
export function judge(report: string, success: boolean): Counts {
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

if (import.meta.main) await runCommand(command, (values) => test(values));
