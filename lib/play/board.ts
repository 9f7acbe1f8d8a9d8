/** The drawing board of a page: a canvas to draw on in the colours of a palette, with tools, undo and keyboard shortcuts.
 * @module */
import { button, canvas, choices, element, slider } from "./dom.ts";
import { Drawing, type Point, type Tool, TOOLS } from "./drawing.ts";
import type { PageColour } from "./page_data.ts";
import { painted, show } from "./pixels.ts";

/** Options of a drawing board. */
export interface BoardOptions {
  palette: readonly PageColour[];
  size: { height: number; width: number };
  /** Class of an empty drawing. */
  background: number;
  /** Initial width of the pen, in pixels. Default: 1/24 of the width. */
  pen?: number;
  /** Called after each change. */
  change: () => void;
}

/** Keyboard shortcuts of the tools. */
const TOOL_KEYS: Record<string, Tool> = { p: "pen", r: "rectangle", f: "fill", e: "eraser" };
const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** A drawing board. */
export class Board {
  /** The canvas with the marker of the keyboard pen, and the tools. */
  readonly parts: [stage: HTMLElement, tools: HTMLElement];
  readonly canvas: HTMLCanvasElement;
  readonly drawing: Drawing;
  readonly #options: BoardOptions;
  #tool: Tool = "pen";
  #colour: number;
  #size: number;
  /** Position of the keyboard pen, and whether it is down. */
  #cursor: Point & { pressed: boolean };
  readonly #mark = element("div", { class: "cursor", hidden: true });
  #presses!: { tool: (tool: Tool) => void; colour: (n: number) => void; size: HTMLInputElement; undo: HTMLButtonElement[] };

  constructor(options: BoardOptions) {
    const { size, palette, background } = options;
    this.#options = options;
    this.drawing = new Drawing(size, background);
    this.#colour = palette.length > 1 ? Number(background === 0) : 0;
    this.#size = options.pen ?? Math.max(1, Math.round(size.width / 24));
    this.#cursor = { x: size.width >> 1, y: size.height >> 1, pressed: false };
    this.canvas = canvas(size);
    this.canvas.tabIndex = 0;
    this.canvas.classList.add("drawn");
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute(
      "aria-label",
      "Drawing board. The arrow keys move the pen, Space lowers or lifts it, and the number keys choose a colour.",
    );
    const stage = element("div", { class: "stage" }, this.canvas, this.#mark);
    this.parts = [stage, this.#tools()];
    this.#listen();
    this.#shown();
  }

  /** The class of each pixel. */
  get numbers(): Uint8Array {
    return this.drawing.pixels;
  }

  /** Replaces the drawing, as one step that can be undone. */
  replace(numbers: Uint8Array): void {
    this.drawing.replace(numbers);
    this.#changed();
  }

  #changed(): void {
    this.#shown();
    this.#options.change();
  }

  #shown(): void {
    const { pixels, height, width, can } = this.drawing;
    show(painted(pixels, this.#options.palette, height, width), this.canvas);
    const [undo, redo] = this.#presses.undo as [HTMLButtonElement, HTMLButtonElement];
    [undo.disabled, redo.disabled] = [!can.undo, !can.redo];
  }

  #tools(): HTMLElement {
    const { palette, size } = this.#options;
    const most = Math.max(2, Math.round(Math.min(size.height, size.width) / 4));
    const tools = choices("Tool", TOOLS, this.#tool, (tool) => this.#tool = tool);
    const colours = choices(
      "Colour",
      Object.fromEntries(palette.map(({ name }, i) => [`${i}`, name])),
      `${this.#colour}`,
      (n) => this.#colour = Number(n),
    );
    colours.group.classList.add("palette");
    [...colours.group.children].forEach((made, i) => {
      made.prepend(element("span", { class: "swatch", style: `background: rgb(${palette[i]!.colour.join(" ")})` }));
    });
    const pen = slider("Size", { min: 1, max: most, step: 1, value: this.#size }, (value) => this.#size = value);
    const undo = button("Undo", () => this.#undo("undo"), { title: "Ctrl+Z", "aria-keyshortcuts": "Control+Z" });
    const redo = button("Redo", () => this.#undo("redo"), { title: "Ctrl+Shift+Z", "aria-keyshortcuts": "Control+Shift+Z" });
    this.#presses = { tool: tools.press, colour: (n) => colours.press(`${n}`), size: pen.input, undo: [undo, redo] };
    const clear = button("Clear", () => {
      this.drawing.clear();
      this.#changed();
    });
    const steps = element("div", { class: "choices", role: "group", "aria-label": "Steps" }, undo, redo, clear);
    return element("div", { class: "tools" }, colours.group, tools.group, pen.label, steps);
  }

  #undo(which: "undo" | "redo"): void {
    this.drawing[which]();
    this.#changed();
  }

  #listen(): void {
    const { canvas } = this;
    const stroke = (event: PointerEvent) => {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length > 0 ? events : [event]) {
        this.drawing.move(this.#tool, this.#place(each), this.#colour, this.#size);
      }
      this.#changed();
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault(); // keeps the browser from selecting text
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      this.#mark.hidden = true;
      this.drawing.press(this.#tool, this.#place(event), this.#colour, this.#size);
      this.#changed();
    });
    canvas.addEventListener("pointermove", (event) => canvas.hasPointerCapture(event.pointerId) && stroke(event));
    canvas.addEventListener("pointerup", () => this.#end("release"));
    canvas.addEventListener("pointercancel", () => this.#end("cancel"));
    canvas.addEventListener("keydown", (event) => this.#draw(event));
    canvas.addEventListener("blur", () => {
      this.#mark.hidden = true;
      if (this.#cursor.pressed) this.#end("release");
    });
    document.addEventListener("keydown", (event) => this.#shortcut(event));
  }

  #end(how: "release" | "cancel"): void {
    this.#cursor.pressed = false;
    this.drawing[how]();
    this.#changed();
  }

  #place({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { drawing } = this;
    return {
      x: Math.floor((clientX - left) / width * drawing.width),
      y: Math.floor((clientY - top) / height * drawing.height),
    };
  }

  /** Drawing with the keyboard. */
  #draw(event: KeyboardEvent): void {
    const [cursor, { drawing }] = [this.#cursor, this];
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !arrow && event.key !== " " && event.key !== "Escape") return;
    event.preventDefault(); // keeps the page from scrolling
    if (event.key === "Escape") return this.#end("cancel");
    if (arrow) {
      const step = event.shiftKey ? 8 : 1;
      cursor.x = Math.min(drawing.width - 1, Math.max(0, cursor.x + arrow.x * step));
      cursor.y = Math.min(drawing.height - 1, Math.max(0, cursor.y + arrow.y * step));
      if (cursor.pressed) drawing.move(this.#tool, { ...cursor }, this.#colour, this.#size);
    } else if (cursor.pressed || this.#tool === "fill") {
      if (!cursor.pressed) drawing.press("fill", { ...cursor }, this.#colour, this.#size);
      drawing.release();
      cursor.pressed = false;
    } else {
      drawing.press(this.#tool, { ...cursor }, this.#colour, this.#size);
      cursor.pressed = true;
    }
    this.#showCursor();
    this.#changed();
  }

  #showCursor(): void {
    const { x, y, pressed } = this.#cursor;
    const { width, height } = this.drawing;
    Object.assign(this.#mark.style, { left: `${(x + 0.5) / width * 100}%`, top: `${(y + 0.5) / height * 100}%` });
    this.#mark.classList.toggle("pressed", pressed);
    this.#mark.hidden = false;
  }

  /** Shortcuts that work wherever the focus is: undo and redo and, without Ctrl, tools, colours and sizes. */
  #shortcut(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (!this.canvas.isConnected || this.canvas.offsetParent === null || target.matches("input[type=text], textarea, select")) {
      return;
    }
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      return this.#undo(key === "y" || event.shiftKey ? "redo" : "undo");
    }
    if (event.altKey) return;
    const [tool, colour] = [TOOL_KEYS[key], Number(key) - 1];
    if (tool) this.#presses.tool(this.#tool = tool);
    else if (key !== " " && this.#options.palette[colour]) this.#presses.colour(this.#colour = colour);
    else if (key === "[" || key === "]") {
      this.#presses.size.valueAsNumber += key === "]" ? 1 : -1; // the slider keeps it within its range
      this.#size = this.#presses.size.valueAsNumber;
    }
  }
}

/** Returns the background of a drawing: the most frequent class at the border of an example. */
export function backgroundOf(numbers: Uint8Array, { height, width }: { height: number; width: number }): number {
  const counts = new Map<number, number>();
  numbers.forEach((number, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) counts.set(number, (counts.get(number) ?? 0) + 1);
  });
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}
