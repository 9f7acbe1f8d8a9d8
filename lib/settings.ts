/** Self-describing settings. A field holds a setting's description, default, unit and limits. The fields of a system or a command
 * determine its defaults, its checks, its command-line options with their help, and the settings table on the results page.
 *
 * ```ts
 * const FIELDS: Described<Settings> = {
 *   size: integer(256, { min: 4, unit: "pixels", help: "Height and width of the images." }),
 *   depth: integer(({ size }) => depthOf(size), { min: 2, help: "Number of times the U-Net halves the image size." }),
 *   adversarial: flag(true, { help: "Train with a discriminator.", off: { help: "Train without a discriminator." } }),
 * };
 * completeSettings("pix2pix", FIELDS, { size: 128 }); // { size: 128, depth: 7, adversarial: true }
 * ```
 * @module */

/** One setting. `S` is the type of the settings object that contains the setting. */
export interface Field<T, S = unknown> {
  /** Description in one or two sentences, excluding the default, unit and limits. */
  readonly help: string;
  /** Value used if none is given. */
  readonly default: T;
  /** Computes the default from the other settings; takes precedence over `default`. */
  readonly follows?: (settings: S) => T;
  /** Unit of a number, such as "pixels" or "epochs". */
  readonly unit?: string;
  /** Accepted values, in words, such as "an integer ≥ 1". */
  readonly accepts: string;
  /** Placeholder for the value on the command line, such as "N" or "FOLDER". A flag takes no value and therefore has no
   * placeholder. */
  readonly value?: string;
  /** Name and help text of the option that turns off a flag that is on by default. The default name is the name of the flag,
   * prefixed with "no". */
  readonly off?: { readonly name?: string; readonly help: string };
  /** Whether the option is required on the command line. */
  readonly required?: boolean;
  /** Whether the data determines the value, in which case the setting has no command-line option. */
  readonly fromData?: boolean;
  /** Formats a value as it is written on the command line. Default: `String`. */
  show?(value: T): string;
  /** Returns whether a value is accepted. */
  fits(value: unknown): boolean;
  /** Parses the value of a command-line option.
   * @throws {RangeError} If the text cannot be parsed; the message says what was expected. */
  read(text: string): T;
}

/** A field for each setting. */
export type Described<S> = { readonly [K in keyof S]-?: Field<S[K], S> };

/** Fields of any type, keyed by name. */
// deno-lint-ignore no-explicit-any -- a list of fields of different types; each is read through its own type
export type Fields = Readonly<Record<string, Field<any, any>>>;

/** Type of the settings that a set of fields describes. */
export type Values<F extends Fields> = { -readonly [K in keyof F]: F[K] extends Field<infer T, infer _> ? T : never };

/** A default: a value, or a function of the other settings. */
type Default<T, S> = T | ((settings: S) => T);

function defaulted<T, S>(given: Default<T, S>, fallback: T): { default: T; follows?: (settings: S) => T } {
  return typeof given === "function" ? { default: fallback, follows: given as (settings: S) => T } : { default: given };
}

/** Limits, unit and help text for a numeric setting. */
export interface Limits {
  /** Minimum, inclusive. */
  min?: number;
  /** Maximum, inclusive. */
  max?: number;
  /** Upper bound, exclusive. */
  below?: number;
  /** Unit, such as "pixels" or "epochs". */
  unit?: string;
  /** Meaning of the setting. */
  help: string;
}

function range(kind: string, { min, max, below }: Limits): string {
  if (below !== undefined) return min === undefined ? `${kind} < ${below}` : `${kind} in [${min}, ${below})`;
  if (max !== undefined) return min === undefined ? `${kind} ≤ ${max}` : `${kind} from ${min} to ${max}`;
  return min === undefined ? kind : `${kind} ≥ ${min}`;
}

function numeric<T extends number | undefined, S>(
  given: Default<T, S>,
  kind: string,
  isKind: (value: unknown) => boolean,
  limits: Limits,
): Field<T | number, S> {
  const { min = -Infinity, max = Infinity, below = Infinity, unit, help } = limits;
  const accepts = range(kind, limits);
  return {
    ...defaulted<T | number, S>(given, NaN),
    help,
    accepts,
    value: "N",
    ...(unit === undefined ? {} : { unit }),
    fits: (value) => isKind(value) && (value as number) >= min && (value as number) <= max && (value as number) < below,
    // Number("") is 0, which is never intended
    read: (text) => text.trim() === "" ? NaN : Number(text),
  };
}

/** An integer setting. The default may be `undefined`. */
export function integer<T extends number | undefined = number, S = unknown>(
  given: Default<T, S>,
  limits: Limits,
): Field<T | number, S> {
  return numeric(given, "an integer", Number.isSafeInteger, limits);
}

/** A setting that is a finite number. The default may be `undefined`. */
export function number<T extends number | undefined = number, S = unknown>(
  given: Default<T, S>,
  limits: Limits,
): Field<T | number, S> {
  return numeric(given, "a number", Number.isFinite, limits);
}

/** Size of images in pixels: the side length of square images, or `[height, width]`. */
export type Size = number | readonly [height: number, width: number];

/** Converts an image size to a height and a width. */
export function dimensionsOf(size: Size): { height: number; width: number } {
  const [height, width] = typeof size === "number" ? [size, size] : size;
  return { height, width };
}

/** Converts a height and a width to an image size: a number if both are equal, or else `[height, width]`. */
export function sizeFrom({ height, width }: { height: number; width: number }): Size {
  return height === width ? height : [height, width];
}

/** Formats a size as it is written on the command line: "256", or width x height, such as "512x256". */
export function sizeText(size: Size): string {
  const { height, width } = dimensionsOf(size);
  return height === width ? `${height}` : `${width}x${height}`;
}

/** An image size. The limits apply to both sides. */
export function size(given: Size, limits: Omit<Limits, "unit">): Field<Size> {
  const side = integer(NaN, limits);
  return {
    default: given,
    help: limits.help,
    unit: "pixels",
    accepts: `${side.accepts} or WIDTHxHEIGHT (in code, [height, width])`,
    value: "SIZE",
    show: sizeText,
    fits: (value) => (Array.isArray(value) && value.length === 2 ? value : [value]).every(side.fits),
    read(text) {
      const [, width, height] = /^\s*(\d+)\s*[x×]\s*(\d+)\s*$/i.exec(text) ?? [];
      return width === undefined ? side.read(text) : sizeFrom({ height: Number(height), width: Number(width) });
    },
  };
}

/** A boolean setting. `--name` turns on a flag that is off by default; the `off` option turns off a flag that is on by
 * default. */
export function flag(on: boolean, { help, off }: { help: string; off?: { name?: string; help: string } }): Field<boolean> {
  return {
    default: on,
    help,
    accepts: "true or false",
    ...(off === undefined ? {} : { off }),
    fits: (value) => typeof value === "boolean",
    read: () => !on,
  };
}

/** A choice from a fixed set of words. The default may be `undefined`. */
export function choice<const C extends string, T extends NoInfer<C> | undefined = NoInfer<C>, S = unknown>(
  given: Default<T, S>,
  choices: readonly C[],
  { help }: { help: string },
): Field<T | C, S> {
  return {
    ...defaulted<T | C, S>(given, choices[0]!),
    help,
    accepts: choices.length === 2 ? `either ${choices.join(" or ")}` : `one of ${choices.join(", ")}`,
    value: "WORD",
    fits: (value) => choices.includes(value as C),
    read: (text) => text as C,
  };
}

/** A required string setting, such as a folder, a file or a name. */
export function text(option: { help: string; value: string }): Field<string>;
/** An optional string setting, such as a folder, a file or a name. */
export function text<T extends string | undefined>(option: { help: string; value: string; default: T }): Field<string | T>;
export function text(option: { help: string; value: string; default?: string | undefined }): Field<string | undefined> {
  return {
    default: undefined,
    ...option,
    required: !("default" in option),
    accepts: `${/^[AEIOU]/.test(option.value) ? "an" : "a"} ${option.value.toLowerCase().replaceAll("_", " ")}`,
    // an empty string usually comes from an unset shell variable
    fits: (value) => typeof value === "string" && value !== "",
    read: (text) => text,
  };
}

/** A list of numbers or words, comma-separated on the command line; `each` describes one element. */
export function list<E extends string | number, T extends readonly E[] | undefined, S = unknown>(
  given: Default<T, S>,
  each: Field<E>,
  { help, of }: { help: string; of: string },
): Field<T, S> {
  return {
    ...defaulted<T, S>(given, [] as readonly E[] as T),
    help,
    accepts: `a comma-separated list of ${of}`,
    value: "LIST",
    fits: (value) => Array.isArray(value) && value.every((element) => each.fits(element)),
    read: (text) => text.split(",").map((part) => each.read(part.trim())) as readonly E[] as T,
  };
}

/** A setting that the data determines, such as the number of channels or classes. Such a setting has no command-line option. */
export function fromData<T>(given: T, help: string): Field<T> {
  return {
    default: given,
    help,
    accepts: Array.isArray(given) ? "a list of integers ≥ 1" : "an integer ≥ 1",
    fromData: true,
    fits: (value) => Array.isArray(given) ? Array.isArray(value) && value.every(isCount) : isCount(value),
    read: (text) => text as T,
  };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** The seed of a model or training run. */
export function seed(
  help = "Seed for the initial weights, the data order and all other random draws.",
): Field<number> {
  return integer(0, { min: 0, max: 2 ** 31 - 1, help });
}

/** Returns the default values of all fields. */
export function defaultsOf<S>(fields: Described<S>): S {
  return fillIn(fields, {});
}

/** Fills in missing settings: first with the plain defaults, then with those computed from other settings. */
function fillIn<S>(fields: Described<S>, given: Partial<S>): S {
  const names = Object.keys(fields) as (keyof S)[];
  const settings = {} as S;
  for (const name of names) settings[name] = given[name] !== undefined ? given[name] as S[keyof S] : fields[name].default;
  for (const name of names) {
    const { follows } = fields[name];
    if (given[name] === undefined && follows) settings[name] = follows(settings);
  }
  return settings;
}

/** Checks the given settings and fills in the others. Defaults that are computed from other settings are not checked here,
 * since the networks check their sizes themselves.
 * @param what The name of the system, such as "pix2pix", for error messages.
 * @throws {RangeError} If a setting is unknown or invalid. */
export function completeSettings<S extends object>(what: string, fields: Described<S>, given: Partial<S>): S {
  const check = (name: keyof S & string, value: unknown): void => {
    if (!fields[name].fits(value)) throw wrongSetting(what, name, fields[name].accepts, value);
  };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(fields, name)) {
      throw new RangeError(`Cannot build ${what}: unknown setting ${name}; the settings are ${Object.keys(fields).join(", ")}`);
    }
    if (value !== undefined) check(name as keyof S & string, value);
  }
  const settings = fillIn(fields, given);
  for (const name of Object.keys(fields) as (keyof S & string)[]) if (fields[name].required) check(name, settings[name]);
  return settings;
}

/** Returns the error for an invalid setting. */
export function wrongSetting(what: string, name: string, expected: string, got: unknown): RangeError {
  const shown = Array.isArray(got) ? `[${got}]` : typeof got === "string" ? `"${got}"` : String(got);
  return new RangeError(`Cannot build ${what}: ${name} must be ${expected}, got ${shown}; change ${name}`);
}
