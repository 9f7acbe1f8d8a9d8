/** One function to show anything: in a notebook as an output, in a terminal as a line, into a file where one is named.
 * @module */
import type { Image } from "../data/image_bytes.ts";
import type { TrainEvent } from "../events.ts";
import { figureOutput, pngOutput } from "./bundle.ts";
import { altText, type Figure } from "./figure.ts";
import { notebook, type Outlet } from "./jupyter.ts";
import { live } from "./live.ts";
import type { View } from "./notebook_view.ts";
import { asPng, encodePng, isPng, type Png } from "./png.ts";
import { toPng, toSvg } from "./still.ts";

/** What can be shown. */
export type Showable = Figure | Png | Image;

/** Where to. */
export interface ShowOptions {
  /** Writes it to this file too: .png, or .svg for a figure. */
  file?: string;
  /** Default: the notebook that this program is the kernel of, if it is. */
  outlet?: Outlet;
  /** Prints a line in a terminal. Default `console.log`. */
  print?: (line: string) => void;
}

/** Shows a figure, a grid, a picture, or what happens in a training.
 *
 * Events of one training share a view that updates in place; a training that starts again gets a new one. In a loop without `await` the
 * last drawing may come after the loop; `await show(event)` waits for it, and so does a cell that ends with the loop.
 * @throws {TypeError} if it is nothing of that kind, or the file's name ends in something else.
 * @throws {Error} if a figure cannot be drawn. */
export function show(thing: Showable | TrainEvent | Promise<Showable>, options: ShowOptions = {}): Promise<void> {
  const shown = thing instanceof Promise ? thing.then((made) => showThing(made, options)) : showThing(thing, options);
  // A cell whose last value is this promise would print it. This lets the kernel wait for it instead, and print nothing. The pause lets
  // the messages out before the cell counts as done.
  return Object.defineProperty(shown, Symbol.for("Jupyter.display"), {
    value: async () => {
      await shown;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return {};
    },
  });
}

async function showThing(thing: Showable | TrainEvent, options: ShowOptions): Promise<void> {
  if (isEvent(thing)) return await viewOf(thing, options).show(thing);
  const outlet = options.outlet ?? notebook();
  if (isPicture(thing)) thing = await pictureAsPng(thing);
  if (isPng(thing)) {
    if (options.file) await Deno.writeFile(checkedFile(options.file, ["png"]), thing.png);
    if (outlet) return await outlet.display(pngOutput(thing));
  } else if (isFigure(thing)) {
    if (options.file) await writeFigure(thing, checkedFile(options.file, ["png", "svg"]));
    if (outlet) return await outlet.display(await figureOutput(thing));
  } else {
    throw new TypeError(
      `Cannot show ${
        thing === null ? "null" : `a ${typeof thing}`
      }: wanted a figure, a grid, a picture or an event; for tensors use imageGrid`,
    );
  }
  const name = isPng(thing) ? thing.alt : altText(thing);
  (options.print ?? console.log)(
    options.file ? `${name} (in ${options.file})` : `${name} (give { file: "name.png" } to keep it)`,
  );
}

async function writeFigure(figure: Figure, file: string): Promise<void> {
  if (file.toLowerCase().endsWith(".svg")) await Deno.writeTextFile(file, await toSvg(figure));
  else await Deno.writeFile(file, (await toPng(figure)).png);
}

async function pictureAsPng(picture: Image): Promise<Png> {
  const { width, height } = picture;
  return asPng({ png: await encodePng(picture), width, height, alt: `Picture, ${width} × ${height} pixels` });
}

function checkedFile(file: string, kinds: string[]): string {
  if (!kinds.some((kind) => file.toLowerCase().endsWith(`.${kind}`))) {
    throw new TypeError(`Cannot write ${file}: its name must end in ${kinds.map((kind) => `.${kind}`).join(" or ")}; rename it`);
  }
  return file;
}

/** The view of the training whose events come now. */
let current: { view: View; outlet: Outlet | undefined } | undefined;

/** An earlier step, or a step after the end, is of another training; so is one that goes elsewhere. */
function viewOf(event: TrainEvent, options: ShowOptions): View {
  const over = !current || current.outlet !== options.outlet || event.step < current.view.lastStep ||
    (event.type === "step" && current.view.finished);
  if (over) current = { view: live(options), outlet: options.outlet };
  return current!.view;
}

function isEvent(thing: unknown): thing is TrainEvent {
  return typeof (thing as TrainEvent | null)?.type === "string" && typeof (thing as TrainEvent).step === "number";
}

function isPicture(thing: unknown): thing is Image {
  const { data, height, width, channels } = (thing ?? {}) as Partial<Image>;
  return data instanceof Uint8Array && [height, width, channels].every((value) => typeof value === "number");
}

function isFigure(thing: unknown): thing is Figure {
  return Array.isArray((thing as Figure | null)?.data) && typeof (thing as Figure).layout === "object";
}
