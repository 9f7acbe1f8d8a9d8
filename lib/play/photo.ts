/** Reads the user's images, which are dropped, pasted, chosen or taken with the camera. The images never leave the page.
 * @module */
import { takePhoto } from "./camera.ts";
import { button, canvas, contextOf, element } from "./dom.ts";
import { pixelsIn } from "./pixels.ts";

/** How an image is fitted to the size of the model: cropped or stretched. */
export type PhotoFit = "cover" | "fill";

/** How an image becomes pixels. */
export interface PhotoOptions {
  size: { height: number; width: number };
  fit: PhotoFit;
  /** Whether the pixels are classes or numbers, which must be neither interpolated nor changed by colour profiles. */
  exact: boolean;
  /** Whether transparency is kept. Otherwise, pixels are blended with white. */
  alpha: boolean;
}

/** Reads an image.
 * @param source A file, or the data URL of an example.
 * @param name Name of the file, for the error message.
 * @throws {Error} If the browser cannot read it. */
export async function readPicture(source: Blob | string, options: PhotoOptions, name = "the image"): Promise<ImageData> {
  const blob = typeof source === "string" ? blobOf(source) : source;
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
 * @param place Element onto which images can be dropped.
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
  acceptDrops(place, takeFirst);
  document.addEventListener("paste", (event) => {
    if (place.isConnected && place.offsetParent !== null && takeFirst(event.clipboardData)) event.preventDefault();
  });
  const useCamera = async () => {
    try {
      const photo = await takePhoto();
      if (photo) take(photo, "the photo");
    } catch (error) {
      fail(error);
    }
  };
  return element(
    "div",
    { class: "choices", role: "group", "aria-label": "Image source" },
    input,
    button("Choose an image", () => input.click()),
    ...camera ? [button("Use the camera", useCamera)] : [],
    element("span", { class: "hint" }, "or drop or paste an image"),
  );
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
