/** Unpacks the folders in `tests/fixtures/`, which were written by version 0.1.0, and calls their models.
 *
 * `models/NAME.tar.gz` is the folder of a model, and `models/NAME.json` contains calls to the model with their results in version
 * 0.1.0. `trainings/NAME.tar.gz` is the folder of a training run that was stopped within an epoch, and `trainings/NAME.json`
 * contains its final results.
 * @module */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type BackendName, loadModel, tf } from "../../mod.ts";

/** Where the fixtures are. */
export const FIXTURES: string = fileURLToPath(new URL("../fixtures/", import.meta.url));
/** The backends whose results are recorded. */
export const BACKENDS: BackendName[] = ["cpu", "wasm", "tensorflow"];

/** A call of a model. */
export interface Question {
  call: "translate" | "generate" | "classify" | "features";
  /** Shape of the images that are its first argument, if it has one: see {@linkcode numbers}. */
  images?: [count: number, height: number, width: number, channels: number];
  options?: Record<string, unknown>;
  /** Options that are tensors, by their shapes. */
  tensors?: Record<string, [count: number, size: number]>;
}

/** A result: values at {@linkcode PLACES} evenly spaced positions, and the mean and standard deviation of all values. */
export interface Answer {
  /** Decimals that determine the float32 values exactly, separated by spaces. */
  values: string;
  mean: number;
  deviation: number;
}

/** A call with its results, keyed by backend: TensorFlow and tfjs draw different random numbers. */
export interface Asked extends Question {
  shape: number[];
  answers: Record<string, Answer>;
}

/** `models/NAME.json`. */
export interface ModelFixture {
  kind: string;
  /** Its special features. */
  about: string;
  questions: Asked[];
}

/** `trainings/NAME.json`. */
export interface RunFixture {
  kind: string;
  /** Its special features. */
  about: string;
  /** Position at which it was stopped. */
  stopped: { epoch: number; stepInEpoch: number; step: number };
  /** SHA-256 of weights.bin of each network at the end. */
  weights: Record<string, string>;
  /** SHA-256 of losses.csv at the end. */
  losses: string;
}

const PLACES = 50;

/** All fixtures of one kind, with their names. */
export function fixtures<T>(kind: "models" | "trainings"): [name: string, fixture: T][] {
  const folder = join(FIXTURES, kind);
  const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".json")).sort();
  return files.map((file) => [file.slice(0, -".json".length), JSON.parse(Deno.readTextFileSync(join(folder, file)))]);
}

/** Unpacks an archive (POSIX.1-1988, ustar) into a folder. */
export async function unpack(archive: string, folder: string): Promise<void> {
  const bytes = gunzipSync(await Deno.readFile(archive));
  const text = (from: number, length: number) => new TextDecoder().decode(bytes.subarray(from, from + length)).split("\0")[0]!;
  for (let at = 0; text(at, 100) !== "";) {
    const [path, size, isFile] = [text(at, 100), parseInt(text(at + 124, 12), 8), text(at + 156, 1) === "0"];
    if (isFile) {
      await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
      await Deno.writeFile(join(folder, path), bytes.subarray(at + 512, at + 512 + size));
    }
    at += 512 * (1 + Math.ceil(size / 512));
  }
}

/** Fixed values in [-1, 1): multiples of 1/500. */
export function numbers(shape: number[]): Float32Array {
  return Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => (i * 7919 + 271) % 1000 / 500 - 1);
}

/** Members that only models of some kinds have. */
interface AnyModel {
  kind?: string;
  translate(images: tf.Tensor4D, options?: unknown): Promise<tf.Tensor>;
  generate(options?: unknown): Promise<tf.Tensor>;
  classify(images: tf.Tensor4D): Promise<Int32Array>;
  features(images: tf.Tensor4D): Promise<tf.Tensor>;
  save(folder: string): Promise<void>;
  dispose(): void;
}

/** Loads a model, uses it, and frees it. */
export async function withModel<T>(folder: string, use: (model: AnyModel) => Promise<T>): Promise<T> {
  const model = await loadModel(folder) as unknown as AnyModel;
  return await use(model).finally(() => model.dispose());
}

/** Calls the model in a folder. The model is loaded again for each call, so that dropout starts with its first mask. */
export async function ask(folder: string, question: Question): Promise<{ shape: number[]; numbers: ArrayLike<number> }> {
  const { call, images: shape, options, tensors = {} } = question;
  const images = tf.tensor4d(numbers(shape ?? [1, 1, 1, 1]), shape ?? [1, 1, 1, 1]);
  const given = Object.entries(tensors).map(([name, shape]) => [name, tf.tensor2d(numbers(shape), shape)] as const);
  const all = { ...options, ...Object.fromEntries(given) };
  const answer = await withModel(folder, async (model) => {
    if (call === "generate") return await model.generate(all);
    if (call === "translate") return await model.translate(images, all);
    return await model[call](images);
  });
  tf.dispose([images, ...given.map(([, tensor]) => tensor)]);
  if (answer instanceof Int32Array) return { shape: [answer.length], numbers: answer };
  const values = await answer.data();
  answer.dispose();
  return { shape: answer.shape, numbers: values };
}

/** The recorded part of a result. */
export function summary(all: ArrayLike<number>): { values: number[]; mean: number; deviation: number } {
  const count = Math.min(PLACES, all.length);
  const values = Array.from({ length: count }, (_, i) => all[Math.floor(i * all.length / count)]!);
  const mean = Array.from(all).reduce((sum, value) => sum + value, 0) / all.length;
  const deviation = Math.sqrt(Array.from(all).reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
  return { values, mean, deviation };
}

/** Hexadecimal SHA-256 hash of a file. */
export async function digest(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}
