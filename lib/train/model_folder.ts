/** A model as a folder: its networks as tfjs layers models, which a browser can load, and `forger.json`, which says what they are.
 * @module */
import * as tf from "../tf.ts";
import { join } from "node:path";
import { writeWhole, writeWholeText } from "./files.ts";
import { type Provenance, provenanceOf, remember } from "./provenance.ts";

/** The version of the folder's layout. */
const FORMAT = 1;
/** A description is some thousand bytes; what is longer than this is none. */
const LARGEST_TEXT = 64 * 2 ** 20;
/** The file that makes a folder a model. */
export const MODEL_FILE = "forger.json";
const TOPOLOGY = "model.json";
const WEIGHTS = "weights.bin";

/** What `forger.json` says. */
export interface ModelDescription {
  format: number;
  /** Which trainer: "pix2pix". */
  kind: string;
  /** All that is needed to build the networks again. */
  settings: Record<string, unknown>;
  /** What the numbers in pictures mean. */
  valueRange: [number, number];
  /** Folders with networks. */
  networks: string[];
  /** What they were trained on, if they were. */
  training?: Provenance;
  versions: { forger: string; tfjs: string };
}

/** Of this library; the same as in deno.json. */
export const VERSION = "0.1.0";

/** Writes networks and their description into a folder, which is made if it is not there.
 * @throws {RangeError} if the folder has no name. */
export async function saveNetworks(
  folder: string,
  kind: string,
  settings: Record<string, unknown>,
  networks: Record<string, tf.LayersModel>,
): Promise<void> {
  if (folder === "") throw new RangeError('Cannot save the model: wanted a folder, got ""; name one');
  for (const [name, network] of Object.entries(networks)) await saveNetwork(join(folder, name), network);
  const training = provenanceOf(Object.values(networks));
  const description: ModelDescription = {
    format: FORMAT,
    kind,
    settings,
    valueRange: [-1, 1],
    networks: Object.keys(networks),
    ...training && { training },
    versions: { forger: VERSION, tfjs: tf.version.tfjs },
  };
  await writeWholeText(join(folder, MODEL_FILE), JSON.stringify(description, undefined, 2) + "\n");
}

async function saveNetwork(folder: string, network: tf.LayersModel): Promise<void> {
  await network.save(tf.io.withSaveHandler(async (artifacts) => {
    const { modelTopology, weightSpecs, weightData } = artifacts;
    const data = tf.io.CompositeArrayBuffer.join(weightData);
    await writeWhole(join(folder, WEIGHTS), [new Uint8Array(data)]);
    const manifest = [{ paths: [WEIGHTS], weights: weightSpecs }];
    const topology = { format: "layers-model", generatedBy: `Forger ${VERSION}`, modelTopology, weightsManifest: manifest };
    await writeWholeText(join(folder, TOPOLOGY), JSON.stringify(topology));
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  }));
}

/** What an error of others' says, on one line. */
export function inOneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s+/g, " ");
}

async function readJson(path: string, wanted: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    const { size } = await Deno.stat(path);
    if (size > LARGEST_TEXT) throw new Error(`${size} bytes are no description`);
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new Error(
      `Cannot load the model: ${path} cannot be read (${inOneLine(error)}); name the folder that ${wanted}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RangeError(
      `Cannot load the model: ${path} is not JSON (${inOneLine(error)}); it is damaged, save the model again`,
    );
  }
}

/** Reads what a folder holds.
 * @throws {Error} if it is no model's folder, or of a kind or version that is not understood. */
export async function readDescription(folder: string): Promise<ModelDescription> {
  const path = join(folder, MODEL_FILE);
  const description = await readJson(path, "a training or save() made") as unknown as ModelDescription;
  if (description?.format !== FORMAT || typeof description.kind !== "string" || typeof description.settings !== "object") {
    throw new RangeError(
      `Cannot load the model: ${path} is of format ${description?.format}, and Forger ${VERSION} reads format ${FORMAT}; use the version ` +
        `that wrote it (${description?.versions?.forger ?? "unknown"})`,
    );
  }
  return description;
}

/** Gives a network the weights in its folder, and what they were trained on.
 * @throws {RangeError} if they are not of such a network. */
export async function loadWeights(folder: string, name: string, network: tf.LayersModel): Promise<void> {
  const { training } = await readDescription(folder);
  if (training) remember([network], training);
  const topology = await readJson(join(folder, name, TOPOLOGY), "holds all networks");
  const manifest = topology.weightsManifest as { weights: tf.io.WeightsManifestEntry[] }[];
  const path = join(folder, name, WEIGHTS);
  const bytes = await Deno.readFile(path);
  let weights: tf.NamedTensorMap = {};
  try {
    weights = tf.io.decodeWeights(bytes.buffer, manifest[0]!.weights);
    network.loadWeights(weights);
  } catch (error) {
    throw new RangeError(
      `Cannot load the model: ${path} does not fit the ${name} (${inOneLine(error)}); save the model again`,
    );
  } finally {
    tf.dispose(weights);
  }
}

/** Gives a new model the weights in a folder; it is freed if they do not fit. */
export async function withWeights<M extends { load(folder: string): Promise<void>; dispose(): void }>(
  model: M,
  folder: string,
): Promise<M> {
  try {
    await model.load(folder);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
