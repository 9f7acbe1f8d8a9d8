/** Collects the data of a model's page, and packs the model.
 * @module */
import { basename, resolve } from "node:path";
import { captionSize, colourNames, embedCaptions, numberWords } from "../../data/worlds/houses/mod.ts";
import { fashionNames } from "../data/mnist.ts";
import { type SomeModel, systemOf } from "../systems/registry.ts";
import { principalDirections } from "./directions.ts";
import {
  drawExamples,
  type Example,
  examplesOf,
  examplesOfRun,
  type HeldOut,
  sidesOf,
  sizeOfImages,
  snapped,
  withPalettes,
} from "./examples.ts";
import { type Cost, describePrecision, type Packed, packSmallest, usedNetworks } from "./pack.ts";
import type { PageCaptions, PageCard, PageData } from "./page_data.ts";
import { probeOf } from "./probe.ts";
import type { Precision } from "./protocol.ts";

/** Options of {@linkcode exportModel}. */
export interface ExportOptions {
  /** The model's folder. */
  folder: string;
  /** Title of the page. Default: the name of the folder. */
  title?: string;
  /** Precision of the weights. Default: the smallest precision whose cost is negligible. */
  precision?: Precision;
  /** Data from which the examples are taken. Default: the samples in the run folder, if there are any. */
  heldOut?: HeldOut;
  /** Whether the metric is measured on the held-out data. Default false. */
  measured?: boolean;
  /** Creates the model card. The argument describes the precision of the weights. */
  card(weights: string): Promise<PageCard>;
  /** TypeScript code that uses the model in Deno. */
  snippet: string;
}

/** A model packed for a page. */
export interface Exported {
  data: PageData;
  packed: Packed;
  /** Cost of each precision that was tried. */
  costs: Partial<Record<Precision, Cost>>;
}

/** Collects the data of a model's page, and packs the model.
 * @throws {RangeError} If a weight is not finite. */
export async function exportModel(model: SomeModel, options: ExportOptions): Promise<Exported> {
  const { title: systemTitle, uses } = systemOf(model.kind)!;
  const { folder, heldOut, precision, measured = false } = options;
  const { classes } = model.settings;
  const labels = uses.includes("labels") || uses.includes("classify") ? namesOfClasses(model, classes) : undefined;
  const known = sidesOf(model);
  const found = heldOut ? await examplesOf(heldOut, labels ?? []) : await examplesOfRun(folder, model, known);
  const sides = withPalettes(known, found, model);
  const examples = found.map((example): Example => {
    const side = example.back ? sides.back!.input : sides.input!;
    return { ...example, input: snapped(example.input, side) };
  });
  const { packed, costs } = await packSmallest(model, probeOf(model, examples, measured ? heldOut : {}), precision);
  const isGan = uses.includes("generate") && !uses.includes("captions");
  const directions = isGan && sides.output ? directionsOf(model) : undefined;
  const data: PageData = {
    model: packed.model,
    precision: packed.precision,
    title: options.title ?? basename(resolve(folder)),
    systemTitle,
    uses,
    size: sizeOfImages(model),
    ...sides,
    ...labels && { labels },
    ...uses.includes("captions") && { captions: captionsFor(model.settings.conditionSize) },
    examples: await drawExamples(examples, sides),
    ...directions && { directions },
    card: await options.card(describePrecision(packed, costs)),
    snippet: options.snippet,
  };
  return { data, packed, costs };
}

function directionsOf(model: SomeModel): PageData["directions"] {
  const [name] = usedNetworks(model);
  return principalDirections(model, model.networks[name!]!);
}

/** Returns the names of the classes, if they are known. The names of digits are the digits. */
export function namesOfClasses({ provenance }: SomeModel, classes: number): string[] {
  const { classNames, data = "" } = provenance ?? {};
  if (classNames?.length === classes) return [...classNames];
  if (classes === fashionNames.length && /^fashion_mnist\b/.test(data)) return [...fashionNames];
  const areDigits = classes === 10 && /^(digits|mnist)\b/.test(data);
  return Array.from({ length: classes }, (_, i) => areDigits ? `${i}` : `class ${i}`);
}

/** Returns the sentences that describe toytown's houses, encoded as in `deno task generate`. For conditions of another size,
 * returns one sentence per element.
 * @param size Number of elements of a condition. */
export function captionsFor(size: number): PageCaptions {
  if (size !== captionSize) {
    const words = Array.from({ length: size }, (_, i) => ({ text: `${i}`, sets: [i] }));
    return { parts: ["condition", { name: "condition", words }], size };
  }
  const houses = colourNames.map((colour) => `a ${colour} house with one window`);
  const numbers = numberWords.map((number, i) => `${number} ${i === 0 ? "window" : "windows"}`);
  const [colourOnes, numberOnes] = [houses, numbers.map((words) => `a ${colourNames[0]} house with ${words}`)].map(onesOf);
  // Drop the elements that all captions in a list share: that of "one window", or that of the first colour.
  const own = (all: number[][], i: number) => all[i]!.filter((one) => !all.every((other) => other.includes(one)));
  return {
    parts: [
      "a",
      { name: "colour", words: colourNames.map((text, i) => ({ text, sets: own(colourOnes!, i) })) },
      "house with",
      { name: "windows", words: numbers.map((text, i) => ({ text, sets: own(numberOnes!, i) })) },
    ],
    size,
  };
}

/** Returns the indices at which the embedding of each caption is 1. */
function onesOf(captions: string[]): number[][] {
  const embedded = embedCaptions(captions);
  const rows = embedded.arraySync();
  embedded.dispose();
  return rows.map((row) => row.flatMap((value, i) => value === 1 ? [i] : []));
}
