/** Displays figures, images and training runs in a notebook or terminal, and writes figures and images to files.
 *
 * ```ts
 * await plot.live({ title: "pix2pix on facades", seed: 1 }).watch(model.train(pairs, { epochs: 10, seed: 1 }));
 * ```
 * To process the events in other ways as well, iterate over the events that `follow` yields:
 * ```ts
 * const view = plot.live({ seed: 1 });
 * for await (const event of view.follow(model.train(pairs, { epochs: 10, seed: 1 }))) {
 *   if (event.type === "epoch") console.log(event.seconds);
 * }
 * ```
 * @module */
import type { Image } from "../data/image_bytes.ts";
import type { TrainEvent } from "../events.ts";
import { type Drawing, drawingOutput, drawingPng, isDrawing } from "./drawing.ts";
import { displayable, notebook, type Outlet } from "./jupyter.ts";
import { LossHistory } from "./losses.ts";
import { type LiveOptions, NotebookView } from "./notebook_view.ts";
import type { Figure } from "./plotly.ts";
import {
  altText,
  displayablePng,
  encodePng,
  enlargement,
  figureOutput,
  isPng,
  type Png,
  pngOutput,
  toPng,
  toSvg,
} from "./png.ts";
import { LinesView, type View } from "./progress.ts";

/** A live view of a training run. */
export interface Live extends View {
  /** Shows each event, then yields it. The view ends when the iteration ends, even after a `break` or an error. */
  follow<Event extends TrainEvent>(events: AsyncIterable<Event>): AsyncGenerator<Event>;
  /** Shows all events.
   * @returns The losses of the run, which can be passed to {@linkcode lossFigure}. */
  watch(events: AsyncIterable<TrainEvent>): Promise<LossHistory>;
}

/** Creates a live view: in a notebook, figures that update in place; elsewhere, lines of text. */
export function live(options: LiveOptions = {}): Live {
  const outlet = options.outlet ?? notebook();
  const view: View = outlet ? new NotebookView(outlet, options) : new LinesView(options.print);
  async function* follow<Event extends TrainEvent>(events: AsyncIterable<Event>): AsyncGenerator<Event> {
    try {
      for await (const event of events) {
        await view.show(event);
        yield event;
      }
    } finally {
      await view.end();
    }
  }
  return Object.assign(view, {
    follow,
    async watch(events: AsyncIterable<TrainEvent>): Promise<LossHistory> {
      const history = new LossHistory();
      for await (const event of follow(events)) if (event.type === "step") history.add(event);
      return history;
    },
  });
}

/** A figure, a drawing, a PNG (such as an image grid) or an image. */
export type Showable = Figure | Drawing | Png | Image;

/** Options for {@linkcode show}. */
export interface ShowOptions extends Pick<LiveOptions, "outlet" | "print"> {
  /** Path of a .png file to which the value is also written. Figures and drawings can also be written to an .svg file. */
  file?: string;
}

/** Shows a figure, a drawing, an image grid, an image or a training event.
 *
 * The events of one training run share a view that updates in place; a new run gets a new view. In a loop without `await`, the
 * last redraw may finish after the loop. To wait for the last redraw, use `await show(event)`, or end the notebook cell with the
 * loop.
 * @throws {TypeError} If the value cannot be shown, or the file name has the wrong extension.
 * @throws {Error} If a figure cannot be drawn. */
export function show(value: Showable | TrainEvent | Promise<Showable>, options: ShowOptions = {}): Promise<void> {
  const shown = value instanceof Promise ? value.then((resolved) => showValue(resolved, options)) : showValue(value, options);
  // If the promise is the last value in a cell, the kernel awaits it instead of printing it.
  return displayable(shown, () => shown.then(() => undefined));
}

async function showValue(value: Showable | TrainEvent, options: ShowOptions): Promise<void> {
  if (isEvent(value)) return await viewOf(value, options).show(value);
  const outlet = options.outlet ?? notebook();
  if (isImage(value)) value = await toDisplayable(value, options.file ? 1 : undefined);
  if (isPng(value)) {
    if (options.file) await Deno.writeFile(checkedFile(options.file, [".png"]), value.png);
    if (outlet) return await outlet.display(pngOutput(value));
  } else if (isFigure(value)) {
    if (options.file) await writeFigure(value, checkedFile(options.file, [".png", ".svg"]));
    if (outlet) return await outlet.display(await figureOutput(value));
  } else if (isDrawing(value)) {
    if (options.file) await writeDrawing(value, checkedFile(options.file, [".png", ".svg"]));
    if (outlet) return await outlet.display(await drawingOutput(value));
  } else {
    const got = value === null ? "null" : `a ${typeof value}`;
    throw new TypeError(
      `Cannot show ${got}: expected a figure, a drawing, a grid, an image or an event; draw tensors with imageGrid`,
    );
  }
  const name = isFigure(value) ? altText(value) : isDrawing(value) ? value.alt.split(". ")[0]! : value.alt;
  const { file, print = console.log } = options;
  print(`${name} (${file ? `saved as ${file}` : 'pass { file: "name.png" } to save it'})`);
}

async function writeFigure(figure: Figure, file: string): Promise<void> {
  if (file.toLowerCase().endsWith(".svg")) await Deno.writeTextFile(file, await toSvg(figure));
  else await Deno.writeFile(file, (await toPng(figure)).png);
}

async function writeDrawing(drawing: Drawing, file: string): Promise<void> {
  if (file.toLowerCase().endsWith(".svg")) await Deno.writeTextFile(file, drawing.svg);
  else await Deno.writeFile(file, (await drawingPng(drawing)).png);
}

/** Converts an image to a PNG that is large enough to see its pixels. */
async function toDisplayable(image: Image, scale: number = enlargement(image.width)): Promise<Png> {
  const [width, height] = [image.width * scale, image.height * scale];
  const alt = `Image, ${image.width} × ${image.height} pixels`;
  return displayablePng({ png: await encodePng(image, scale), width, height, alt });
}

function checkedFile(file: string, extensions: string[]): string {
  if (!extensions.some((extension) => file.toLowerCase().endsWith(extension))) {
    throw new TypeError(`Cannot write ${file}: the file name must end in ${extensions.join(" or ")}; rename it`);
  }
  return file;
}

/** View of the current training run. */
let current: { view: View; outlet: Outlet | undefined } | undefined;

/** Returns the view for an event. A lower step number, a step after the last epoch, or a different `outlet` starts a new view. */
function viewOf(event: TrainEvent, options: ShowOptions): View {
  const over = !current || current.outlet !== options.outlet || event.step < current.view.lastStep ||
    (event.type === "step" && current.view.finished);
  if (over) current = { view: live(options), outlet: options.outlet };
  return current!.view;
}

function isEvent(value: unknown): value is TrainEvent {
  return typeof (value as TrainEvent | null)?.type === "string" && typeof (value as TrainEvent).step === "number";
}

function isImage(value: unknown): value is Image {
  const { data, height, width, channels } = (value ?? {}) as Partial<Image>;
  return data instanceof Uint8Array && [height, width, channels].every((value) => typeof value === "number");
}

function isFigure(value: unknown): value is Figure {
  return Array.isArray((value as Figure | null)?.data) && typeof (value as Figure).layout === "object";
}
