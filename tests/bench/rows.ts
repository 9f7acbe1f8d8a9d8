/** The rows of the benchmark's table: what is timed, at which size, and what Forger aims at.
 * @module */
import { type BackendName, BACKENDS } from "../../lib/backend/use_backend.ts";
import { type Precision, PRECISIONS } from "../../lib/backend/tensorflow/precision.ts";
import type { Field } from "../../lib/settings.ts";

/** Systems whose training steps are timed. */
export const SYSTEMS = ["pix2pix", "cyclegan", "conditional-gan", "bicyclegan", "stackgan"] as const;
/** What is timed apart from training steps: translation of images in memory by pix2pix; of jpg files, by `deno task translate`;
 * training steps of pix2pix on jpg files; and the time from the start of a process to the end of the first step of pix2pix. */
export const OTHERS = ["use", "translate", "pipeline", "start"] as const;

/** One of {@linkcode SYSTEMS}. */
export type SystemName = (typeof SYSTEMS)[number];

/** Size of the networks and of a batch. */
export interface Configuration {
  /** Height and width of the images, in pixels. */
  size: number;
  /** Number of filters in the first layer of each network. */
  filters: number;
  /** Number of images in a batch. */
  batch: number;
}

/** What Forger aims at. */
export interface Bar {
  /** Maximum ratio of Forger's time to that of the fastest peer. */
  ratio?: number;
  /** Maximum ratio of the time in bfloat16 to the time in float32. */
  toFloat32?: number;
  /** Maximum time of a step, in milliseconds, on the machine of README.md. */
  milliseconds?: number;
  /** Minimum number of images per second on that machine. */
  imagesPerSecond?: number;
}

/** A row of the table. */
export interface Row extends Configuration {
  what: SystemName | (typeof OTHERS)[number];
  precision: Precision;
  /** Default: the backend of the command. */
  backend?: BackendName | undefined;
  /** Number of timed steps in a round; for "translate", the number of files. */
  steps: number;
  bar?: Bar;
}

/** Returns the name of a row, which selects the row: "pix2pix:256/64/1:bfloat16". */
export function nameOf({ what, size, filters, batch, precision, backend }: Omit<Row, "steps" | "bar">): string {
  return [what, `${size}/${filters}/${batch}`, ...precision === "float32" ? [] : [precision], ...backend ? [backend] : []].join(
    ":",
  );
}

/** Returns the row of a name.
 * @returns `undefined` if the name is not valid. */
function rowOf(name: string, steps = 10, bar?: Bar): Row | undefined {
  const [what, sizes, ...modes] = name.split(":");
  const numbers = sizes?.split("/").map(Number) ?? [];
  if (numbers.length !== 3 || !numbers.every((n) => Number.isSafeInteger(n) && n > 0)) return undefined;
  const [size, filters, batch] = numbers as [number, number, number];
  const precision = PRECISIONS.find((one) => modes.includes(one)) ?? "float32";
  const backend = BACKENDS.find((one) => modes.includes(one));
  const row = { what: what as Row["what"], size, filters, batch, precision, backend, steps, ...bar && { bar } };
  return [...SYSTEMS, ...OTHERS].includes(row.what) && nameOf(row) === name ? row : undefined;
}

/** Rows by default, each with its number of steps and its bar. StackGAN trains stage II; its batch size is 64 in the paper. */
const DEFAULTS: [name: string, steps: number, bar?: Bar][] = [
  ["pix2pix:64/32/1", 40, { ratio: 0.5 }],
  ["pix2pix:128/32/1", 30, { ratio: 0.55 }],
  ["pix2pix:256/64/1", 15, { ratio: 0.67 }],
  ["pix2pix:128/32/4", 20, { ratio: 0.65 }],
  ["pix2pix:128/32/16", 12, { ratio: 0.68 }],
  ["pix2pix:256/64/1:bfloat16", 15, { ratio: 0.62, toFloat32: 0.6 }],
  ["cyclegan:128/32/1", 12, { ratio: 0.65 }],
  ["conditional-gan:28/32/100", 30, { ratio: 0.65 }],
  ["bicyclegan:128/32/1", 15, { ratio: 0.65 }],
  ["stackgan:64/32/1", 20, { ratio: 0.65 }],
  ["stackgan:64/32/64", 5, { ratio: 0.65 }],
  ["use:256/64/1", 30, { ratio: 1 }],
  ["use:256/64/8", 10, { ratio: 0.95 }],
  ["use:256/64/1:bfloat16", 30, { ratio: 1 }],
  ["translate:256/64/1", 100, { imagesPerSecond: 25 }],
  ["pix2pix:64/32/1:wasm", 12, { milliseconds: 110 }],
  ["pix2pix:128/32/1:wasm", 6, { milliseconds: 280 }],
  ["pipeline:256/64/1", 14],
  ["start:256/64/1", 1],
];

/** Rows by default. */
export const ROWS: readonly Row[] = DEFAULTS.map((given) => rowOf(...given)!);

/** Returns the rows that a word selects: the row of that name, or the default rows whose names begin with the word. */
function selected(word: string): Row[] {
  const same = ROWS.find((row) => nameOf(row) === word) ?? rowOf(word);
  return same ? [same] : ROWS.filter((row) => nameOf(row).startsWith(`${word}:`));
}

/** Option that selects rows. */
export const only: Field<readonly Row[] | undefined> = {
  help: `For table: list of rows, or of the beginnings of their names. Default: ${ROWS.map(nameOf).join(", ")}.`,
  value: "LIST",
  default: undefined,
  accepts: 'a list such as "cyclegan,pix2pix:256/64/1"',
  fits: (value) => Array.isArray(value) && value.length > 0,
  read: (text) => {
    const rows = text.split(",").map((word) => selected(word.trim()));
    return rows.every((found) => found.length > 0) ? rows.flat() : [];
  },
};

/** The paper's configuration of pix2pix, for which {@linkcode GFLOP_OF_A_STEP} is the number of operations. */
export const PAPER: Row = rowOf("pix2pix:256/64/1")!;

/** Number of floating-point operations in a step of {@linkcode PAPER}, in units of 10^9. Convolutions are counted as direct ones,
 * with two operations for each weight and output position. A pass is forward, backward to the inputs, or backward to the weights.
 * - G has 3 passes of 12.10 each: 1 forward, 1 to the inputs and 1 to the weights.
 * - D has 8 passes of 6.66 each: 3 forward (real, generated, and generated after the update), 3 to the inputs, 2 to the weights.
 *
 * This count, which assumes that the last two layers of D have 32x32 positions ("same" padding), is used for all systems.
 * Forger's step needs only 86.9: these layers have 31x31 and 30x30 positions, and gradients with respect to the data set's
 * images are not computed. */
export const GFLOP_OF_A_STEP = 89.6;
