/** Reads the user's images, which are dropped, pasted, chosen or taken with the camera. The images never leave the page.
 * @module */
import { takePhoto } from "./camera.ts";
import { button, canvas, contextOf, element } from "./dom.ts";
import type { PageColour } from "./page_data.ts";
import { exactPixels, labelsIn, type Pixels, pixelsIn } from "./pixels.ts";
import { nearestPixels, storedPixels } from "./png.ts";

/** How an image is fitted to the size of the model: cropped or stretched. */
export type PhotoFit = "cover" | "fill";

/** How an image becomes pixels. */
export interface PhotoOptions {
  size: { height: number; width: number };
  fit: PhotoFit;
  /** Whether the pixels are classes or numbers, which must be neither interpolated nor changed by colour profiles. */
  exact: boolean;
  /** Whether transparency is kept. Otherwise, colours are blended with white. */
  alpha: boolean;
  /** Bits per channel of the model's files. With 16, the values of a 16-bit PNG file are not rounded. Default: 8. */
  depth?: 16 | undefined;
  /** Whether each pixel is a single number. PNG files with a palette are then read as palette indices. */
  single?: boolean;
}

/** Reads an image. Numbers are read as a PNG file stores them, without regard to transparency.
 * @param source A file, or the data URL of an example.
 * @param name Name of the file, for the error message.
 * @throws {Error} If the browser cannot read it. */
export async function readPicture(source: Blob | string, options: PhotoOptions, name = "the image"): Promise<Pixels> {
  const blob = typeof source === "string" ? blobOf(source) : source;
  const stored = options.exact || options.alpha ? await storedPixels(blob) : undefined;
  if (stored && options.exact) return exactPixels(stored, options);
  const { height, width } = options.size;
  // A canvas stores no colour for transparent pixels. To resize images, lib/data ignores it, too.
  if (stored && !stored.profiled && stored.height === height && stored.width === width) return exactPixels(stored, options);
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(blob, options.exact ? { colorSpaceConversion: "none", premultiplyAlpha: "none" } : {});
  } catch {
    throw new Error(`Cannot read ${name}: the browser does not support this file format; choose a PNG, JPEG or WebP file`);
  }
  const pixels = fitted(picture, picture, options);
  picture.close();
  return pixels;
}

/** Reads the classes of a label map whose pixels are numbers.
 * @param values The number of each class.
 * @returns The classes, or `undefined` if the pixels are colours: of the palette, or of a photo.
 * @throws {RangeError} If a number belongs to no class. */
export async function readLabels(
  blob: Blob,
  { values, palette, size }: { values: readonly number[]; palette: readonly PageColour[]; size: PhotoOptions["size"] },
  name = "the image",
): Promise<Uint8Array | undefined> {
  const stored = await storedPixels(blob);
  return stored && labelsIn(stored, nearestPixels(stored, size, "fill"), { values, palette }, name);
}

/** Fits an image, or a frame of a video, to the size of the model. */
export function fitted(
  source: CanvasImageSource,
  { height, width }: { height: number; width: number },
  { size, fit, exact, alpha }: PhotoOptions,
): ImageData {
  const drawn = canvas(size);
  const context = contextOf(drawn);
  if (!alpha) {
    context.fillStyle = "white";
    context.fillRect(0, 0, size.width, size.height);
  }
  const factor = Math.max(size.width / width, size.height / height);
  const [wide, high] = fit === "fill" ? [width, height] : [size.width / factor, size.height / factor];
  context.imageSmoothingEnabled = !exact;
  context.imageSmoothingQuality = "high";
  context.drawImage(source, (width - wide) / 2, (height - high) / 2, wide, high, 0, 0, size.width, size.height);
  return pixelsIn(drawn);
}

/** Decodes a data URL without fetching it.
 * @throws {Error} If it is not a data URL. */
function blobOf(url: string): Blob {
  const [, type, text] = url.match(/^data:([\w/+.-]+);base64,(.*)$/s) ?? [];
  if (text === undefined) throw new Error("Cannot read an example: it is not a data URL; export the model again");
  return new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))], { type: type! });
}

/** Builds the controls for choosing an image, and accepts dropped and pasted images.
 * @param place Element that marks an image that is dragged over it. An image can be dropped anywhere on the page while the
 * element is shown.
 * @param take Called with the image and its name.
 * @returns The buttons for choosing a file and for using the camera. */
export function photoSources(
  place: HTMLElement,
  take: (source: Blob, name: string) => unknown,
  fail: (error: unknown) => void,
  { camera }: { camera: boolean },
): HTMLElement {
  const takeFirst = (list: DataTransfer | null): boolean => {
    const file = [...list?.files ?? []][0];
    if (file) take(file, file.name || "the image");
    return file !== undefined;
  };
  const input: HTMLInputElement = element("input", {
    type: "file",
    accept: "image/*",
    hidden: true,
    "aria-label": "Image file",
    onchange: () => {
      const file = input.files?.[0];
      if (file) take(file, file.name);
      input.value = ""; // so that the same file can be chosen again
    },
  });
  const isShown = () => place.isConnected && place.offsetParent !== null;
  acceptDrops(place, takeFirst);
  document.addEventListener("drop", (event) => {
    if (!event.defaultPrevented && isShown() && takeFirst(event.dataTransfer)) event.preventDefault();
  });
  document.addEventListener("paste", (event) => {
    if (isShown() && takeFirst(event.clipboardData)) event.preventDefault();
  });
  return element(
    "div",
    { class: "choices", role: "group", "aria-label": "Image source" },
    input,
    button("Choose an image", () => input.click()),
    ...camera ? [cameraButton(take, fail)] : [],
    element("span", { class: "hint" }, "or drop or paste an image"),
  );
}

function cameraButton(take: (source: Blob, name: string) => unknown, fail: (error: unknown) => void): HTMLElement {
  const useCamera = async () => {
    const photo = await takePhoto();
    if (photo) take(photo, "the photo");
  };
  return button("Use the camera", () => useCamera().catch(fail));
}

/** Keeps the browser from opening dropped files in place of the page. */
export function keepPage(): void {
  const keep = (event: DragEvent) => event.dataTransfer?.types.includes("Files") && event.preventDefault();
  for (const name of ["dragover", "drop"] as const) addEventListener(name, keep);
}

function acceptDrops(place: HTMLElement, take: (list: DataTransfer | null) => boolean): void {
  const mark = (over: boolean) => place.classList.toggle("over", over);
  place.addEventListener("dragover", (event) => {
    event.preventDefault(); // allows dropping
    mark(true);
  });
  place.addEventListener("dragleave", () => mark(false));
  place.addEventListener("drop", (event) => {
    event.preventDefault(); // otherwise the browser opens the image in place of the page
    mark(false);
    take(event.dataTransfer);
  });
}
