/** Folders that version 0.1.0 wrote, in `tests/fixtures/`: how they are unpacked, and what a model in one of them is asked.
 *
 * `models/NAME.tar.gz` is a model's folder, and `models/NAME.json` holds questions to it with the answers of then.
 * `trainings/NAME.tar.gz` is the folder of a training that was stopped in the middle of an epoch, and `trainings/NAME.json` says
 * what it ends with.
 * @module */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type BackendName, loadModel, tf } from "../../mod.ts";

/** Where the fixtures are. */
export const FIXTURES: string = fileURLToPath(new URL("../fixtures/", import.meta.url));
/** The backends whose answers are kept. */
export const BACKENDS: BackendName[] = ["cpu", "wasm", "tensorflow"];

/** What a model is asked. */
export interface Question {
  call: "translate" | "generate" | "classify" | "features";
  /** The shape of the pictures that it is given first, if it is given any: see {@linkcode numbers}. */
  images?: [count: number, height: number, width: number, channels: number];
  options?: Record<string, unknown>;
  /** Options that are tensors, by their shapes. */
  tensors?: Record<string, [count: number, size: number]>;
}

/** What it answers: numbers at {@linkcode PLACES} places with equal steps between them, and the mean and the deviation of all. */
export interface Answer {
  /** As decimals that give the float32 numbers exactly, with spaces between. */
  values: string;
  mean: number;
  deviation: number;
}

/** A question with its answers: random numbers of TensorFlow are others than those of tfjs. */
export interface Asked extends Question {
  shape: number[];
  answers: Record<string, Answer>;
}

/** `models/NAME.json`. */
export interface ModelFixture {
  kind: string;
  /** What is special about it. */
  about: string;
  questions: Asked[];
}

/** `trainings/NAME.json`. */
export interface RunFixture {
  kind: string;
  /** What is special about it. */
  about: string;
  /** Where it stood when it was stopped. */
  stopped: { epoch: number; stepInEpoch: number; step: number };
  /** SHA-256 of each network's weights.bin at the end. */
  weights: Record<string, string>;
  /** SHA-256 of losses.csv at the end. */
  losses: string;
}

const PLACES = 50;

/** The fixtures of a kind of folder, by their names. */
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

/** Numbers in [-1, 1) that need no random numbers: multiples of 1/500, the same ones everywhere. */
export function numbers(shape: number[]): Float32Array {
  return Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => (i * 7919 + 271) % 1000 / 500 - 1);
}

/** What a model of any kind may have. */
interface AnyModel {
  kind?: string;
  translate(images: tf.Tensor4D, options?: unknown): Promise<tf.Tensor>;
  generate(options?: unknown): Promise<tf.Tensor>;
  classify(images: tf.Tensor4D): Promise<Int32Array>;
  features(images: tf.Tensor4D): Promise<tf.Tensor>;
  save(folder: string): Promise<void>;
  dispose(): void;
}

/** Loads a model, and frees it afterwards. */
export async function withModel<T>(folder: string, use: (model: AnyModel) => Promise<T>): Promise<T> {
  const model = await loadModel(folder) as unknown as AnyModel;
  return await use(model).finally(() => model.dispose());
}

/** Asks the model in a folder. It is loaded anew for each question: dropout begins with its first mask. */
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

/** What is kept of an answer. */
export function summary(all: ArrayLike<number>): { values: number[]; mean: number; deviation: number } {
  const count = Math.min(PLACES, all.length);
  const values = Array.from({ length: count }, (_, i) => all[Math.floor(i * all.length / count)]!);
  const mean = Array.from(all).reduce((sum, value) => sum + value, 0) / all.length;
  const deviation = Math.sqrt(Array.from(all).reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
  return { values, mean, deviation };
}

/** SHA-256 of a file, as hexadecimal digits. */
export async function digest(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}
