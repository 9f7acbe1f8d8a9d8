/** Records how this process was started: by a task in deno.json, or by cli.ts, which selects a command by name.
 * @module */

interface Start {
  /** URL of the module of the selected command. */
  url: string;
  args: readonly string[];
  /** Pattern that matches the `deno task` commands in messages, which are replaced with `typed`. */
  tasks: RegExp;
  typed: string;
}

let start: Start | undefined;

/** Records that cli.ts selected a command. Messages on the console then name the command as the user typed it. */
export function startedBy(selected: Start): void {
  start = selected;
  for (const name of ["log", "error"] as const) {
    const print = console[name];
    console[name] = (...words: unknown[]) => print(...words.map((word) => typeof word === "string" ? asTyped(word) : word));
  }
}

/** Returns whether a module is the command that this process runs. */
export function isCommand({ main, url }: { main: boolean; url: string }): boolean {
  return main || start?.url === url;
}

export function commandArgs(): readonly string[] {
  return start?.args ?? Deno.args;
}

/** Replaces `deno task` in a message with what the user typed to start this process. */
export function asTyped(message: string): string {
  return start ? message.replaceAll(start.tasks, start.typed) : message;
}
