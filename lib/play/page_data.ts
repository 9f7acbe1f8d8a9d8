/** The data of a page: `deno task export` writes it into the page as JSON, and the page's script reads it.
 *
 * A page is an HTML file with the following elements, whose ids are in {@linkcode PAGE_PARTS}:
 *
 * - `<script type="application/json" id="forger">`: {@linkcode PageData};
 * - `<script type="text/plain" id="worker">`, and likewise `wasm` and `weights`: the worker's script, the .wasm file and the
 *   packed weights, compressed with gzip and encoded as base64. In a folder of static files, the element is empty, and its
 *   attribute `data-file` is the address of the file, relative to the page, with a digest of its contents after "?". In both
 *   cases, `data-bytes` is the number of bytes to read or fetch, for displaying progress. Files in a folder are not compressed;
 * - `<main id="page">`: the page's script replaces its contents. The `data-bytes` of this element is the sum over all parts.
 * @module */
import type { Use } from "../systems/system.ts";
import type { PackedModel, Precision } from "./protocol.ts";

/** Ids of the elements that contain the parts of a page. */
export const PAGE_PARTS = { data: "forger", worker: "worker", wasm: "wasm", weights: "weights", page: "page" } as const;

/** A class of a label map, or a colour of the inputs' palette. */
export interface PageColour {
  name: string;
  /** Red, green and blue, from 0 to 255. */
  colour: [red: number, green: number, blue: number];
}

/** How the images of a model's input or output are converted to numbers. */
export interface PageSide {
  /** Number of channels of the network. */
  channels: number;
  /** - colours: value = byte / 127.5 - 1 for each channel; 1 channel is grey, 4 channels are RGBA;
   * - numbers: the same, but the values are not colours and are never mixed;
   * - classes: one plane per class of the palette, in its order: 1 where a pixel belongs to the class, -1 elsewhere. */
  meaning: "classes" | "numbers" | "colours";
  /** For label maps, given as classes or drawn in colours: the classes. The examples contain only these colours. */
  palette?: PageColour[];
  /** For label maps whose files contain numbers or palette indices: the number of each class. */
  values?: number[];
  /** Bits per channel of the files that the model was trained on. Default: 8. */
  depth?: 16;
}

/** A held-out example. Both images are PNG files in data URLs. Label maps are drawn in the colours of their palette. */
export interface PageExample {
  name: string;
  input?: string;
  /** The true output. */
  truth?: string;
  /** Whether the input belongs to the second domain of a CycleGAN, whose translation is `back`. */
  back?: boolean;
}

/** A set of alternative words in a sentence. */
export interface PageChoice {
  /** What the words describe, such as "colour". */
  name: string;
  /** The words, each with the elements of the condition that it sets to 1. */
  words: { text: string; sets: number[] }[];
}

/** The sentences that a model understands. The condition of a sentence has `size` elements. An element is 1 if a chosen word sets
 * it to 1, and 0 otherwise. */
export interface PageCaptions {
  /** The parts of the sentence, in order: fixed text or a choice of words. */
  parts: (string | PageChoice)[];
  size: number;
}

/** Principal directions of the latent space: `code + t * scales[i] * axes[i]` changes the image, most strongly for `i = 0`. A
 * useful range for `t` is -3 to 3. */
export interface PageDirections {
  /** The mean code, from which a page can start. */
  mean: number[];
  /** Orthogonal unit vectors, ordered by the response of the generator, largest first. */
  axes: number[][];
  /** Standard deviation of the codes along each axis. */
  scales: number[];
}

/** The model card, which describes the model to users of the page. */
export interface PageCard {
  /** One sentence about what the model was trained on. */
  trained: string;
  /** The command that trained the model. */
  command?: string;
  /** Name of the data set. */
  data?: string;
  /** Licence or terms of the data set, if Forger knows them. */
  licence?: string;
  steps?: number;
  /** Results of an evaluation, keyed by metric. */
  metrics?: Record<string, number>;
  /** What the model cannot do, and what it should not be used for. */
  limits: string;
  /** Precision of the weights and its cost, in a sentence. */
  weights: string;
}

/** The data of a page about its model, except for the weights. */
export interface PageData {
  /** Kind, settings and the positions of the weights, for `Client.start`. */
  model: PackedModel;
  /** Precision of the large weights. */
  precision: Precision;
  /** Name of the model, such as "facades". */
  title: string;
  /** Name of the model's system, such as "pix2pix". */
  systemTitle: string;
  /** Uses of the system, such as "translate". */
  uses: readonly Use[];
  /** Size of the images; 1 for a GAN of points. */
  size: { height: number; width: number };
  /** The input and output of a translating model, the `output` of a generating model, or the `input` of a classifier. */
  input?: PageSide;
  output?: PageSide;
  /** The input and output of a CycleGAN's translation from the second domain to the first. */
  back?: { input: PageSide; output: PageSide };
  /** Names of the classes, ordered by class index. */
  labels?: string[];
  captions?: PageCaptions;
  examples: PageExample[];
  directions?: PageDirections;
  card: PageCard;
  /** TypeScript code that uses the model in Deno. */
  snippet: string;
}
