/** Provenance of a model: a description of what the model was trained on. The provenance is stored in the model folder, so that
 * anyone who has the model can tell whether certain images were part of its training data.
 * @module */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { oneLine } from "../data/errors.ts";
import type { Reading, SideOptions } from "../data/side.ts";
import type { WarningEvent } from "../events.ts";
import * as tf from "../tf.ts";
import type { TrainingData } from "./options.ts";
import { isAhead, type Position } from "./state.ts";

/** Description of a model's last training run. */
export interface Provenance {
  /** Name, number of elements and fingerprint of the data set: see {@linkcode fingerprintOf}. */
  data: string;
  count: number;
  fingerprint: string;
  /** Names of the classes, ordered by class index, if available. */
  classNames?: string[];
  /** Direction in which pairs were read, if they can be read in either direction. */
  direction?: "AtoB" | "BtoA";
  /** Options that were used to read the image files, if the data came from files. Images for the trained model must be read
   * with the same options. */
  reading?: Reading;
  /** Total number of steps, including those taken before the run was resumed. */
  steps: number;
}

/** Number of elements that a fingerprint covers; reading a large data set in full would take longer than some training runs. */
const ELEMENTS = 4;

/** Tolerance for values that lie outside [-1, 1] because of rounding errors. */
const TOLERANCE = 1e-3;

/** Hexadecimal SHA-256 hash of the first elements of a data set and their names, without shuffling or augmentation. Values are
 * rounded to integers on a scale from 0 to 255, so that all backends compute the same fingerprint. */
export async function fingerprintOf<Batch>(data: TrainingData<Batch>): Promise<string> {
  return (await examine(data)).fingerprint;
}

/** Reads the first elements of a data set.
 * @returns The `fingerprint`; `values`, a hash that excludes the names; and `outside`, the value range of the first image
 * with values outside [-1, 1], for example "input from 0 to 255". */
async function examine<Batch>(
  data: TrainingData<Batch>,
): Promise<{ fingerprint: string; values: string; outside: string | undefined }> {
  const [hash, valuesHash] = [createHash("sha256"), createHash("sha256")];
  let count = 0;
  let outside: string | undefined;
  for await (const batch of data.batches({ batch: 1, shuffle: false, augment: false })) {
    for (const [key, part] of Object.entries(batch as Record<string, unknown>).sort(([a], [b]) => a < b ? -1 : 1)) {
      hash.update(`${key} `);
      const values = part instanceof tf.Tensor ? await part.data() : undefined;
      const bytes = values ? bytesOf(values) : `${JSON.stringify(part)}\n`;
      hash.update(bytes);
      if (key !== "names") valuesHash.update(bytes);
      // Only images have four dimensions; points and conditions may have any values.
      if (values && (part as tf.Tensor).rank === 4) outside ??= rangeOutside(key, values);
    }
    tf.dispose(batch as unknown as tf.TensorContainer);
    if (++count === ELEMENTS) break;
  }
  return { fingerprint: hash.digest("hex"), values: valuesHash.digest("hex"), outside };
}

function rangeOutside(key: string, values: ArrayLike<number>): string | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const rounded = (value: number) => Number(value.toFixed(3));
  return low < -1 - TOLERANCE || high > 1 + TOLERANCE ? `${key} from ${rounded(low)} to ${rounded(high)}` : undefined;
}

/** Maps values linearly from [-1, 1] to [0, 255], rounds them to int32 without clipping, and returns their bytes. */
function bytesOf(values: tf.DataTypeMap["float32" | "int32"] | Uint8Array): Uint8Array {
  return new Uint8Array(Int32Array.from(values, (value) => Math.round((value + 1) * 127.5)).buffer);
}

/** Maximum number of files whose contents are hashed, and maximum number of bytes hashed per file. Hashing all files in full
 * could take minutes. */
const [READ, BYTES] = [256, 2 ** 18];

/** Returns a hash that identifies the files of a data set independently of their names. The hash covers the sizes of all files in
 * order, the division of the files into folders (which may be classes), and the first bytes of up to 256 evenly spaced files.
 * @throws {Error} If a file cannot be read. */
async function hashOfFiles(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  const folders = new Map<string, number>();
  const every = Math.ceil(files.length / READ);
  for (let from = 0; from < files.length; from += READ) {
    const some = files.slice(from, from + READ);
    const parts = await Promise.all(some.map((path, i) => partOf(path, (from + i) % every === 0)));
    for (const [i, { size, bytes }] of parts.entries()) {
      const folder = dirname(some[i]!);
      if (!folders.has(folder)) folders.set(folder, folders.size);
      hash.update(`${folders.get(folder)} ${size}\n`).update(bytes);
    }
  }
  return hash.digest("hex");
}

/** Returns the size of a file and, if `read` is set, its first bytes. */
async function partOf(path: string, read: boolean): Promise<{ size: number; bytes: Uint8Array }> {
  try {
    const { size } = await Deno.stat(path);
    if (!read) return { size, bytes: new Uint8Array() };
    using file = await Deno.open(path);
    const bytes = new Uint8Array(Math.min(size, BYTES));
    for (let done = 0; done < bytes.length;) done += await file.read(bytes.subarray(done)) ?? bytes.length;
    return { size, bytes };
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${oneLine(error)}; restore or remove the file`);
  }
}

/** Checks whether the data has changed since the training run began. The number of elements and the hashes of the data are
 * recorded in `position`, which is saved in checkpoints.
 * @param acceptData Whether to continue if the data has changed.
 * @returns Warnings if the data has changed, or if images have values outside [-1, 1].
 * @throws {RangeError} If the data has changed and `acceptData` is false. If the checkpoint has no hash of the data, changed data
 * only causes a warning. */
export async function compareData<Batch>(
  data: TrainingData<Batch>,
  position: Position,
  acceptData = false,
): Promise<WarningEvent[]> {
  const { fingerprint: before, data: old, epoch, step } = position;
  const { fingerprint, values, outside } = await examine(data);
  const { name, count } = data;
  position.fingerprint = fingerprint;
  position.data = { count, sha256: data.files ? await hashOfFiles(data.files) : values };
  const messages: string[] = [];
  const isGrown = old !== undefined && old.count !== count;
  if (isGrown || (old?.sha256 ? old.sha256 !== position.data.sha256 : before !== undefined && before !== fingerprint)) {
    const what = isGrown ? `it had ${old.count} elements, and now has ${count}` : "its elements or their order are not the same";
    const changed = `${name} has changed since this training run began: ${what}`;
    if (old && !acceptData) {
      throw new RangeError(
        `Cannot resume: ${changed}; use the original data, or accept this data with acceptData (--accept-data)`,
      );
    }
    messages.push(`${changed}; training continues with the current data`);
    // In the changed data, the batches that a rollback left out are at other positions.
    if (position.leftOut) position.leftOut = position.leftOut.filter((batch) => !isAhead(batch, position));
  }
  if (outside !== undefined) {
    messages.push(`${name}: expected images with values in [-1, 1], got ${outside}; convert bytes with x / 127.5 - 1`);
  }
  return messages.map((message) => ({ type: "warning", epoch: epoch + 1, step, message }));
}

/** Returns the provenance of a model after a training run, or `undefined` if the run took no step. */
export function provenanceOf<Batch>(
  { name, count, classNames, direction, reading }: TrainingData<Batch>,
  { fingerprint, step: steps }: Position,
): Provenance | undefined {
  if (fingerprint === undefined || steps === 0) return undefined;
  const optional = {
    ...classNames && { classNames: [...classNames] },
    ...direction && { direction },
    ...reading && { reading },
  };
  return { data: name, count, fingerprint, ...optional, steps };
}

/** Returns the options for reading and writing the image files of a model's inputs or outputs.
 * @param name Name of the images in a batch, such as "input" or "target".
 * @param channels Number of channels that these images have in the network.
 * @param folder The model's folder, for the error message.
 * @throws {Error} If the model folder does not describe the channels, and their number is not 1, 3 or 4. */
export function recordedSide(
  provenance: Provenance | undefined,
  name: string,
  channels: number,
  folder: string,
): SideOptions {
  const side = provenance?.reading?.sides[name];
  if (side !== undefined) return side;
  if (channels === 1 || channels === 3 || channels === 4) return { channels };
  throw new Error(
    `Cannot use image files with ${folder}: the model does not record how to convert files to the ${channels} channels of ` +
      `"${name}"; use the library's translate() on tensors, or train on a data set that reads files`,
  );
}
