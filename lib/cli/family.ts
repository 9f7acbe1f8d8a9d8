/** A task whose first word says which of several is meant, each with options of its own: `train pix2pix`.
 * @module */
import type { Command } from "./command.ts";
import { HELP_WIDTH, table, wrap } from "./help.ts";
import { report, status } from "./main.ts";
import { nearest } from "./nearest.ts";
import { type Options, UsageError, type Values } from "./options.ts";

/** One of them. */
export interface Member {
  /** A few words. */
  does: string;
  /** Does it with what stands behind the word.
   * @returns exit status. */
  run(args: readonly string[]): Promise<number>;
}

/** All of them. */
export interface Family {
  /** Its name in deno.json. */
  name: string;
  /** What the first word is: "model". */
  noun: string;
  /** What it does: one sentence or a few. */
  about: string;
  members: Readonly<Record<string, Member>>;
}

/** A command as a member. */
export function member<O extends Options>(
  does: string,
  command: Command<O>,
  run: (values: Values<O>) => Promise<number | void>,
): Member {
  return { does, run: (args) => status(command, run, args) };
}

/** The help of a family: which members there are. */
export function familyHelp({ name, noun, about, members }: Family): string {
  const rows = Object.entries(members).map(([word, { does }]): [string, string] => [word, does]);
  return [
    `Usage: deno task ${name} ${noun.toUpperCase()} [options]`,
    wrap(about, HELP_WIDTH).join("\n"),
    table(`${noun}s`, rows),
    `deno task ${name} ${noun.toUpperCase()} --help tells the options of one.`,
  ].join("\n\n");
}

/** Runs the member that the first word names and tells its exit status; errors and the help are printed. */
export async function familyStatus(family: Family, [word, ...rest]: readonly string[]): Promise<number> {
  const { name, noun, members } = family;
  if (word === "help" || word === "--help" || word === "-h") {
    console.log(familyHelp(family));
    return 0;
  }
  const found = word !== undefined && Object.hasOwn(members, word) ? members[word] : undefined;
  if (found) return await found.run(rest);
  const wanted = `wanted one of ${Object.keys(members).join(", ")}`;
  if (word === undefined || word.startsWith("-")) {
    return report(new UsageError(`The ${noun} is missing: ${wanted}; write deno task ${name} ${noun.toUpperCase()} [options]`));
  }
  const meant = nearest(word, Object.keys(members));
  return report(
    new UsageError(`Unknown ${noun} "${word}": ${wanted}; ${meant ? `did you mean ${meant}?` : "--help tells more"}`),
  );
}
