/** The state of a training: all that has to be kept to go on as if nothing had happened.
 * @module */
import * as tf from "../tf.ts";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Dropout } from "../layers/dropout.ts";
import { writeWhole } from "./files.ts";
import { inOneLine, VERSION } from "./model_folder.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { decodeTensorFile, encodeTensorFile, type NamedArray } from "./safetensors.ts";

/** Where a training stands in its data. */
export interface Position {
  /** Epochs done. */
  epoch: number;
  /** Steps done in the epoch that is running. */
  stepInEpoch: number;
  /** Steps done in all. */
  step: number;
  /** Each loss, added up over the steps of the epoch that is running. */
  sums: Record<string, number>;
  /** Of the data, see provenance.ts. */
  fingerprint?: string;
  /** Batches that spoilt a step and are left out since: their epochs and places. */
  leftOut?: [epoch: number, place: number][];
}

/** What has to be kept of something: arrays by name, and whatever JSON can hold. */
export interface Snapshot {
  arrays: Record<string, NamedArray>;
  note: unknown;
}

/** Something else that changes as a training goes, such as a pool of pictures. */
export interface Stateful {
  /** All that is needed to go on from here. */
  keep(): Promise<Snapshot>;
  /** Takes it back. */
  restore(kept: Snapshot): void;
}

/** The parts of a training that have state, by name. */
export interface Trained {
  networks: Record<string, tf.LayersModel>;
  optimizers: Record<string, Optimizer>;
  others?: Record<string, Stateful>;
}

/** What a checkpoint says besides the numbers. */
interface Note {
  position: Position;
  /** Steps of each optimizer. */
  steps: Record<string, number>;
  /** Draws of each layer with random numbers. */
  draws: Record<string, number>;
  /** The notes of the others. */
  others: Record<string, unknown>;
  /** Settings of the model and of its training. They must be the same to go on. */
  settings: Record<string, unknown>;
  /** The version that wrote it. */
  forger: string;
  /** Of all values, one after the other in the order of their names. */
  sha256: string;
}

/** Settings that checkpoints of earlier versions do not tell. */
const SINCE: ReadonlySet<string> = new Set(["direction"]);

/** The file in a run's folder. */
export function checkpointFile(folder: string): string {
  return join(folder, "checkpoint.safetensors");
}

/** Every variable with its name in the file. */
function* variables({ networks, optimizers }: Trained): Generator<[string, tf.Variable]> {
  for (const [name, network] of Object.entries(networks)) {
    for (const weight of network.weights) yield [`${name}/${weight.originalName}`, weight.read() as tf.Variable];
  }
  for (const [name, optimizer] of Object.entries(optimizers)) {
    for (const [i, memory] of optimizer.memories.entries()) yield [`${name}/${i}`, memory];
  }
}

function* dropouts({ networks }: Trained): Generator<[string, Dropout]> {
  for (const [name, network] of Object.entries(networks)) {
    for (const layer of network.layers) if (layer instanceof Dropout) yield [`${name}/${layer.name}`, layer];
  }
}

/** How large the last gradients were, of each optimizer that knows. */
export async function gradientSizes({ optimizers }: Trained): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const [name, optimizer] of Object.entries(optimizers)) {
    const size = await optimizer.gradientSize();
    if (size !== undefined) sizes[name] = size;
  }
  return sizes;
}

/** Writes a checkpoint into the folder, in the place of the one before. */
export async function saveState(
  folder: string,
  trained: Trained,
  position: Position,
  settings: Record<string, unknown>,
): Promise<void> {
  const arrays = new Map<string, NamedArray>();
  for (const [name, variable] of variables(trained)) {
    arrays.set(name, { shape: variable.shape, values: await variable.data() as Float32Array });
  }
  const steps = Object.fromEntries(Object.entries(trained.optimizers).map(([name, optimizer]) => [name, optimizer.steps]));
  const draws = Object.fromEntries([...dropouts(trained)].map(([name, layer]) => [name, layer.random.position]));
  const others: Note["others"] = {};
  for (const [name, other] of Object.entries(trained.others ?? {})) {
    const kept = await other.keep();
    others[name] = kept.note;
    for (const [key, array] of Object.entries(kept.arrays)) arrays.set(`${name}/${key}`, array);
  }
  const note: Note = { position, steps, draws, others, settings, forger: VERSION, sha256: digestOf(arrays) };
  await writeWhole(checkpointFile(folder), encodeTensorFile({ arrays, texts: { forger: JSON.stringify(note) } }));
}

/** SHA-256 of the values, as hexadecimal digits. */
function digestOf(arrays: Map<string, NamedArray>): string {
  const hash = createHash("sha256");
  for (const name of [...arrays.keys()].sort()) {
    const { values } = arrays.get(name)!;
    hash.update(new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength));
  }
  return hash.digest("hex");
}

/** Whether the folder has a checkpoint. */
export async function hasState(folder: string): Promise<boolean> {
  return await Deno.stat(checkpointFile(folder)).then((file) => file.isFile, () => false);
}

/** Where the training in the folder stood when its checkpoint was written; nothing without a checkpoint.
 * @throws {RangeError} if the checkpoint is damaged. */
export async function positionIn(folder: string): Promise<Position | undefined> {
  if (!await hasState(folder)) return undefined;
  const path = checkpointFile(folder);
  return noteOf(decodeTensorFile(await Deno.readFile(path), path).texts, path).position;
}

/** Takes everything from the folder's checkpoint.
 * @returns where the training stood.
 * @throws {RangeError} if the checkpoint is damaged, or is of another model, or of a training with other settings. */
export async function loadState(folder: string, trained: Trained, settings: Record<string, unknown>): Promise<Position> {
  const path = checkpointFile(folder);
  const { arrays, texts } = decodeTensorFile(await Deno.readFile(path), path);
  const note = noteOf(texts, path);
  if (note.sha256 !== digestOf(arrays)) {
    throw new RangeError(
      `Cannot resume from ${path}: its checksum should be ${note.sha256}, and its values have another; it is damaged, train anew`,
    );
  }
  for (const [name, wanted] of Object.entries(settings)) {
    if (SINCE.has(name) && note.settings?.[name] === undefined) continue;
    if (JSON.stringify(note.settings?.[name]) === JSON.stringify(wanted)) continue;
    throw new RangeError(
      `Cannot resume from ${path}: it was trained with ${name} ${JSON.stringify(note.settings?.[name])}, asked for is ` +
        `${JSON.stringify(wanted)}; leave ${name} as it was, or train into another folder`,
    );
  }
  for (const [name, variable] of variables(trained)) assign(variable, arrays.get(name), name, path);
  for (const [name, optimizer] of Object.entries(trained.optimizers)) optimizer.steps = note.steps[name]!;
  for (const [name, layer] of dropouts(trained)) layer.random.position = note.draws[name]!;
  for (const [name, other] of Object.entries(trained.others ?? {})) {
    other.restore({ arrays: within(`${name}/`, arrays), note: note.others[name] });
  }
  return note.position;
}

function noteOf({ forger = "{}" }: Record<string, string>, path: string): Note {
  try {
    return JSON.parse(forger) as Note;
  } catch (error) {
    throw new RangeError(`Cannot resume from ${path}: its note is not JSON (${inOneLine(error)}); it is damaged, train anew`);
  }
}

/** The arrays whose names begin so, by the rest of their names. */
function within(start: string, arrays: Map<string, NamedArray>): Record<string, NamedArray> {
  const own = [...arrays].filter(([name]) => name.startsWith(start));
  return Object.fromEntries(own.map(([name, array]) => [name.slice(start.length), array]));
}

function assign(variable: tf.Variable, array: NamedArray | undefined, name: string, path: string): void {
  if (!array || !tf.util.arraysEqual(array.shape, variable.shape)) {
    throw new RangeError(
      `Cannot resume from ${path}: "${name}" should be [${variable.shape}], and it has ${array ? `[${array.shape}]` : "none"}; ` +
        `it is of another model: build that one, or train into another folder`,
    );
  }
  tf.tidy(() => variable.assign(tf.tensor(array.values, array.shape)));
}
