/** Reads the parts of a page: the worker's script, the .wasm file and the weights.
 * @module */
import { element } from "./dom.ts";
import { PAGE_PARTS, type PageData } from "./page_data.ts";
import { afterEvents } from "./tick.ts";

/** Names of the parts that are read. */
export type PartName = "worker" | "wasm" | "weights";

/** Called with the number of bytes that have been read and the total number of bytes. */
export type Progress = (read: number, all: number) => void;

const NAMES: readonly PartName[] = ["worker", "wasm", "weights"];
/** Number of base64 characters that are decoded at once, a multiple of 4. */
const SLICE = 2 ** 20;
/** Interval at which the page checks how much of itself has arrived, in milliseconds. */
const LOOK = 20;

/** Reads the page's data about its model.
 * @throws {Error} If the data is missing or damaged. */
export function readData(): PageData {
  try {
    const data: PageData = JSON.parse(document.getElementById(PAGE_PARTS.data)!.textContent!);
    const { model: { kind, settings, networks }, title, card: { trained }, size: { height, width } } = data;
    const isWhole = [kind, title, trained].every((text) => typeof text === "string") &&
      [settings, networks].every((one) => typeof one === "object" && one !== null) &&
      [data.uses, data.examples].every(Array.isArray) && height > 0 && width > 0;
    if (isWhole) return data;
    throw new RangeError("incomplete");
  } catch {
    throw new Error("Cannot read the page: the description of its model is missing or damaged; export the model again");
  }
}

/** Reads all parts, each as soon as it has arrived, since the page may still be loading.
 * @returns The contents of the parts, keyed by name.
 * @throws {Error} If a part is missing or damaged. */
export function readParts(progress: Progress): Record<PartName, Promise<Uint8Array<ArrayBuffer>>> {
  const states: Record<PartName, { read: number; all: number }> = {
    worker: { read: 0, all: 0 },
    wasm: { read: 0, all: 0 },
    weights: { read: 0, all: 0 },
  };
  // The page says how large all parts are together, since a part is unknown until it arrives.
  const total = Number(document.getElementById(PAGE_PARTS.page)?.dataset["bytes"] ?? 0);
  const sum = (of: "read" | "all") => NAMES.reduce((sum, name) => sum + states[name][of], 0);
  const parts = NAMES.map((name) => [
    name,
    readPart(name, (read, all) => {
      states[name] = { read, all };
      progress(sum("read"), Math.max(total, sum("all")));
    }),
  ]);
  return Object.fromEntries(parts);
}

/** Waits until the browser has read the whole part, which takes time over a slow network. */
async function arrival(name: PartName, progress: (arrived: number, all: number) => void): Promise<HTMLElement> {
  for (;;) {
    const part = document.getElementById(PAGE_PARTS[name]);
    if (part?.nextElementSibling) return part;
    if (document.readyState !== "loading") break;
    if (part) progress([...part.childNodes].reduce((sum, { nodeValue }) => sum + nodeValue!.length, 0), sizeOf(part));
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  const part = document.getElementById(PAGE_PARTS[name]);
  if (!part) {
    throw new Error(`Cannot read the page: it ends before its ${name}; load it again, or export the model again`);
  }
  return part;
}

function sizeOf(part: HTMLElement): number {
  return Number(part.dataset["bytes"] ?? part.textContent!.length);
}

/** Reads one part, from the page or, in a folder of static files, from its file.
 * @param progress Called with the average of the bytes read and the bytes decoded, and with the total number of bytes. */
export async function readPart(name: PartName, progress: Progress = () => {}): Promise<Uint8Array<ArrayBuffer>> {
  const part = await arrival(name, (arrived, all) => progress(arrived / 2, all));
  const file = part.dataset["file"];
  const all = sizeOf(part);
  const text = part.textContent!.trim();
  part.textContent = ""; // frees the text, which takes as much memory as the weights
  const stream = file === undefined
    ? unpacked(text, (bytes) => progress((all + bytes) / 2, all))
    : await fetched(file, (bytes) => progress(bytes, all));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer().catch(() => new ArrayBuffer()));
  if (bytes.length === 0) {
    throw new Error(`Cannot read the ${name}: the page is damaged; load it again, or export the model again`);
  }
  if (file !== undefined && !await isFile(bytes, all, file)) {
    throw new Error(`Cannot read ${file.split("?")[0]}: it is damaged or belongs to another page; copy the whole folder again`);
  }
  return bytes;
}

/** Returns whether bytes have the size of a file and, as far as the browser can compute it, the digest in its address. */
async function isFile(bytes: Uint8Array<ArrayBuffer>, size: number, address: string): Promise<boolean> {
  const { subtle } = crypto as Partial<Crypto>; // browsers have it only on safe connections
  const digest = subtle && new Uint8Array(await subtle.digest("SHA-256", bytes)).subarray(0, 8);
  const text = digest && [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length === size && (text === undefined || address.endsWith(`?${text}`));
}

/** Decodes base64 and decompresses gzip, in chunks. */
function unpacked(text: string, progress: (bytes: number) => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (at >= text.length) return controller.close();
      controller.enqueue(decode(text.slice(at, at + SLICE)));
      at += SLICE;
      progress(Math.min(at, text.length));
      await new Promise<void>(afterEvents); // lets the browser display the progress
    },
  });
  return packed.pipeThrough(new DecompressionStream("gzip"));
}

/** Decodes base64. */
function decode(text: string): Uint8Array<ArrayBuffer> {
  const array = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  return array.fromBase64 ? array.fromBase64(text) : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

async function fetched(file: string, progress: (bytes: number) => void): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const response = await fetch(new URL(file, document.baseURI)).catch(() => undefined);
  if (!response?.ok || !response.body) {
    const cure = location.protocol === "file:"
      ? "browsers open this folder only from a server; use deno task play, or export one file"
      : "copy the whole folder to the server";
    throw new Error(
      `Cannot read ${file.split("?")[0]}: ${
        response ? `the server answers ${response.status}` : "it cannot be fetched"
      }; ${cure}`,
    );
  }
  let read = 0;
  return response.body.pipeThrough(
    new TransformStream({
      transform(chunk: Uint8Array<ArrayBuffer>, controller) {
        progress(read += chunk.length);
        controller.enqueue(chunk);
      },
    }),
  );
}

/** Returns the address of a script in memory. */
export function scriptAddress(bytes: Uint8Array<ArrayBuffer>): string {
  return URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
}

/** Progress bar and text that show progress in MB and percent. */
export class ProgressLine {
  readonly root: HTMLElement = element("progress", { max: 1, value: 0, "aria-label": "Loading" });
  readonly #say: (text: string) => void;
  #percent = -1;

  /** @param say Shows text. Called at most once per 10%, so that a screen reader can keep up. */
  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Shows the progress. */
  show(read: number, all: number): void {
    if (!this.root.isConnected) return; // the page has failed
    const percent = Math.floor(100 * read / all);
    (this.root as HTMLProgressElement).value = read / all;
    if (Math.floor(percent / 10) === Math.floor(this.#percent / 10)) return;
    this.#percent = percent;
    this.#say(`Loading: ${megabytes(read)} of ${megabytes(all)} MB, ${percent}%`);
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
