/** Saving and sharing: PNG files, the clipboard, and links that hold a drawing or a seed. Nothing leaves the page by itself.
 * @module */
import { button, canvas, contextOf, element } from "./dom.ts";
import type { PageContext } from "./views/view.ts";

/** Name of the part of a link that holds a state. */
const STATE = "s";
/** Maximum length of a state in a link, in bytes. */
const LONGEST = 2 ** 22;

/** Part of the address that the page itself has written. */
let written: string | undefined;

/** A picture that can be saved. */
export interface Picture {
  /** Part of the file's name: "input". */
  name: string;
  canvas: HTMLCanvasElement;
}

/** Packs a state for a link: JSON, compressed, in the base64 of URLs.
 * @returns The part of the link that begins with "#". Other parameters of the present address are kept. */
export async function packState(state: unknown): Promise<string> {
  const bytes = await through(new Blob([JSON.stringify(state)]).stream(), new CompressionStream("deflate-raw"));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const parameters = hashParameters();
  parameters.set(STATE, btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""));
  return `#${parameters}`;
}

/** Parameters in the part of the page's address that no server sees. */
export function hashParameters(hash = location.hash): URLSearchParams {
  return new URLSearchParams(hash.slice(1));
}

/** Reads the state that a link holds.
 * @param hash The part of the link that begins with "#".
 * @returns `undefined` if it holds none.
 * @throws {RangeError} If it is damaged. */
export async function unpackState(hash: string): Promise<unknown> {
  const state = hashParameters(hash).get(STATE);
  if (state === null) return undefined;
  try {
    const text = atob(state.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const json = await through(new Blob([bytes]).stream(), new DecompressionStream("deflate-raw"));
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    throw new RangeError("Cannot open the link: it is damaged or cut short; ask for it again");
  }
}

/** Sends bytes through a stream that changes them.
 * @throws {RangeError} If there are too many of them: a short link may hold a gigabyte. */
async function through(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  change: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = stream.pipeThrough(change).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    if ((size += next.value.length) > LONGEST) {
      await reader.cancel();
      throw new RangeError("too long");
    }
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Buttons that save and copy pictures and make links.
 * @param pictures The pictures as they are now; the last one is copied. Two or more can also be saved side by side. */
export function shareBar(page: PageContext, pictures: () => Picture[]): HTMLElement {
  const act = (task: () => unknown) => async () => {
    try {
      await task();
    } catch (error) {
      page.fail(error);
    }
  };
  const { title } = page.data;
  const save = (picture: Picture) => saveCanvas(picture.canvas, `${title}-${picture.name}.png`, page);
  const saves = pictures().map(({ name }) =>
    button(`Save ${name}`, act(() => save(pictures().find((picture) => picture.name === name)!)))
  );
  const all = saves.length === 2 ? "both" : "all";
  const saveAll = button(`Save ${all}`, act(() => save({ name: all, canvas: sideBySide(pictures()) })));
  if (saves.length > 1) saves.push(saveAll);
  const copy = button("Copy picture", act(() => copyCanvas(pictures().at(-1)!.canvas, page)));
  const share = button("Copy link", act(() => copyLink(page)));
  return element("div", { class: "choices share", role: "group", "aria-label": "Save and share" }, ...saves, copy, share);
}

/** Puts pictures next to each other, at the height of the highest. */
export function sideBySide(pictures: Picture[]): HTMLCanvasElement {
  const height = Math.max(...pictures.map(({ canvas }) => canvas.height));
  const width = pictures.reduce((sum, { canvas }) => sum + canvas.width, 0);
  const whole = canvas({ height, width });
  let left = 0;
  for (const { canvas } of pictures) {
    contextOf(whole).drawImage(canvas, left, 0);
    left += canvas.width;
  }
  return whole;
}

/** Saves a canvas as a PNG file. */
async function saveCanvas(drawn: HTMLCanvasElement, name: string, page: PageContext): Promise<void> {
  const address = URL.createObjectURL(await pngOf(drawn));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser may still be asking where to save it
  page.say(`Saved ${name}`);
}

async function copyCanvas(drawn: HTMLCanvasElement, page: PageContext): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": await pngOf(drawn) })]);
  } catch {
    throw new Error("Cannot copy the picture: the browser does not allow it here; save it instead");
  }
  page.say("Copied the picture");
}

function pngOf(drawn: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => blob ? resolve(blob) : reject(new Error("Cannot save the picture: it is empty"));
    drawn.toBlob(done, "image/png");
  });
}

/** Writes the state into the address of the page and copies the address. */
async function copyLink(page: PageContext): Promise<void> {
  const state = page.state();
  if (state === undefined) return page.say("A link does not hold photos: save the picture instead");
  const hash = await packState(state);
  written = hash;
  location.replace(hash); // no new entry in the history
  const local = location.protocol === "file:" ? "; it opens on computers that have this file at the same place" : "";
  const copied = await copyText(location.href);
  page.say(copied ? `Copied the link, which holds what you made${local}` : `The link is in the address bar${local}`);
}

/** Watches the address: when the user opens another link to the page that is open already, the page starts again. */
export function watchAddress(): void {
  addEventListener("hashchange", () => {
    if (location.hash !== written) location.reload();
  });
}

/** Copies text.
 * @returns Whether the browser allows it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
