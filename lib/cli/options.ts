/** What a task of deno.json can be told, declared once: the declaration reads the command line, checks it and writes the help.
 *
 * An option is `--name VALUE` or `--name=VALUE`; a flag is `--name` alone. Names in code are camelCase, on the command line kebab-case.
 * @module */

/** The command line is not what the task can be told; the message names the option and the cure. Exit status 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** One option: what it means, and how its text becomes a value of type T. */
export interface Option<T> {
  /** One sentence for a person, without the default, the unit and the limits: the help adds them. */
  help: string;
  /** What stands for the value in the help, "N" or "FOLDER"; none for a flag, which has no value. */
  value?: string;
  /** What the number counts: "pixels", "epochs". */
  unit?: string;
  /** What it is when not given. */
  default: T;
  /** It must be given, and its default means nothing. */
  required?: boolean;
  /** What may be given, for the help: "1 or more", "AtoB or BtoA". */
  allowed?: string;
  /** The value that a text stands for.
   * @throws {RangeError} if it stands for none; the message says what was wanted. */
  read(text: string): T;
}

/** The options of a task, by their names in code. */
export type Options = Record<string, Option<unknown>>;

/** The values of a task's options. */
export type Values<O extends Options> = { [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** What is declared of a number. */
export interface NumberOption<T> {
  help: string;
  unit?: string;
  default: T;
  /** Smallest and largest value. */
  min?: number;
  max?: number;
}

/** A number, or `undefined` where the default is.
 * @param option `min` and `max` are allowed themselves. */
export function number<T extends number | undefined>(option: NumberOption<T>): Option<number | T> {
  return numeric(option, "a number", Number.isFinite);
}

/** A whole number, or `undefined` where the default is.
 * @param option `min` and `max` are allowed themselves. */
export function integer<T extends number | undefined>(option: NumberOption<T>): Option<number | T> {
  return numeric(option, "a whole number", Number.isSafeInteger);
}

function numeric<T>(option: NumberOption<T>, kind: string, fits: (value: number) => boolean): Option<number | T> {
  const { min, max, ...rest } = option;
  const allowed = min !== undefined && max !== undefined
    ? `${min} to ${max}`
    : min !== undefined
    ? `${min} or more`
    : max !== undefined
    ? `${max} or less`
    : undefined;
  return {
    ...rest,
    value: "N",
    ...(allowed ? { allowed } : {}),
    read(text) {
      // Number("") and Number(" ") are 0, which nobody means.
      const value = text.trim() === "" ? NaN : Number(text);
      if (!fits(value) || value < (min ?? -Infinity) || value > (max ?? Infinity)) {
        throw new RangeError(`wanted ${kind}${allowed ? `, ${allowed}` : ""}`);
      }
      return value;
    },
  };
}

/** A text: a folder, a file, a name. An empty one is an error, since it is a shell variable that is not set.
 * @param option `value` is what the help calls it; without `default` the option must be given. */
export function text(option: { help: string; value: string }): Option<string>;
export function text<T extends string | undefined>(option: { help: string; value: string; default: T }): Option<string | T>;
export function text(option: { help: string; value: string; default?: string | undefined }): Option<string | undefined> {
  return {
    default: undefined,
    required: !("default" in option),
    ...option,
    read(text) {
      if (text === "") throw new RangeError(`wanted a ${option.value.toLowerCase().replaceAll("_", " ")}`);
      return text;
    },
  };
}

/** One of a few words, or `undefined` where the default is. */
export function choice<const C extends string, T extends NoInfer<C> | undefined>(
  choices: readonly C[],
  option: { help: string; default: T },
): Option<C | T> {
  const allowed = choices.length === 2 ? choices.join(" or ") : `one of ${choices.join(", ")}`;
  return {
    ...option,
    value: "WORD",
    allowed,
    read(text) {
      const found = choices.find((choice) => choice === text);
      if (!found) throw new RangeError(`wanted ${allowed}`);
      return found;
    },
  };
}

/** A switch: off unless it is given. */
export function flag(option: { help: string }): Option<boolean> {
  return { ...option, default: false, read: () => true };
}
