/** The messages between a page and its worker.
 * @module */

/** Backends of a browser, from the fastest to the slowest. */
export const BROWSER_BACKENDS = ["webgpu", "webgl", "wasm", "cpu"] as const;

/** One of {@linkcode BROWSER_BACKENDS}. */
export type BrowserBackend = (typeof BROWSER_BACKENDS)[number];

/** Ways to store the values of a weight, in 4, 2 or 1 bytes each. */
export const PRECISIONS = ["float32", "float16", "uint8"] as const;

/** One of {@linkcode PRECISIONS}. */
export type Precision = (typeof PRECISIONS)[number];

/** A weight in the packed weights of a model. */
export interface PackedWeight {
  name: string;
  shape: number[];
  precision: Precision;
  /** Position of its first byte. */
  start: number;
  /** uint8: value = byte * scale + least. */
  scale?: number;
  least?: number;
}

/** A model in the form in which a page contains it. */
export interface PackedModel {
  kind: string;
  settings: Record<string, unknown>;
  /** Weights of the networks that the page uses, keyed by network. */
  networks: Record<string, PackedWeight[]>;
}

/** Values of a tensor. */
export interface Values {
  data: Float32Array<ArrayBuffer>;
  shape: number[];
}

/** Method of the message that delivers the weights, for which the worker's `start` waits. The worker does not answer it. */
export const WEIGHTS = "weights";

/** A request of the page to its worker: a call of one method of {@linkcode Player}. */
export interface Request {
  id: number;
  /** Name of the player's method. */
  method: string;
  args: unknown[];
}

/** The worker's answer. */
export type Answer = { id: number; result: unknown } | { id: number; error: string };
