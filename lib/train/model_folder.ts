/** Saves a model as a folder: each network is stored as a TensorFlow.js layers model, which browsers can load, and `forger.json`
 * describes the model.
 * @module */
import { join } from "node:path";
import * as tf from "../tf.ts";
import { oneLine } from "../data/errors.ts";
import { readText, VERSION, writeFile, writeJsonFile, writeTextFile } from "./files.ts";
import type { Provenance } from "./provenance.ts";

const FORMAT = 1;
/** Maximum size of a JSON file in a model folder, in bytes; valid files are much smaller. */
const LARGEST_TEXT = 64 * 2 ** 20;
/** The file that identifies a folder as a model folder. */
export const MODEL_FILE = "forger.json";
const TOPOLOGY = "model.json";
const WEIGHTS = "weights.bin";

/** Paths of the files in a model folder, relative to the folder.
 * @param networks Names of the networks. */
export function modelFiles(networks: readonly string[]): string[] {
  return [MODEL_FILE, ...networks.flatMap((name) => [join(name, TOPOLOGY), join(name, WEIGHTS)])];
}

export interface ModelDescription {
  format: number;
  /** Kind of system: "pix2pix". */
  kind: string;
  /** Settings from which to build the networks. */
  settings: Record<string, unknown>;
  valueRange: [number, number];
  /** Names of the networks, which are also the names of their folders. */
  networks: string[];
  /** Description of what the model was trained on, if it has been trained. */
  training?: Provenance;
  versions: { forger: string; tfjs: string };
}

/** The parts of a model that are saved in its folder. */
export interface SavedModel {
  kind: string;
  settings: Record<string, unknown>;
  networks: Record<string, tf.LayersModel>;
  provenance: Provenance | undefined;
}

/** Saves a model to a folder, creating the folder if it does not exist.
 * @throws {RangeError} If the name of the folder is empty. */
export async function saveModel(folder: string, { kind, settings, networks, provenance }: SavedModel): Promise<void> {
  if (folder === "") throw new RangeError('Cannot save the model: expected a folder, got ""; give its name');
  for (const [name, network] of Object.entries(networks)) await saveNetwork(join(folder, name), network);
  const description: ModelDescription = {
    format: FORMAT,
    kind,
    settings,
    valueRange: [-1, 1],
    networks: Object.keys(networks),
    ...provenance && { training: provenance },
    versions: { forger: VERSION, tfjs: tf.version.tfjs },
  };
  await writeJsonFile(join(folder, MODEL_FILE), description);
}

async function saveNetwork(folder: string, network: tf.LayersModel): Promise<void> {
  await network.save(tf.io.withSaveHandler(async (artifacts) => {
    const { modelTopology, weightSpecs, weightData } = artifacts;
    const data = tf.io.CompositeArrayBuffer.join(weightData);
    await writeFile(join(folder, WEIGHTS), [new Uint8Array(data)]);
    const manifest = [{ paths: [WEIGHTS], weights: weightSpecs }];
    const topology = { format: "layers-model", generatedBy: `Forger ${VERSION}`, modelTopology, weightsManifest: manifest };
    await writeTextFile(join(folder, TOPOLOGY), JSON.stringify(topology));
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  }));
}

async function readJson(path: string, source: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    const { size } = await Deno.stat(path);
    if (size > LARGEST_TEXT) throw new Error(`the file is ${size} bytes long`);
    text = await readText(path);
  } catch (error) {
    throw new Error(`Cannot load the model: ${path} cannot be read (${oneLine(error)}); choose a folder that ${source}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RangeError(
      `Cannot load the model: ${path} is not JSON (${oneLine(error)}); the file is damaged: save the model again`,
    );
  }
}

/** Reads the description of a model.
 * @throws {Error} If the folder does not contain a model, or contains a model in another format. */
export async function readDescription(folder: string): Promise<ModelDescription> {
  const path = join(folder, MODEL_FILE);
  const description = await readJson(path, "was written by a training run or by save()") as unknown as ModelDescription;
  if (description?.format !== FORMAT || typeof description.kind !== "string" || typeof description.settings !== "object") {
    throw new RangeError(
      `Cannot load the model: ${path} has format ${description?.format}, but Forger ${VERSION} reads format ${FORMAT}; use ` +
        `the version that wrote the file (${description?.versions?.forger ?? "unknown"})`,
    );
  }
  return description;
}

/** Loads the weights of a network from a model folder.
 * @throws {RangeError} If the weights do not fit the network. */
export async function loadWeights(folder: string, name: string, network: tf.LayersModel): Promise<void> {
  const topology = await readJson(join(folder, name, TOPOLOGY), "contains all networks");
  const manifest = topology["weightsManifest"] as { weights: tf.io.WeightsManifestEntry[] }[];
  const path = join(folder, name, WEIGHTS);
  const bytes = await Deno.readFile(path);
  let weights: tf.NamedTensorMap = {};
  try {
    weights = tf.io.decodeWeights(bytes.buffer, manifest[0]!.weights);
    network.loadWeights(weights);
  } catch (error) {
    throw new RangeError(
      `Cannot load the model: ${path} does not fit the ${name} network (${oneLine(error)}); save the model again`,
    );
  } finally {
    tf.dispose(weights);
  }
}

/** Returns the total size of the weights in a model folder, in bytes. */
export async function bytesOfWeights(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) bytes += await Deno.stat(join(folder, name, WEIGHTS)).then(({ size }) => size, () => 0);
  }
  return bytes;
}
