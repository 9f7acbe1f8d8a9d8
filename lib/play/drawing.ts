/** A drawing in a few colours: the class of each pixel, drawing tools, and undo. The module does not depend on the page.
 * @module */

/** Tools of a drawing. The eraser draws with the class of the background. */
export const TOOLS = { pen: "Pen", rectangle: "Rectangle", fill: "Fill", eraser: "Eraser" } as const;

/** One of {@linkcode TOOLS}. */
export type Tool = keyof typeof TOOLS;

/** Position of a pixel, counted from the top left. */
export interface Point {
  x: number;
  y: number;
}

/** Maximum number of steps that can be undone. */
const MOST_STEPS = 100;

/** A drawing. A stroke lasts from the press of the pointer to its release, and is undone as a whole. */
export class Drawing {
  readonly height: number;
  readonly width: number;
  /** `height * width` zero-based classes. */
  pixels: Uint8Array;
  /** Class of an empty drawing. */
  readonly background: number;
  #undone: Uint8Array[] = [];
  #done: Uint8Array[] = [];
  /** The drawing before the current stroke, and the stroke's first and last points. */
  #stroke: { before: Uint8Array; start: Point; last: Point } | undefined;

  constructor({ height, width }: { height: number; width: number }, background = 0) {
    [this.height, this.width, this.background] = [height, width, background];
    this.pixels = new Uint8Array(height * width).fill(background);
  }

  /** Whether there is a step to undo or to redo. */
  get can(): { undo: boolean; redo: boolean } {
    return { undo: this.#done.length > 0, redo: this.#undone.length > 0 };
  }

  /** Starts a stroke. */
  press(tool: Tool, at: Point, chosen: number, size: number): void {
    if (this.#stroke) this.release();
    this.#stroke = { before: this.pixels.slice(), start: at, last: at };
    if (tool === "fill") this.#fill(at, chosen);
    else this.move(tool, at, chosen, size);
  }

  /** Continues the current stroke, if there is one. */
  move(tool: Tool, at: Point, chosen: number, size: number): void {
    const stroke = this.#stroke;
    if (!stroke || tool === "fill") return;
    if (tool === "rectangle") {
      this.pixels = stroke.before.slice();
      this.#rectangle(stroke.start, at, chosen);
    } else this.#line(stroke.last, at, tool === "eraser" ? this.background : chosen, size);
    stroke.last = at;
  }

  /** Ends a stroke. A stroke that has changed nothing is not a step. */
  release(): void {
    if (!this.#stroke) return;
    const { before } = this.#stroke;
    this.#stroke = undefined;
    if (before.some((number, i) => number !== this.pixels[i])) this.#remember(before);
  }

  /** Cancels the current stroke. */
  cancel(): void {
    if (this.#stroke) this.pixels = this.#stroke.before;
    this.#stroke = undefined;
  }

  /** Replaces the whole drawing, as one step. An empty drawing without earlier steps is replaced without a step. */
  replace(pixels: Uint8Array): void {
    this.release();
    const isNew = !this.can.undo && !this.can.redo && this.pixels.every((number) => number === this.background);
    if (!isNew) this.#remember(this.pixels);
    this.pixels = pixels.slice();
  }

  /** Empties the drawing, as one step. */
  clear(): void {
    this.replace(new Uint8Array(this.pixels.length).fill(this.background));
  }

  /** Undoes a step. */
  undo(): void {
    this.#step(this.#done, this.#undone);
  }

  /** Redoes a step that was undone. */
  redo(): void {
    this.#step(this.#undone, this.#done);
  }

  #step(from: Uint8Array[], to: Uint8Array[]): void {
    this.release();
    const pixels = from.pop();
    if (!pixels) return;
    to.push(this.pixels);
    this.pixels = pixels;
  }

  #remember(before: Uint8Array): void {
    this.#done = [...this.#done, before].slice(-MOST_STEPS);
    this.#undone = [];
  }

  #set(x: number, y: number, chosen: number): void {
    if (x >= 0 && y >= 0 && x < this.width && y < this.height) this.pixels[y * this.width + x] = chosen;
  }

  #rectangle(from: Point, to: Point, chosen: number): void {
    const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
    const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) this.#set(x, y, chosen);
  }

  /** Draws a line with a round pen: a disc at each point of the line. */
  #line(from: Point, to: Point, chosen: number, size: number): void {
    const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
    for (let i = 0; i <= steps; i++) {
      this.#disc(from.x + (to.x - from.x) * i / steps, from.y + (to.y - from.y) * i / steps, chosen, size);
    }
  }

  /** Draws a disc of a given diameter. If the diameter is even, the centre is the common corner of four pixels. */
  #disc(x: number, y: number, chosen: number, size: number): void {
    const shift = size % 2 === 0 ? 0.5 : 0;
    const [column, row] = [Math.round(x), Math.round(y)];
    const reach = Math.ceil(size / 2);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        if ((dx + shift) ** 2 + (dy + shift) ** 2 <= size ** 2 / 4) this.#set(column + dx, row + dy, chosen);
      }
    }
  }

  /** Fills the connected area of one class around a point. */
  #fill({ x, y }: Point, chosen: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const { pixels, width } = this;
    const old = pixels[y * width + x]!;
    if (old === chosen) return;
    const waiting = [y * width + x];
    while (waiting.length > 0) {
      const at = waiting.pop()!;
      if (pixels[at] !== old) continue;
      pixels[at] = chosen;
      if (at % width > 0) waiting.push(at - 1);
      if (at % width < width - 1) waiting.push(at + 1);
      waiting.push(at - width, at + width); // outside the drawing, there is no class to replace
    }
  }
}
