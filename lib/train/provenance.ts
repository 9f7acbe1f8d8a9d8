/** What networks were trained on, which a model's folder says: whoever finds one can tell whether it is of these pictures.
 * @module */
import * as tf from "../tf.ts";
import { createHash } from "node:crypto";
import type { WarningEvent } from "../events.ts";
import type { Position } from "./state.ts";
import type { TrainingData } from "./system.ts";

/** The last training of a network. */
export interface Provenance {
  /** The data's name, how many there are, and {@linkcode fingerprintOf}. */
  data: string;
  count: number;
  fingerprint: string;
  /** Names of the classes, in the order of their numbers, where they have names. */
  classNames?: string[];
  /** Which way round the pairs were, where the data can be read both ways. */
  direction?: "AtoB" | "BtoA";
  /** Steps of the training, with those before it was resumed. */
  steps: number;
}

const provenances = new WeakMap<tf.LayersModel, Provenance>();

/** Remembers it for as long as the networks are used. */
export function remember(networks: tf.LayersModel[], provenance: Provenance): void {
  for (const network of networks) provenances.set(network, provenance);
}

/** What is remembered of the first of the networks that was trained, or loaded with its provenance. */
export function provenanceOf(networks: tf.LayersModel[]): Provenance | undefined {
  return networks.map((network) => provenances.get(network)).find((known) => known !== undefined);
}

/** Elements of a set that are looked at: reading all of a large one would take longer than some trainings. */
const LOOKED_AT = 4;

/** How far beyond [-1, 1] a picture's values may be: as far as rounding brings them. */
const TOLERANCE = 1e-3;

/** SHA-256 over the first elements of a set, with their names, as the training gets them but for chance: hexadecimal digits. Values are
 * rounded to the 256 that a byte has, so that every backend finds the same.
 * @param data left as it is. */
export async function fingerprintOf<Batch>(data: TrainingData<Batch>): Promise<string> {
  return (await lookAt(data)).fingerprint;
}

/** Reads the first elements.
 * @returns their fingerprint, and what is in the first picture that is not in [-1, 1], if there is one: "input from 0 to 255". */
async function lookAt<Batch>(data: TrainingData<Batch>): Promise<{ fingerprint: string; outside: string | undefined }> {
  const hash = createHash("sha256");
  let count = 0;
  let outside: string | undefined;
  for await (const batch of data.batches({ batch: 1, shuffle: false, augment: false })) {
    for (const [key, part] of Object.entries(batch as Record<string, unknown>).sort(([a], [b]) => a < b ? -1 : 1)) {
      hash.update(`${key} `);
      const values = part instanceof tf.Tensor ? await part.data() : undefined;
      hash.update(values ? bytesOf(values) : `${JSON.stringify(part)}\n`);
      // Only pictures have four dimensions: points and conditions may have any values, labels have none of this kind.
      if (values && (part as tf.Tensor).rank === 4) outside ??= outsideOf(key, values);
    }
    tf.dispose(batch as unknown as tf.TensorContainer);
    if (++count === LOOKED_AT) break;
  }
  return { fingerprint: hash.digest("hex"), outside };
}

function outsideOf(key: string, values: ArrayLike<number>): string | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    least = Math.min(least, values[i]!);
    most = Math.max(most, values[i]!);
  }
  const rounded = (value: number) => Number(value.toFixed(3));
  return least < -1 - TOLERANCE || most > 1 + TOLERANCE ? `${key} from ${rounded(least)} to ${rounded(most)}` : undefined;
}

/** From [-1, 1] to 0 and 255, and on beyond them. */
function bytesOf(values: tf.DataTypeMap["float32" | "int32"] | Uint8Array): Uint8Array {
  return new Uint8Array(Int32Array.from(values, (value) => Math.round((value + 1) * 127.5)).buffer);
}

/** Notes the data's fingerprint where a training stands.
 * @returns what is to be said if it began with other data, or if pictures have values that none of the networks makes. */
export async function compareData<Batch>(data: TrainingData<Batch>, position: Position): Promise<WarningEvent[]> {
  const { fingerprint: before, epoch, step } = position;
  const { fingerprint, outside } = await lookAt(data);
  position.fingerprint = fingerprint;
  const messages: string[] = [];
  if (before !== undefined && before !== fingerprint) {
    messages.push(
      `${data.name} is not what it was when this training began: its first elements have other names or other pictures; the ` +
        "training goes on with what is there now",
    );
  }
  if (outside !== undefined) {
    messages.push(`${data.name}: wanted pictures with values in [-1, 1], got ${outside}; bring bytes there by x / 127.5 - 1`);
  }
  return messages.map((message) => ({ type: "warning", epoch: epoch + 1, step, message }));
}

/** Remembers of networks what a training that stands there has trained them on. */
export function rememberData<Batch>(
  networks: tf.LayersModel[],
  { name, count, classNames, direction }: TrainingData<Batch>,
  { fingerprint, step: steps }: Position,
): void {
  if (fingerprint === undefined || steps === 0) return;
  const more = { ...(classNames && { classNames: [...classNames] }), ...(direction && { direction }) };
  remember(networks, { data: name, count, fingerprint, ...more, steps });
}
