/** SIMD loops over the memory of the backend "wasm", where tfjs's kernels make many passes or pack a matrix that is used once.
 * @module */
import * as tf from "../../tf.ts";
import type { BackendWasm } from "../../packages.ts";

const BINARY =
  "AGFzbQEAAAABMQRgDn9/f39/f39/fX19fX19AGAGf39/f39/AGAHf39/f39/fwBgCX9/f39/f39/fwACEwEEdGZqcwZtZW1vcnkCAQGAgAQDCQgAAQEBAQICAwcTAgRhZGFtAAAIbXVsdGlwbHkABwqeDAi4AgMCfwN7A30gB0F8cUECdCEPAkADQCAOIA9PDQEgACAOav0ABAAhECAI/RMgAiAOav0ABAD95gEgCf0TIBD95gH95AEhESAK/RMgAyAOav0ABAD95gEgC/0TIBAgEP3mAf3mAf3kASESIAUgDmogEf0LBAAgBiAOaiAS/QsEACAEIA5qIAEgDmr9AAQAIAz9EyARIBL94wEgDf0T/eQB/ecB/eYB/eUB/QsEACAOQRBqIQ4MAAsLIAdBAnQhDwJAA0AgDiAPTw0BIAAgDmoqAgAhEyAIIAIgDmoqAgCUIAkgE5SSIRQgCiADIA5qKgIAlCALIBMgE5SUkiEVIAUgDmogFDgCACAGIA5qIBU4AgAgBCAOaiABIA5qKgIAIAwgFCAVkSANkpWUkzgCACAOQQRqIQ4MAAsLC1wCAn8CeyACQQAgBWxqIQYgAEEAIANsQQAgBGxqav0JAgAhCQNAIAEgB2r9AAQAIQggBiAHaiAGIAdq/QAEACAJIAj95gH95AH9CwQAIAdBEGohByAHIAVJDQALC+wBAgV/CHsgAkEAIAVsaiEGIABBACADbEEAIARsamr9CQIAIQ8gAEEAIANsQQEgBGxqav0JAgAhECAAQQAgA2xBAiAEbGpq/QkCACERIABBACADbEEDIARsamr9CQIAIRIgASAFaiEHIAcgBWohCCAIIAVqIQkDQCABIApq/QAEACELIAcgCmr9AAQAIQwgCCAKav0ABAAhDSAJIApq/QAEACEOIAYgCmogBiAKav0ABAAgDyAL/eYBIBAgDP3mAf3kASARIA395gEgEiAO/eYB/eQB/eQB/eQB/QsEACAKQRBqIQogCiAFSQ0ACwuWAQIDfwN7IAJBACAFbGohBiAAQQAgA2xBACAEbGpq/QkCACEKIAJBASAFbGohByAAQQEgA2xBACAEbGpq/QkCACELA0AgASAIav0ABAAhCSAGIAhqIAYgCGr9AAQAIAogCf3mAf3kAf0LBAAgByAIaiAHIAhq/QAEACALIAn95gH95AH9CwQAIAhBEGohCCAIIAVJDQALC4ADAgZ/DHsgAkEAIAVsaiEGIABBACADbEEAIARsamr9CQIAIRAgAEEAIANsQQEgBGxqav0JAgAhESAAQQAgA2xBAiAEbGpq/QkCACESIABBACADbEEDIARsamr9CQIAIRMgAkEBIAVsaiEHIABBASADbEEAIARsamr9CQIAIRQgAEEBIANsQQEgBGxqav0JAgAhFSAAQQEgA2xBAiAEbGpq/QkCACEWIABBASADbEEDIARsamr9CQIAIRcgASAFaiEIIAggBWohCSAJIAVqIQoDQCABIAtq/QAEACEMIAggC2r9AAQAIQ0gCSALav0ABAAhDiAKIAtq/QAEACEPIAYgC2ogBiALav0ABAAgECAM/eYBIBEgDf3mAf3kASASIA795gEgEyAP/eYB/eQB/eQB/eQB/QsEACAHIAtqIAcgC2r9AAQAIBQgDP3mASAVIA395gH95AEgFiAO/eYBIBcgD/3mAf3kAf3kAf3kAf0LBAAgC0EQaiELIAsgBUkNAAsLagACQANAIAZBBEkNASAAIAEgAiADIAQgBRACIAAgBEECdGohACABIAVBAnRqIQEgBkEEayEGDAALCwJAA0AgBkUNASAAIAEgAiADIAQgBRABIAAgBGohACABIAVqIQEgBkEBayEGDAALCwtqAAJAA0AgBkEESQ0BIAAgASACIAMgBCAFEAQgACAEQQJ0aiEAIAEgBUECdGohASAGQQRrIQYMAAsLAkADQCAGRQ0BIAAgASACIAMgBCAFEAMgACAEaiEAIAEgBWohASAGQQFrIQYMAAsLC6YBAQV/IAVBAnQhCiACQQAgAyAKbPwLAAJAA0AgBEUNASAEIAggBCAISRshDSAAIQsgAiEMIAMhCQJAA0AgCUECSQ0BIAsgASAMIAYgByAKIA0QBiALIAZBAXRqIQsgDCAKQQF0aiEMIAlBAmshCQwACwsgCQRAIAsgASAMIAYgByAKIA0QBQsgASAKIA1saiEBIAAgByANbGohACAEIA1rIQQMAAsLCw==";

interface Loops {
  adam(...numbers: number[]): void;
  multiply(...numbers: number[]): void;
}
let loops: Loops | undefined;

/** Compiles the loops; they share the memory of tfjs's module. */
function loopsOf(backend: BackendWasm): Loops {
  if (loops) return loops;
  const { asm } = backend.wasm as unknown as { asm: Record<string, unknown> };
  const memory = Object.values(asm).find((value) => value instanceof WebAssembly.Memory)!;
  const module = new WebAssembly.Module(Uint8Array.from(atob(BINARY), (letter) => letter.charCodeAt(0)));
  return loops = new WebAssembly.Instance(module, { tfjs: { memory } }).exports as unknown as Loops;
}

/** Numbers of one Adam step. */
export interface AdamStep {
  beta1: number;
  beta2: number;
  /** The learning rate with bias correction. */
  scale: number;
  /** The number that is added to √v. */
  epsilon: number;
}

/** Updates a variable and its moments with Adam, in one pass instead of thirteen.
 * @param memories m and v. */
export function adamPass(variable: tf.Variable, memories: tf.Variable[], gradient: tf.Tensor, step: AdamStep): void {
  const backend = tf.backend() as BackendWasm;
  const { beta1, beta2, scale, epsilon } = step;
  const variables = [variable, ...memories];
  // Not in place: other tensors may share the memory, and XNNPACK recognizes packed filters by their data.
  const outputs = variables.map(({ shape }) => backend.makeOutput(shape, "float32"));
  const places = [gradient, ...variables, ...outputs].map(({ dataId }) => backend.getMemoryOffset(dataId));
  loopsOf(backend).adam(...places, gradient.size, beta1, 1 - beta1, beta2, 1 - beta2, scale, epsilon);
  outputs.forEach((info, i) => variables[i]!.assign(tf.engine().makeTensorFromTensorInfo(info)));
}

/** Number of bytes of the right matrix that are read for all rows before the next ones: they stay in the processor's cache. */
const CACHED = 2 ** 17;

/** Multiplies matrices without packing the right one.
 * @param a `[rows, inner]`, or `[inner, rows]` if transposed.
 * @param b `[inner, columns]`; `columns` is a multiple of 4. */
export function multiply(
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  [rows, inner, columns]: [number, number, number],
  transposed: boolean,
): tf.TensorInfo {
  const backend = tf.backend() as BackendWasm;
  const output = backend.makeOutput([rows, columns], "float32");
  const [x, w, y] = [a, b, output].map(({ dataId }) => backend.getMemoryOffset(dataId)) as [number, number, number];
  const block = Math.max(4, Math.floor(CACHED / columns / 16) * 4);
  loopsOf(backend).multiply(x, w, y, rows, inner, columns, ...(transposed ? [4, 4 * rows] : [4 * inner, 4]), block);
  return output;
}
