/** Saving and sharing: PNG files, the clipboard, and links that hold a drawing or a seed. Nothing leaves the page without the
 * user's action.
 * @module */
import { button, canvas, contextOf, element } from "./dom.ts";
import type { PageContext } from "./views/view.ts";

/** Name of the link parameter that contains the state. */
const STATE = "s";
/** Maximum length of a state in a link, in bytes. */
const LONGEST = 2 ** 22;

/** The state that the page itself has written into its address. */
let written: string | undefined;

/** An image that can be saved. */
export interface Picture {
  /** Part of the file name, such as "input". */
  name: string;
  canvas: HTMLCanvasElement;
}

/** Encodes a state for a link as compressed JSON in URL-safe base64.
 * @returns The part of the link that begins with "#". Other parameters of the current address are kept. */
export async function packState(state: unknown): Promise<string> {
  const bytes = await through(new Blob([JSON.stringify(state)]).stream(), new CompressionStream("deflate-raw"));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const parameters = hashParameters();
  parameters.set(STATE, btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""));
  return `#${parameters}`;
}

/** Returns the parameters in the page's address after "#", which are never sent to a server. */
export function hashParameters(hash = location.hash): URLSearchParams {
  return new URLSearchParams(hash.slice(1));
}

/** Decodes the state in a link.
 * @param hash The part of the link that begins with "#".
 * @returns The state, or `undefined` if the link contains none.
 * @throws {RangeError} If the state is damaged. */
export async function unpackState(hash: string): Promise<unknown> {
  const state = hashParameters(hash).get(STATE);
  if (state === null) return undefined;
  try {
    const text = atob(state.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const json = await through(new Blob([bytes]).stream(), new DecompressionStream("deflate-raw"));
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    throw new RangeError("Cannot open the link: it is damaged or incomplete; ask for a new link");
  }
}

/** Passes bytes through a transform stream.
 * @throws {RangeError} If the output is too long: a short link may decompress to a gigabyte. */
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

/** Builds buttons that save images, copy images and create links.
 * @param pictures Returns the current images, the last of which can be copied. Several images can also be saved side by side. */
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
  const copy = button("Copy image", act(() => copyCanvas(pictures().at(-1)!.canvas, page)));
  const share = button("Copy link", act(() => copyLink(page)));
  return element("div", { class: "choices share", role: "group", "aria-label": "Save and share" }, ...saves, copy, share);
}

/** Draws images side by side on a canvas with the height of the tallest image. */
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
export async function saveCanvas(drawn: HTMLCanvasElement, name: string, page: Pick<PageContext, "say">): Promise<void> {
  const address = URL.createObjectURL(await pngOf(drawn));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000); // the browser may still be asking where to save the file
  page.say(`Saved ${name}`);
}

async function copyCanvas(drawn: HTMLCanvasElement, page: PageContext): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": await pngOf(drawn) })]);
  } catch {
    throw new Error("Cannot copy the image: the browser does not allow it; save the image instead");
  }
  page.say("Copied the image");
}

function pngOf(drawn: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => blob ? resolve(blob) : reject(new Error("Cannot save the image: it is empty"));
    drawn.toBlob(done, "image/png");
  });
}

/** Writes the state into the address of the page and copies the address. */
async function copyLink(page: PageContext): Promise<void> {
  const state = page.state();
  if (state === undefined) return page.say("A link cannot contain photos; save the image instead");
  const hash = await packState(state);
  written = hash;
  location.replace(hash); // adds no entry to the history
  const local = location.protocol === "file:" ? ". It opens only on computers with this file at the same path" : "";
  const copied = await copyText(location.href);
  page.say(copied ? `Copied the link, which contains your work${local}` : `The link is in the address bar${local}`);
}

/** Reloads the page when the user opens another link to it. */
export function watchAddress(): void {
  addEventListener("hashchange", () => {
    if (location.hash !== written) location.reload();
  });
}

/** Copies text to the clipboard.
 * @returns Whether the browser allowed copying. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
