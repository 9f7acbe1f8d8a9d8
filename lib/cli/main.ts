/** How every task begins and ends: the help, the exit status, and one line for what went wrong.
 *
 * Exit status 0: done; 1: it could not be done; 2: the command line was wrong.
 * @module */
import { asksForHelp, type Command, parse, subjectOf } from "./command.ts";
import { helpText } from "./help.ts";
import { type Options, UsageError, type Values } from "./options.ts";
import { CLEAR_LINE, stderrScreen } from "./status_line.ts";

/** Runs a task with the command line of this process, and ends the process. With `FORGER_DEBUG=1` an error shows its stack.
 * @param run the task itself, given its options and its subject, if it has one; what it returns is the exit status, 0 if nothing. */
export async function runCommand<O extends Options>(
  command: Command<O>,
  run: (values: Values<O>, subject: string) => Promise<number | void>,
): Promise<never> {
  return await end(() => status(command, run, Deno.args));
}

/** Ends the process with the status of some work. */
export async function end(work: () => Promise<number>): Promise<never> {
  // An error in work that nobody awaits any more ends the task just as one line as any other.
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(report(event.reason));
  });
  Deno.exit(await work());
}

/** Runs a task and tells its exit status; errors and the help are printed. */
export async function status<O extends Options>(
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

/** Prints an error as one line on stderr.
 * @returns the exit status that belongs to it. */
export function report(error: unknown): number {
  if (Deno.stderr.isTerminal()) stderrScreen().write(CLEAR_LINE); // of progress that the error broke off
  console.error(Deno.env.get("FORGER_DEBUG") === "1" ? error : oneLine(error));
  return error instanceof UsageError ? 2 : 1;
}

/** An error's message, its line ends made spaces, without the stack. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.trim().replaceAll(/\s*[\r\n]+\s*/g, " ");
}
