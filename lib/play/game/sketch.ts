/// <reference lib="dom" />
/** Lets the user draw a distribution, with a pointer or with the keyboard.
 * @module */
import { drawSketch } from "./drawing.ts";
import { PLANE } from "./settings.ts";

/** Distance by which an arrow key moves the cross, in units of the plane. */
const KEY_STEP = 0.15;
/** Minimum distance between two points of a stroke. */
const FINENESS = 0.04;

/** Name of the canvas for screen readers while the user draws. */
const SKETCHING = "Drawing of the real points: arrow keys move the cross, Space adds points";

const MOVES: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** A drawing of a distribution on the canvas of the plane. */
export class Sketch {
  /** The strokes; each is an array of coordinates x, y, x, y and so on. */
  strokes: number[][] = [];
  readonly #canvas: HTMLCanvasElement;
  readonly #label: string;
  #cursor: [number, number] | undefined;
  #active = false;
  /** Whether the pointer draws a stroke. */
  #isStroke = false;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#label = canvas.getAttribute("aria-label") ?? "";
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#go(event));
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Whether the user is drawing. */
  get active(): boolean {
    return this.#active;
  }

  /** Starts or ends drawing. */
  set active(active: boolean) {
    this.#active = active;
    this.#cursor = undefined;
    this.#isStroke = false;
    this.#canvas.classList.toggle("drawing", active);
    this.#canvas.tabIndex = active ? 0 : -1;
    // Screen readers pass keys to an element with the role "application", but not to an image.
    this.#canvas.setAttribute("role", active ? "application" : "img");
    this.#canvas.setAttribute("aria-label", active ? SKETCHING : this.#label);
    if (active) this.draw();
  }

  /** Draws the strokes. */
  draw(): void {
    drawSketch(this.#canvas, this.strokes, this.#cursor);
  }

  /** Removes the last stroke. If the pointer is still drawing it, the stroke ends. */
  undo(): void {
    this.#isStroke = false;
    this.strokes = this.strokes.slice(0, -1);
    this.draw();
  }

  /** Removes all strokes. */
  clear(): void {
    this.#isStroke = false;
    this.strokes = [];
    this.draw();
  }

  #at({ offsetX, offsetY }: PointerEvent): [number, number] {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    return [PLANE * (2 * offsetX / width - 1), PLANE * (1 - 2 * offsetY / height)];
  }

  #begin(event: PointerEvent): void {
    if (!this.#active || event.button !== 0) return;
    event.preventDefault();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#cursor = undefined;
    this.#isStroke = true;
    this.#add(this.#at(event), true);
  }

  #go(event: PointerEvent): void {
    if (!this.#isStroke || !this.#canvas.hasPointerCapture(event.pointerId)) return;
    const [x, y] = this.#at(event);
    const [lastX, lastY] = this.strokes.at(-1)!.slice(-2) as [number, number];
    if (Math.hypot(x - lastX, y - lastY) >= FINENESS) this.#add([x, y], false);
  }

  #add([x, y]: [number, number], isNew: boolean): void {
    const limit = (value: number) => Math.round(100 * Math.min(PLANE, Math.max(-PLANE, value))) / 100;
    const last = isNew ? [] : this.strokes.at(-1)!;
    this.strokes = [...this.strokes.slice(0, isNew ? undefined : -1), [...last, limit(x), limit(y)]];
    this.draw();
  }

  #key(event: KeyboardEvent): void {
    if (!this.#active) return;
    const move = MOVES[event.key];
    const [x, y] = this.#cursor ?? [0, 0];
    const limit = (value: number) => Math.min(PLANE, Math.max(-PLANE, value));
    if (move) this.#cursor = this.#cursor ? [limit(x + move[0] * KEY_STEP), limit(y + move[1] * KEY_STEP)] : [0, 0];
    else if (event.key === " ") {
      this.#isStroke = false;
      this.#add([x, y], true);
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
    else return;
    event.preventDefault();
    this.draw();
  }
}
