/** The model card of a page, and its code snippet.
 * @module */
import { basename, join } from "node:path";
import { COMMAND_FILE } from "../resume.ts";
import { type ModelCard, readCard } from "../model.ts";
import { shellWord } from "../paths.ts";
import { sizeOfImages } from "../../play/examples.ts";
import { type SomeModel, systemOf } from "../../systems/registry.ts";
import { readJsonFile } from "../../train/files.ts";
import { knownData } from "../../play/known_data.ts";
import type { PageCard } from "../../play/page_data.ts";

/** Options of `deno task train` whose values are paths. A page shows only the last part of a path, since it may be shared. */
const PATHS = new Set(["--data", "--targets", "--others"]);
/** Options that do not describe the model. */
const LEFT_OUT = new Set(["--out", "--log", "--config", "--backend", "--resume", "--accept-data"]);

export const DRAWN_LICENCE = "synthetic images from Forger, MIT licence";

/** Returns the card of a model.
 * @param folder The model's folder, which may also be the folder of its training run.
 * @param weights Description of the precision of the weights. */
export async function cardOf(folder: string, model: SomeModel, weights: string): Promise<PageCard> {
  const { provenance } = model;
  const card = await readCard(folder).catch(() => undefined); // a page does not need it
  const [command, metrics] = card ? [commandsOf(card), valuesOf(card)] : [await commandOf(folder), await metricsOf(folder)];
  const licence = card?.data.licence ?? licenceOf(provenance);
  return {
    trained: trainedOn(model),
    ...command !== undefined && { command },
    ...provenance && { data: provenance.data, steps: provenance.steps },
    ...licence !== undefined && { licence },
    ...metrics && { metrics },
    limits: card?.limits ?? limitsOf(model),
    weights,
  };
}

/** Returns the commands that drew the data of a pretrained model and trained it, one per line. */
export function commandsOf({ world, command }: Pick<ModelCard, "world" | "command">): string {
  return [...world ? [world.command] : [], command].join("\n");
}

function valuesOf({ metrics }: ModelCard): Record<string, number> {
  return Object.fromEntries(metrics.flatMap(({ says, value }) => value === undefined ? [] : [[says, value]]));
}

/** Returns a sentence about the data and the length of the training. */
export function trainedOn({ kind, provenance }: { kind: string; provenance: SomeModel["provenance"] }): string {
  if (!provenance) return "The model's folder does not contain the name of its training data.";
  const { data, count, steps } = provenance;
  const unit = systemOf(kind)!.data === "pairs" ? "pairs of images" : "images";
  const number = (value: number) => value.toLocaleString("en-US");
  return `Trained on ${number(count)} ${unit} from ${data} for ${number(steps)} steps.`;
}

function licenceOf(provenance: SomeModel["provenance"]): string | undefined {
  const known = knownData(provenance);
  if (!known) return undefined;
  return known.archive ? `${known.archive.terms} (${known.archive.authors})` : DRAWN_LICENCE;
}

/** Returns the command that trained the model, if the folder contains it. Paths are shortened to their last parts. */
export async function commandOf(folder: string): Promise<string | undefined> {
  const { args } = await readJsonFile<{ args?: unknown }>(join(folder, COMMAND_FILE), {}).catch(() => ({ args: undefined }));
  if (!Array.isArray(args) || !args.every((word) => typeof word === "string")) return undefined;
  const words: string[] = [];
  let option = "";
  for (const arg of (args as string[]).flatMap(splitAtEquals)) {
    if (arg.startsWith("--")) option = arg;
    if (!LEFT_OUT.has(option)) words.push(shellWord(PATHS.has(option) && arg !== option ? basename(arg) : arg));
  }
  return ["deno task train", ...words].join(" ");
}

function splitAtEquals(word: string): string[] {
  const at = word.indexOf("=");
  return word.startsWith("--") && at > 0 ? [word.slice(0, at), word.slice(at + 1)] : [word];
}

/** Returns the results of the evaluation after training, if the folder contains them. */
async function metricsOf(folder: string): Promise<Record<string, number> | undefined> {
  const { measures } = await readJsonFile<{ measures?: unknown }>(join(folder, "run.json"), {}).catch(() => ({ measures: {} }));
  const after = Object.entries(measures as Record<string, unknown> ?? {}).flatMap(([name, value]) =>
    typeof value === "number" && name.endsWith("after training") ? [[name.replace(/,? after training$/, ""), value]] : []
  );
  return after.length > 0 ? Object.fromEntries(after) : undefined;
}

/** Describes what the model cannot do, and what it should not be used for. */
function limitsOf({ kind, settings }: SomeModel): string {
  const { uses } = systemOf(kind)!;
  const [height, width] = Array.isArray(settings.shape) ? settings.shape : [settings.size, settings.size].flat();
  const size = `${width} x ${height} pixels`;
  if (uses.includes("classify")) {
    return `The model always predicts one of its classes, even for an image that shows none of them. It was trained only on ` +
      `images of ${size}; do not rely on it where an error could harm anyone.`;
  }
  if (width === undefined) return "The model only imitates the points of its training data.";
  const what = uses.includes("translate") ? "makes any other input resemble them" : "can generate nothing else";
  return `The model imitates its training images at ${size}, and ${what}. It invents details: do not use its images as ` +
    "evidence, for measurements or for medical purposes, and do not present them as photos of real things or people.";
}

/** Returns TypeScript code that uses the model.
 * @param folder The model's folder. */
export function snippetOf(folder: string, model: SomeModel): string {
  const { kind, settings, provenance } = model;
  const recorded = provenance?.reading?.sides ?? {};
  const { uses } = systemOf(kind)!;
  const name = JSON.stringify(basename(folder));
  const load = (names: string) =>
    `import { ${names} } from "@forger/gan";\n\nawait useBackend();\nconst model = await loadModel(${name}, "${kind}");\n`;
  // Classes are written as a label map, whose values or colours only the record of the training data defines.
  const write = (side = "", channels = 3) => {
    const { labels, depth } = recorded[side] ?? {};
    const options = labels !== undefined ? `, ${JSON.stringify({ labels })}` : depth === 16 ? ", { depth: 16 }" : "";
    return options || [1, 3, 4].includes(channels)
      ? `await data.writeImage("output.png", image${options});\n`
      : `console.log(image.argMax(-1).arraySync()); // the class of each pixel\n`;
  };
  const read = (channels: number, resize: boolean) => {
    const options = [channels === 3 ? "" : `channels: ${channels}`, resize ? `size: ${JSON.stringify(settings.size)}` : ""];
    return `await data.readImage("input.png"${options.some(Boolean) ? `, { ${options.filter(Boolean).join(", ")} }` : ""})`;
  };
  if (uses.includes("classify")) {
    return `${load("data, loadModel, useBackend")}const image = ${read(settings.channels, true)};\n` +
      "console.log(await model.classify(image)); // indices of the classes\n";
  }
  if (uses.includes("translate")) {
    const [from, to] = settings.inputChannels === undefined ? ["a", "b"] : ["input", "target"];
    const channels = settings.inputChannels ?? settings.xChannels;
    const { height, width } = sizeOfImages(model);
    const isClasses = recorded[from!]?.labels !== undefined || ![1, 3, 4].includes(channels);
    const zeros = `new Uint8Array(${height * width})`;
    const [names, input] = isClasses
      ? [
        "data, loadModel, tf, useBackend",
        `const classes = tf.tensor(${zeros}, [1, ${height}, ${width}], "int32"); // the class of each pixel\n` +
        `const input = tf.oneHot(classes, ${channels}, 1, -1, "float32") as tf.Tensor4D;\n`,
      ]
      : ["data, loadModel, useBackend", `const input = ${read(channels, false)};\n`];
    const options = uses.includes("variants") ? ", { seed: 1 }" : uses.includes("back") ? ', { direction: "xToY" }' : "";
    const output = write(to, settings.outputChannels ?? settings.yChannels);
    return `${load(names!)}${input}const image = await model.translate(input${options});\n${output}`;
  }
  if (uses.includes("captions")) {
    return `${load("data, loadModel, useBackend")}const conditions = data.embedCaptions(["a red house with two windows"]);\n` +
      `const image = await model.generate({ conditions, seed: 1 });\n${write()}`;
  }
  const options = uses.includes("labels") ? "{ labels: [1], seed: 1 }" : "{ count: 1, seed: 1 }";
  if (Array.isArray(settings.shape) && settings.shape.length !== 3) {
    return `${load("loadModel, useBackend")}const points = await model.generate(${options});\nconsole.log(points.arraySync());\n`;
  }
  return `${load("data, loadModel, useBackend")}const image = await model.generate(${options});\n${write()}`;
}
