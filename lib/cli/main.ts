/** Start and end of every command: help, exit status, and one line for an error.
 *
 * Exit status 0: success; 1: failure; 2: an error in the command line.
 * @module */
import type { Fields, Values } from "../settings.ts";
import { asksForHelp, type Command, parse, subjectOf, UsageError } from "./command.ts";
import { helpText } from "./help.ts";
import { CLEAR_LINE, stderrScreen } from "./status_line.ts";

/** Runs a command with the command line of this process, and ends the process. With `FORGER_DEBUG=1` an error shows its stack.
 * @param run the command, given its options and its subject, if it has one; returns the exit status, or nothing for 0. */
export async function runCommand<O extends Fields>(
  command: Command<O>,
  run: (values: Values<O>, subject: string) => Promise<number | void>,
): Promise<never> {
  return await end(() => status(command, run, Deno.args));
}

/** Ends the process with a status. */
export async function end(work: () => Promise<number>): Promise<never> {
  // An error in work that is not awaited ends the command with one line, too.
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(report(event.reason));
  });
  Deno.exit(await work());
}

/** Runs a command and returns its exit status; prints errors and the help. */
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
 * @returns its exit status. */
export function report(error: unknown): number {
  if (Deno.stderr.isTerminal()) stderrScreen().write(CLEAR_LINE); // of the progress line that the error interrupts
  console.error(Deno.env.get("FORGER_DEBUG") === "1" ? error : oneLine(error));
  return error instanceof UsageError ? 2 : 1;
}

/** The message of an error on one line, without the stack. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.trim().replaceAll(/\s*[\r\n]+\s*/g, " ");
}
