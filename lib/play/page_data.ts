/** What a page knows: the contract between `deno task export`, which writes it into the page as JSON, and the page's script,
 * which reads it.
 *
 * A page is an HTML file with these elements, all of which {@linkcode PAGE_PARTS} names:
 *
 * - `<script type="application/json" id="forger">`: {@linkcode PageData};
 * - `<script type="text/plain" id="worker">`, and likewise `wasm` and `weights`: gzip, written in base64, of the worker's script,
 *   of the .wasm file, and of the packed weights. In a folder of static files, the element is empty and has the attribute
 *   `data-file` (address of the file, relative to the page). In both cases, `data-bytes` is the number of bytes to read or fetch,
 *   for showing progress. Files in a folder are not compressed;
 * - `<main id="page">`, which is empty: the page's script fills it.
 * @module */
import type { Use } from "../systems/system.ts";
import type { PackedModel, Precision } from "./protocol.ts";

/** Ids of the elements with the page's parts. */
export const PAGE_PARTS = { data: "forger", worker: "worker", wasm: "wasm", weights: "weights", page: "page" } as const;

/** A class of a label map, or one of the few colours in which inputs are drawn. */
export interface PageColour {
  name: string;
  /** Red, green and blue, from 0 to 255. */
  colour: [red: number, green: number, blue: number];
}

/** How images of one side of a model become numbers. */
export interface PageSide {
  /** Number of channels of the network. */
  channels: number;
  /** - colours: value = byte / 127.5 - 1 for each channel; 1 channel is grey, 4 channels are RGBA;
   * - numbers: the same, but the values are no colours, so that no colour is computed from them;
   * - classes: one plane per class of the palette, in its order: 1 where a pixel belongs to the class, -1 elsewhere. */
  meaning: "classes" | "numbers" | "colours";
  /** For label maps, given as classes or drawn in colours: the classes. Examples of the side contain only these colours. */
  palette?: PageColour[];
}

/** An image that was held back from training. Both images are PNG files as data URLs; label maps are drawn in their palette. */
export interface PageExample {
  name: string;
  input?: string;
  /** The true output. */
  truth?: string;
  /** Whether the input belongs to the second domain: an input of `back` (CycleGAN). */
  back?: boolean;
}

/** A choice of one word in a sentence. */
export interface PageChoice {
  /** What is chosen: "colour". */
  name: string;
  /** The words, and the elements of the condition that each of them sets to 1. */
  words: { text: string; sets: number[] }[];
}

/** The sentences that a model understands. The condition of a sentence has `size` elements: 1 where a chosen word sets it to 1,
 * 0 elsewhere. */
export interface PageCaptions {
  /** The parts of the sentence in their order: text that is always the same, or a choice. */
  parts: (string | PageChoice)[];
  size: number;
}

/** Directions in the space of latent codes: `code + t * scales[i] * axes[i]` changes the image, most of all for i = 0. A useful
 * range for t is -3 to 3. */
export interface PageDirections {
  /** The mean code, from which a page can start. */
  mean: number[];
  /** Orthogonal unit vectors, with the largest response of the generator first. */
  axes: number[][];
  /** Standard deviation of the codes along each axis. */
  scales: number[];
}

/** The model card: what the model is, for those who use the page. */
export interface PageCard {
  /** One sentence about what the model was trained on. */
  trained: string;
  /** Command that trained the model. */
  command?: string;
  /** Name of the data set. */
  data?: string;
  /** Licence or terms of the data set, if Forger knows them. */
  licence?: string;
  steps?: number;
  /** Results of an evaluation, keyed by the name of the metric. */
  metrics?: Record<string, number>;
  /** What the model should not be used for, and what it cannot do. */
  limits: string;
  /** Precision of the weights, and what it costs, in a sentence. */
  weights: string;
}

/** Everything that a page knows about its model, except for the weights. */
export interface PageData {
  /** Kind, settings and the positions of the weights: what `Client.start` needs. */
  model: PackedModel;
  /** Precision of the large weights. */
  precision: Precision;
  /** Name of the model: "facades". */
  title: string;
  /** Name of its system: "pix2pix". */
  systemTitle: string;
  /** What the system can do. */
  uses: readonly Use[];
  /** Size of the images; 0 for a GAN of points. */
  size: { height: number; width: number };
  /** Sides of a model that translates, `output` of one that generates images, `input` of one that classifies. */
  input?: PageSide;
  output?: PageSide;
  /** The way back of a CycleGAN. */
  back?: { input: PageSide; output: PageSide };
  /** Names of the classes, ordered by class index. */
  labels?: string[];
  captions?: PageCaptions;
  examples: PageExample[];
  directions?: PageDirections;
  card: PageCard;
  /** TypeScript that uses the model from Deno. */
  snippet: string;
}
