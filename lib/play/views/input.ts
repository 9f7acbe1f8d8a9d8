/** The input of a translating model: a drawing board if the input has a palette, otherwise a photo.
 * @module */
import { backgroundOf, Board } from "../board.ts";
import { lastResult } from "../client.ts";
import { canvas, choices, element } from "../dom.ts";
import type { PageSide } from "../page_data.ts";
import { type PhotoFit, photoSources, readLabels, readPicture } from "../photo.ts";
import { classesOf, classValues, paletteOf, type Pixels, pixelsOf, show, valuesOf } from "../pixels.ts";
import type { Values } from "../protocol.ts";
import type { PageContext } from "./view.ts";

/** The controls for the input of a translation. */
export interface InputPane {
  kind: "board" | "photo";
  /** The element that shows the input, and the tools that change it. */
  stage: HTMLElement;
  tools: HTMLElement;
  canvas: HTMLCanvasElement;
  /** The input of the model, or `undefined` before the first image. */
  values(): Values | undefined;
  /** Shows an image: a file, or the data URL of an example.
   * @returns Whether it is shown. If another image is loaded in the meantime, only the last one is shown. */
  load(source: Blob | string, name?: string): Promise<boolean>;
  /** The drawing for a link, or `undefined` for a photo. */
  state(): string | undefined;
  /** Shows the drawing in a link.
   * @throws {RangeError} If the drawing does not fit the model. */
  restore(state: string): void;
}

/** Called after each change. `own` is true if the image is the user's own instead of an example. */
export type Changed = (how: { loaded: boolean; own: boolean }) => void;

/** Builds the controls for an input. */
export function inputPane(
  page: PageContext,
  side: PageSide,
  firstExample: string | undefined,
  changed: Changed,
): Promise<InputPane> {
  return side.palette || side.meaning === "classes"
    ? drawnInput(page, side, firstExample, changed)
    : Promise.resolve(photoInput(page, side, changed));
}

async function drawnInput(page: PageContext, side: PageSide, first: string | undefined, changed: Changed): Promise<InputPane> {
  const { size } = page.data;
  const palette = paletteOf(side);
  const { values } = side;
  const read = async (source: Blob | string, name?: string) => {
    // Examples are drawn in the colours of the palette.
    const numbers = values && typeof source !== "string" ? await readLabels(source, { values, palette, size }, name) : undefined;
    return numbers ?? classesOf(await readPicture(source, { size, fit: "fill", exact: true, alpha: false }, name), palette);
  };
  const background = first === undefined ? 0 : backgroundOf(await read(first), size);
  let how = { loaded: false, own: true };
  const board = new Board({ palette, size, background, change: () => changed(how) });
  const last = lastResult<Uint8Array>();
  const load = async (source: Blob | string, name?: string) => {
    const numbers = await last(read(source, name));
    if (!numbers) return false;
    how = { loaded: true, own: typeof source !== "string" };
    board.replace(numbers);
    how = { loaded: false, own: true };
    return true;
  };
  const take = (source: Blob, name: string) => load(source, name).catch(page.fail);
  const [stage, tools] = board.parts;
  tools.append(photoSources(stage, take, page.fail, { camera: false }));
  return {
    kind: "board",
    stage,
    tools,
    canvas: board.canvas,
    values: () => classValues(board.numbers, side, size.height, size.width),
    load,
    state: () => runsOf(board.numbers),
    restore: (state) => board.replace(numbersOf(state, size.height * size.width, palette.length)),
  };
}

function photoInput(page: PageContext, side: PageSide, changed: Changed): InputPane {
  const { size } = page.data;
  const shown = canvas(size, "Input");
  let values: Values | undefined;
  let current: { source: Blob | string; name: string | undefined } | undefined;
  let fit: PhotoFit = "cover";
  const last = lastResult<Pixels>();
  const load = async (source: Blob | string, name?: string) => {
    const { meaning, channels, depth } = side;
    const single = meaning === "numbers" && channels === 1;
    const options = { size, fit, exact: meaning !== "colours", alpha: channels === 4, depth, single };
    const pixels = await last(readPicture(source, options, name));
    if (!pixels) return false;
    values = valuesOf(pixels, side);
    current = { source, name };
    show(pixelsOf(values, side)[0]!, shown); // as the model receives it, for example in grey
    changed({ loaded: true, own: typeof source !== "string" });
    return true;
  };
  const stage = element("div", { class: "stage photo" }, shown);
  const take = (source: Blob, name: string) => load(source, name).catch(page.fail);
  const refit = choices<PhotoFit>("Fit", { cover: "Crop", fill: "Stretch" }, fit, (chosen) => {
    fit = chosen;
    if (current) load(current.source, current.name).catch(page.fail);
  });
  return {
    kind: "photo",
    stage,
    tools: element("div", { class: "tools" }, photoSources(stage, take, page.fail, { camera: true }), refit.group),
    canvas: shown,
    values: () => values,
    load,
    state: () => undefined,
    restore: () => {},
  };
}

/** Encodes classes as runs, such as "3x100,0x28". */
export function runsOf(numbers: Uint8Array): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last?.[0] === number) last[1]++;
    else runs.push([number, 1]);
  }
  return runs.map(([number, length]) => `${number}x${length}`).join();
}

/** Decodes runs that {@linkcode runsOf} has encoded.
 * @throws {RangeError} If the text does not encode `length` pixels with `classes` classes. */
export function numbersOf(runs: string, length: number, classes: number): Uint8Array {
  const numbers = new Uint8Array(length);
  let at = 0;
  for (const run of runs.split(",")) {
    const [number, count] = run.split("x").map(Number) as [number, number];
    if (!(number >= 0 && number < classes && count > 0 && at + count <= length)) at = NaN;
    numbers.fill(number, at, at += count);
  }
  if (at !== length) {
    throw new RangeError(
      "Cannot open the link: its drawing does not fit this model; open the link with the page that created it",
    );
  }
  return numbers;
}
