/** Entry point of every command: prints the help, reports errors on one line, and sets the exit status.
 *
 * The exit status is 0 for success, 1 for a failure, 2 for an error in the command line, and 75 (try again) if another worker of
 * a cluster was lost.
 * @module */
import { ignoresHangups } from "../train/hangup.ts"; // first, because it must be loaded early
import { oneLine } from "../data/errors.ts";
import type { Fields, Values } from "../settings.ts";
import { asksForHelp, type Command, parse, subjectOf, UsageError } from "./command.ts";
import { commandArgs } from "./entry.ts";
import { helpText } from "./help.ts";
import { CLEAR_LINE, stderrScreen } from "./status_line.ts";

/** Runs a command with the arguments of this process, then exits. With `FORGER_DEBUG=1`, errors are printed with a stack trace.
 * @param run The function to run. The arguments of `run` are the option values and the subject of the command ("" if there is
 * none). The function returns the exit status; `undefined` means 0. */
export async function runCommand<O extends Fields>(
  command: Command<O>,
  run: (values: Values<O>, subject: string) => Promise<number | void>,
): Promise<never> {
  return await end(() => status(command, run, commandArgs()));
}

/** Ends the process with the exit status that `work` returns. If stdout or stderr is closed in the meantime, `work` continues.
 * Under nohup, `work` also continues if the terminal is closed. */
export async function end(work: () => Promise<number>): Promise<never> {
  dropLostOutput();
  if (ignoresHangups && Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", () => {}); // Deno would end the process
  // An error in a promise that is not awaited must also be reported on one line.
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(report(event.reason));
  });
  Deno.exit(await work());
}

/** Makes the console ignore write errors that occur because the terminal or the pipe is closed. On stderr, all write errors
 * are ignored; on stdout, errors such as a full disk are still thrown. */
function dropLostOutput(): void {
  for (const name of ["log", "warn", "error"] as const) {
    const print = console[name];
    console[name] = (...words) => {
      try {
        print(...words);
      } catch (error) {
        if (name === "log" && !isGone(error)) throw new Error(`Cannot write to standard output: ${oneLine(error)}`);
      }
    };
  }
}

/** Returns whether a write error occurred because the other end is closed. The error code is EIO for a terminal, EPIPE for a
 * pipe, and ECONNRESET for a socket. */
export function isGone(error: unknown): boolean {
  return ["EIO", "EPIPE", "ECONNRESET"].includes((error as { code?: string }).code ?? "");
}

/** Runs a command, or prints its help, and returns the exit status. Prints errors. */
export async function status<O extends Fields>(
  command: Command<O>,
  run: (values: Values<O>, subject: string) => Promise<number | void>,
  args: readonly string[],
): Promise<number> {
  try {
    if (asksForHelp(args)) {
      console.log(helpText(command));
      return 0;
    }
    return await run(parse(command, args), subjectOf(command, args)) ?? 0;
  } catch (error) {
    return report(error);
  }
}

/** Prints an error to stderr, on one line.
 * @returns The exit status for this error. */
export function report(error: unknown): number {
  if (Deno.stderr.isTerminal()) stderrScreen().write(CLEAR_LINE); // removes the progress line that the error interrupts
  // The library names its own option.
  console.error(Deno.env.get("FORGER_DEBUG") === "1" ? error : oneLine(error).replace(/\bor set skipBad$/, "or add --skip-bad"));
  return error instanceof UsageError ? 2 : (error as { exitStatus?: number } | undefined)?.exitStatus ?? 1;
}
