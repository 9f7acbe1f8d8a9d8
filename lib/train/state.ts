/** Checkpoints: the complete state of a training run, from which it can be resumed with bit-identical results.
 * @module */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Dropout } from "../layers/dropout.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import * as tf from "../tf.ts";
import { VERSION, writeFile } from "./files.ts";
import { decodeTensorFile, encodeTensorFile, type NamedArray, readTexts } from "./safetensors.ts";

/** Progress of a training run through its data. */
export interface Position {
  /** Number of completed epochs. */
  epoch: number;
  /** Number of completed steps in the current epoch. */
  stepInEpoch: number;
  /** Number of completed steps in all epochs. */
  step: number;
  /** Sum of each loss over the steps of the current epoch. */
  sums: Record<string, number>;
  /** Fingerprint of the data: see provenance.ts. */
  fingerprint?: string;
  /** Number of elements in the data, and a hash that identifies the data. Absent from earlier checkpoints. */
  data?: { count: number; sha256: string };
  /** Epochs and positions of the batches that had a non-finite loss and are skipped after a rollback. */
  leftOut?: [epoch: number, place: number][];
  /** Number of workers that train together, such as "2 workers", if there are several. */
  workers?: string;
}

/** Returns whether a batch, given by its epoch and its position within the epoch, has yet to be processed by the run. */
export function isAhead([inEpoch, place]: [epoch: number, place: number], { epoch, stepInEpoch }: Position): boolean {
  return inEpoch > epoch || (inEpoch === epoch && place >= stepInEpoch);
}

/** State of one component: arrays keyed by name, and JSON-serializable metadata. */
export interface Snapshot {
  arrays: Record<string, NamedArray>;
  note: unknown;
}

/** A stateful part other than a network or an optimizer, such as a pool of images. */
export interface Stateful {
  /** Copies the state. */
  snapshot(): Promise<Snapshot>;
  /** Restores a copied state. */
  restore(snapshot: Snapshot): void;
}

/** The stateful parts of a training run, keyed by name. */
export interface Trained {
  networks: Record<string, tf.LayersModel>;
  optimizers: Record<string, Optimizer>;
  others?: Record<string, Stateful>;
}

/** Contents of a checkpoint other than the arrays. */
interface Note {
  position: Position;
  /** Number of steps taken by each optimizer. */
  steps: Record<string, number>;
  /** Position of each dropout layer in its random stream. */
  draws: Record<string, number>;
  /** Metadata of the other stateful parts. */
  others: Record<string, unknown>;
  /** Settings of the model and of the run, which must be unchanged when the run resumes. */
  settings: Record<string, unknown>;
  /** Version of Forger that wrote the file. */
  forger: string;
  /** SHA-256 hash of the values of all arrays, sorted by name. */
  sha256: string;
}

/** Settings that are missing from checkpoints written by earlier versions, and their values in those versions; `undefined` if
 * the value is unknown. */
const BEFORE: ReadonlyMap<string, unknown> = new Map([
  ["direction", undefined],
  ["precision", "float32"],
  ["upsample", "transposed"],
  ["cycles", "both"],
]);

const DATA: ReadonlySet<string> = new Set(["data", "count"]);

/** Returns the path of the checkpoint file in a run folder. */
export function checkpointFile(folder: string): string {
  return join(folder, "checkpoint.safetensors");
}

/** Yields all variables, with their names in the checkpoint file. */
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

/** Returns the RMS of the latest gradients, for each optimizer that keeps track of them. */
export async function gradientSizes({ optimizers }: Trained): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const [name, optimizer] of Object.entries(optimizers)) {
    const size = await optimizer.gradientSize();
    if (size !== undefined) sizes[name] = size;
  }
  return sizes;
}

/** Copies the state of all parts. */
async function stateOf(
  trained: Trained,
): Promise<Pick<Note, "steps" | "draws" | "others"> & { arrays: Map<string, NamedArray> }> {
  const arrays = new Map<string, NamedArray>();
  for (const [name, variable] of variables(trained)) {
    arrays.set(name, { shape: variable.shape, values: await variable.data() as Float32Array });
  }
  const steps = Object.fromEntries(Object.entries(trained.optimizers).map(([name, optimizer]) => [name, optimizer.steps]));
  const draws = Object.fromEntries([...dropouts(trained)].map(([name, layer]) => [name, layer.random.position]));
  const others: Note["others"] = {};
  for (const [name, other] of Object.entries(trained.others ?? {})) {
    const { arrays: own, note } = await other.snapshot();
    others[name] = note;
    for (const [key, array] of Object.entries(own)) arrays.set(`${name}/${key}`, array);
  }
  return { arrays, steps, draws, others };
}

/** Writes a checkpoint to the folder, replacing the previous checkpoint. */
export async function saveState(
  folder: string,
  trained: Trained,
  position: Position,
  settings: Record<string, unknown>,
): Promise<void> {
  const { arrays, ...rest } = await stateOf(trained);
  const note: Note = { position, ...rest, settings, forger: VERSION, sha256: digestOf(arrays) };
  await writeFile(checkpointFile(folder), encodeTensorFile({ arrays, texts: { forger: JSON.stringify(note) } }));
}

/** Returns a hash of the state that is the same on all workers of a cluster: all but batch norm's running statistics. */
export async function digestOfState(trained: Trained): Promise<string> {
  const { arrays, ...rest } = await stateOf(trained);
  for (const [name, network] of Object.entries(trained.networks)) {
    for (const { originalName } of network.nonTrainableWeights) arrays.delete(`${name}/${originalName}`);
  }
  return createHash("sha256").update(digestOf(arrays)).update(JSON.stringify(rest)).digest("hex");
}

function digestOf(arrays: Map<string, NamedArray>): string {
  const hash = createHash("sha256");
  for (const name of [...arrays.keys()].sort()) {
    const { values } = arrays.get(name)!;
    hash.update(new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength));
  }
  return hash.digest("hex");
}

export async function hasState(folder: string): Promise<boolean> {
  return await Deno.stat(checkpointFile(folder)).then((file) => file.isFile, () => false);
}

/** Reads the training position from the header of the folder's checkpoint; returns `undefined` if there is no checkpoint.
 * @throws {RangeError} If the header is damaged. */
export async function positionIn(folder: string): Promise<Position | undefined> {
  if (!await hasState(folder)) return undefined;
  const path = checkpointFile(folder);
  return noteOf(await readTexts(path), path).position;
}

/** Restores all parts from the checkpoint in the folder.
 * @param acceptData Whether to accept changed data. If the checkpoint contains a hash of the data, the data is compared by
 * `compareData` rather than by this function.
 * @param bytes Contents of the checkpoint, if they have already been read.
 * @returns The position of the run.
 * @throws {RangeError} If the checkpoint is damaged, or belongs to a different model or to a run with different settings. */
export async function loadState(
  folder: string,
  trained: Trained,
  settings: Record<string, unknown>,
  acceptData = false,
  bytes?: Uint8Array<ArrayBuffer>,
): Promise<Position> {
  const path = checkpointFile(folder);
  const { arrays, texts } = decodeTensorFile(bytes ?? await Deno.readFile(path), path);
  const note = noteOf(texts, path);
  if (note.sha256 !== digestOf(arrays)) {
    throw new RangeError(
      `Cannot resume from ${path}: the file is damaged (its values do not match the checksum ${note.sha256}); train again`,
    );
  }
  const { position } = note;
  if (acceptData) position.data ??= { count: Number(note.settings?.["count"]), sha256: "" };
  for (const [name, wanted] of Object.entries(settings)) {
    if (position.data && DATA.has(name)) continue;
    const kept = note.settings?.[name] ?? BEFORE.get(name);
    if (BEFORE.has(name) && kept === undefined) continue;
    const [stored, got] = [JSON.stringify(kept), JSON.stringify(wanted)];
    if (stored === got) continue;
    const accept = DATA.has(name) ? "accept other data with acceptData (--accept-data), " : "";
    throw new RangeError(
      `Cannot resume from ${path}: the run was started with ${name} ${stored}, got ${got}; keep ${name} unchanged, ${accept}` +
        "or choose another folder",
    );
  }
  for (const [name, variable] of variables(trained)) assign(variable, arrays.get(name), name, path);
  for (const [name, optimizer] of Object.entries(trained.optimizers)) optimizer.steps = note.steps[name]!;
  for (const [name, layer] of dropouts(trained)) layer.random.position = note.draws[name]!;
  for (const [name, other] of Object.entries(trained.others ?? {})) {
    other.restore({ arrays: within(`${name}/`, arrays), note: note.others[name] });
  }
  return position;
}

function noteOf({ forger = "none" }: Record<string, string>, path: string): Note {
  try {
    const note = JSON.parse(forger) as Note;
    if (Number.isSafeInteger(note?.position?.step)) return note;
  } catch { /* reported below */ }
  throw new RangeError(`Cannot resume from ${path}: the file is damaged (its header has no position); train again`);
}

/** Returns the arrays whose names start with a prefix, keyed by the rest of their names. */
function within(prefix: string, arrays: Map<string, NamedArray>): Record<string, NamedArray> {
  const own = [...arrays].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, array]) => [name.slice(prefix.length), array]));
}

function assign(variable: tf.Variable, array: NamedArray | undefined, name: string, path: string): void {
  if (!array || !tf.util.arraysEqual(array.shape, variable.shape)) {
    const got = `expected "${name}" of shape [${variable.shape}], got ${array ? `[${array.shape}]` : "none"}`;
    const cure = "the checkpoint belongs to a different model: build that model, or choose another folder";
    throw new RangeError(`Cannot resume from ${path}: ${got}; ${cure}`);
  }
  tf.tidy(() => variable.assign(tf.tensor(array.values, array.shape)));
}
