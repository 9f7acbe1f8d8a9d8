/** Reads the parts that a page carries: the worker's script, the .wasm file and the weights.
 * @module */
import { element } from "./dom.ts";
import { PAGE_PARTS, type PageData } from "./page_data.ts";

/** Names of the parts that are read. */
export type PartName = "worker" | "wasm" | "weights";

/** Called with the number of bytes that have been read, and the number of all bytes. */
export type Progress = (read: number, all: number) => void;

const NAMES: readonly PartName[] = ["worker", "wasm", "weights"];
/** Number of base64 digits that are decoded at once; a multiple of 4. */
const SLICE = 2 ** 20;
/** How often the page looks how much of itself has arrived, in milliseconds. */
const LOOK = 100;

/** Reads what the page knows of its model.
 * @throws {Error} If the page does not hold it. */
export function readData(): PageData {
  try {
    return JSON.parse(document.getElementById(PAGE_PARTS.data)!.textContent!);
  } catch {
    throw new Error("Cannot read the page: the description of its model is missing or damaged; export the model again");
  }
}

/** Reads all parts. May be called while the page is still arriving.
 * @throws {Error} If a part is missing or damaged. */
export async function readParts(progress: Progress): Promise<Record<PartName, Uint8Array<ArrayBuffer>>> {
  await arrival(progress);
  const read = { worker: 0, wasm: 0, weights: 0 };
  const sizes = NAMES.map((name) => Number(partOf(name).dataset["bytes"] ?? partOf(name).textContent!.length));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const parts = await Promise.all(NAMES.map((name) =>
    readPart(name, (bytes) => {
      read[name] = bytes;
      progress(read.worker + read.wasm + read.weights, all);
    })
  ));
  return Object.fromEntries(NAMES.map((name, i) => [name, parts[i]!])) as Record<PartName, Uint8Array<ArrayBuffer>>;
}

function partOf(name: PartName): HTMLElement {
  const part = document.getElementById(PAGE_PARTS[name]);
  if (!part) throw new Error(`Cannot read the page: it ends before its ${name}; load it again, or export the model again`);
  return part;
}

/** Waits until the browser has read the whole page, which takes a while over a slow network. */
async function arrival(progress: Progress): Promise<void> {
  while (document.readyState === "loading") {
    const arrived = NAMES.map((name) => document.getElementById(PAGE_PARTS[name])).filter((part) => part !== null);
    const sizes = arrived.map((part) => Number(part.dataset["bytes"] ?? 0));
    const lengths = arrived.map((part) => part.textContent!.length);
    const sum = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);
    if (arrived.length === NAMES.length && sum(lengths) > 0) progress(sum(lengths), Math.max(sum(sizes), sum(lengths)));
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

/** Reads one part: from the page, or, in a folder of static files, from its file. */
async function readPart(name: PartName, progress: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const part = partOf(name);
  const file = part.dataset["file"];
  const text = part.textContent!.trim();
  part.textContent = ""; // the text is not needed again and takes as much memory as the weights
  const stream = file === undefined ? unpacked(text, progress) : await fetched(file, progress);
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new Error(`Cannot read the ${name}: the page is damaged (${(error as Error).message}); export the model again`);
  }
}

/** Decodes base64 and gzip, piece by piece. */
function unpacked(text: string, progress: (bytes: number) => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (at >= text.length) return controller.close();
      controller.enqueue(decode(text.slice(at, at + SLICE)));
      at += SLICE;
      progress(Math.min(at, text.length));
      await new Promise((resolve) => setTimeout(resolve)); // the browser can show the progress
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
      ? "a browser opens this folder only from a server: start deno task play, or export one file"
      : "copy the whole folder to the server";
    throw new Error(
      `Cannot read ${file}: ${response ? `the server answers ${response.status}` : "it cannot be fetched"}; ${cure}`,
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

/** Address of a script in memory. */
export function scriptAddress(bytes: Uint8Array<ArrayBuffer>): string {
  return URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
}

/** Shows progress in MB and percent. */
export class ProgressLine {
  readonly root: HTMLElement = element("progress", { max: 1, value: 0, "aria-label": "Loading" });
  readonly #say: (text: string) => void;
  #percent = -1;

  /** @param say Shows a text; called at most once for each tenth, so that a screen reader can follow. */
  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Shows how much has been read. */
  show(read: number, all: number): void {
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
