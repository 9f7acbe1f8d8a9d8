/** Command definitions: description, options, examples and command-line parsing.
 *
 * Options are written `--name VALUE` or `--name=VALUE`; flags take no value and are written `--name`. Names are camelCase in
 * code and kebab-case on the command line.
 * @module */
import type { Field, Fields, Values } from "../settings.ts";

/** An error in the command line. The message names the option and the remedy; the exit status is 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** A positional argument before the options, such as `step` in `bench step`. */
export interface Subject {
  name: string;
  help: string;
  choices: readonly string[];
  /** Default choice. If there is no default, the subject is required. */
  default?: string;
}

export interface Command<O extends Fields> {
  /** Name of the task in deno.json. */
  name: string;
  /** What the command does, in one or more sentences. */
  about: string;
  /** Required options, shown after the name in the usage line. */
  usage?: string;
  subject?: Subject;
  options: O;
  /** Example command lines that work as written, each with a description. */
  examples: readonly { line: string; does: string }[];
}

export function optionName(key: string, field?: Field<unknown, never>): string {
  const name = field?.value === undefined && field?.default === true
    ? field.off?.name ?? `no${key[0]!.toUpperCase()}${key.slice(1)}`
    : key;
  return "--" + name.replaceAll(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
}

export function asksForHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h") || args[0] === "help";
}

/** Parses a command line. Options that are not given take their default values.
 * @throws {UsageError} If an option is unknown, missing or repeated, lacks its value, or has an invalid value. */
export function parse<O extends Fields>(command: Command<O>, args: readonly string[]): Values<O> {
  return withDefaults(command.options, parseGiven(command, args));
}

/** Parses a command line without filling in defaults.
 * @throws {UsageError} Under the same conditions as {@linkcode parse}. */
export function parseGiven<O extends Fields>(command: Command<O>, args: readonly string[]): Partial<Values<O>> {
  const given = new Map<string, unknown>();
  const rest = [...args];
  readSubject(command, rest);
  while (rest.length > 0) {
    const [written, inline] = splitAtEquals(rest.shift()!);
    const [key, field] = findOption(command, written);
    if (given.has(key)) throw new UsageError(`Option ${written} is given twice; use it only once`);
    given.set(key, readValue(field, written, inline, rest));
  }
  for (const [key, field] of Object.entries(command.options)) {
    if (!field.required || given.has(key)) continue;
    throw new UsageError(`Option ${optionName(key)} is missing; use ${optionName(key)} ${field.value}`);
  }
  return Object.fromEntries(given) as Partial<Values<O>>;
}

/** Fills in the defaults of options that are not given. */
export function withDefaults<O extends Fields>(options: O, given: Partial<Values<O>>): Values<O> {
  const values = Object.entries(options).map(([key, field]) => [key, given[key] !== undefined ? given[key] : field.default]);
  return Object.fromEntries(values) as Values<O>;
}

/** Returns the subject of a command line that {@linkcode parse} accepts, or "" if the command takes no subject. */
export function subjectOf<O extends Fields>({ subject }: Command<O>, args: readonly string[]): string {
  return subject?.choices.find((choice) => choice === args[0]) ?? subject?.default ?? "";
}

function readSubject<O extends Fields>({ name, subject }: Command<O>, rest: string[]): void {
  if (!subject) return;
  const word = rest[0];
  if (word !== undefined && subject.choices.includes(word)) return void rest.shift();
  const expected = `expected ${subject.choices.map((choice) => `"${name} ${choice}"`).join(" or ")}`;
  if (word === undefined || word.startsWith("-")) {
    if (subject.default !== undefined) return;
    throw new UsageError(`No ${subject.name} given: ${expected}; see --help`);
  }
  throw new UsageError(`Unknown ${subject.name} "${word}": ${expected}; see --help`);
}

function splitAtEquals(argument: string): [written: string, inline?: string] {
  const at = argument.indexOf("=");
  return argument.startsWith("--") && at > 0 ? [argument.slice(0, at), argument.slice(at + 1)] : [argument];
}

/** Finds an option by its name. A flag that is on by default can also be given as `--name`, to override a configuration file. */
function findOption<O extends Fields>(command: Command<O>, written: string): [key: string, field: Field<unknown, never>] {
  const options = Object.entries(command.options);
  const found = options.find(([key, field]) => optionName(key, field) === written);
  if (found) return found;
  const flag = options.find(([key, { value }]) => value === undefined && optionName(key) === written);
  if (flag) return [flag[0], { ...flag[1], read: () => true }];
  if (!written.startsWith("-")) throw new UsageError(`Unexpected "${written}": a value must follow its option; see --help`);
  const meant = nearest(written, options.map(([key, field]) => optionName(key, field)));
  throw new UsageError(
    `Unknown option ${written} for "deno task ${command.name}"; ${meant ? `did you mean ${meant}?` : "see --help"}`,
  );
}

function readValue(field: Field<unknown, never>, written: string, inline: string | undefined, rest: string[]): unknown {
  if (field.value === undefined) {
    if (inline !== undefined) throw new UsageError(`Option ${written} takes no value, got "${inline}"; use ${written} alone`);
    return field.read("");
  }
  // A value may begin with one dash, as in a negative number; a word that begins with two dashes is the next option.
  const text = inline ?? (rest[0]?.startsWith("--") ? undefined : rest.shift());
  if (text === undefined) throw new UsageError(`Option ${written} needs a value; use ${written} ${field.value}`);
  let value: unknown;
  try {
    value = field.read(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`Option ${written}: ${error.message}, got "${text}"; see --help`);
  }
  if (field.fits(value)) return value;
  throw new UsageError(`Option ${written}: expected ${field.accepts}, got "${text}"; see --help`);
}

/** Runs a library function and converts any error about a setting into a usage error, since the setting was given as an option.
 * Other RangeErrors, such as those that V8 throws when memory is exhausted, are rethrown.
 * @param options Names of the options that specify the setting, such as "--size", for the error message. By default, no option is
 * named, because the library's message names the setting.
 * @throws {UsageError} If the library throws an error about a setting; the message contains the library's message. */
export function usageIfRange<T>(build: () => T, options?: string): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof RangeError && error.message.startsWith("Cannot "))) throw error;
    throw new UsageError(options === undefined ? error.message : `Option ${options}: ${error.message}`);
  }
}

/** Returns the known word with the smallest edit distance from `word`, if a typo can explain the difference. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [best] = words.map((known) => ({ known, distance: editDistance(word, known) })).sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, word.length / 3) ? best.known : undefined;
}

/** Returns the minimum number of edits that turn `a` into `b`. An edit inserts, deletes or substitutes a letter (Levenshtein
 * 1966), or transposes two adjacent letters. */
export function editDistance(a: string, b: string): number {
  const rows = Array.from(
    { length: a.length + 1 },
    (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i === 0 ? j : j === 0 ? i : 0),
  );
  const at = (i: number, j: number): number => rows[i]![j]!;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let distance = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) distance = Math.min(distance, at(i - 2, j - 2) + 1);
      rows[i]![j] = distance;
    }
  }
  return at(a.length, b.length);
}
