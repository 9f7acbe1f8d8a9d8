/** A task as a whole: what it is for, its options, examples; and the reading of its command line.
 * @module */
import { nearest } from "./nearest.ts";
import { type Option, type Options, UsageError, type Values } from "./options.ts";

/** A word before the options: `train pix2pix`. */
export interface Subject {
  name: string;
  help: string;
  choices: readonly string[];
  /** The one that is meant where none is given; without it one must be given. */
  default?: string;
}

/** A task that a person can start. */
export interface Command<O extends Options> {
  /** Its name in deno.json. */
  name: string;
  /** What it does: one sentence or a few. */
  about: string;
  /** What stands in the usage line behind the name; "[options]" is added. */
  usage?: string;
  subject?: Subject;
  options: O;
  /** Lines that work as they are, each with what it does. */
  examples: readonly { line: string; does: string }[];
}

/** camelCase to kebab-case: how an option is written on the command line. */
export function optionName(key: string): string {
  return "--" + key.replaceAll(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
}

/** Whether a person asks for the help. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h") || args[0] === "help";
}

/** The values on a command line, and the defaults of what is not on it.
 * @throws {UsageError} if an option is unknown, missing, given twice, without its value, or with one that it cannot have. */
export function parse<O extends Options>(command: Command<O>, args: readonly string[]): Values<O> {
  const given = new Map<string, unknown>();
  const rest = [...args];
  readSubject(command, rest);
  while (rest.length > 0) {
    const [written, inline] = splitAtEquals(rest.shift()!);
    const key = findKey(command, written);
    if (given.has(key)) throw new UsageError(`Option ${written} is given twice; give it once`);
    given.set(key, readValue(command.options[key]!, written, inline, rest));
  }
  for (const [key, { required, value }] of Object.entries(command.options)) {
    if (required && !given.has(key)) {
      throw new UsageError(`Option ${optionName(key)} is missing; write ${optionName(key)} ${value}`);
    }
  }
  const values = Object.entries(command.options).map(([key, option]) => [key, given.has(key) ? given.get(key) : option.default]);
  return Object.fromEntries(values) as Values<O>;
}

/** The subject on a command line that {@linkcode parse} has accepted: "" where the task has none. */
export function subjectOf<O extends Options>({ subject }: Command<O>, args: readonly string[]): string {
  return subject?.choices.find((choice) => choice === args[0]) ?? subject?.default ?? "";
}

function readSubject<O extends Options>({ name, subject }: Command<O>, rest: string[]): void {
  if (!subject) return;
  const word = rest[0];
  if (word !== undefined && subject.choices.includes(word)) return void rest.shift();
  const wanted = `wanted ${subject.choices.map((choice) => `"${name} ${choice}"`).join(" or ")}`;
  if (word === undefined || word.startsWith("-")) {
    if (subject.default !== undefined) return;
    throw new UsageError(`The ${subject.name} is missing: ${wanted}; --help tells more`);
  }
  throw new UsageError(`Unknown ${subject.name} "${word}": ${wanted}; --help tells more`);
}

function splitAtEquals(argument: string): [written: string, inline?: string] {
  const at = argument.indexOf("=");
  return argument.startsWith("--") && at > 0 ? [argument.slice(0, at), argument.slice(at + 1)] : [argument];
}

function findKey<O extends Options>(command: Command<O>, written: string): string {
  const keys = Object.keys(command.options);
  const key = keys.find((key) => optionName(key) === written);
  if (key) return key;
  if (!written.startsWith("-")) {
    throw new UsageError(`Unexpected "${written}": every value stands behind its option; --help lists them`);
  }
  const meant = nearest(written, keys.map(optionName));
  throw new UsageError(
    `Unknown option ${written} of "deno task ${command.name}"; ${meant ? `did you mean ${meant}? ` : ""}--help lists all`,
  );
}

function readValue(option: Option<unknown>, written: string, inline: string | undefined, rest: string[]): unknown {
  if (option.value === undefined) {
    if (inline !== undefined) throw new UsageError(`Option ${written} has no value, got "${inline}"; write ${written} alone`);
    return true;
  }
  // A value may begin with one dash, as a negative number does, but what begins with two is the next option.
  const value = inline ?? (rest[0]?.startsWith("--") ? undefined : rest.shift());
  if (value === undefined) throw new UsageError(`Option ${written} has no value; write ${written} ${option.value}`);
  try {
    return option.read(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`Option ${written}: ${error.message}, got "${value}"; --help tells more`);
  }
}
