/** The latent code of a BicycleGAN: six variants to choose from, a pad and sliders, and buttons that take the code of another
 * image.
 * @module */
import { button, canvas, element, slider } from "../dom.ts";
import { readPicture } from "../photo.ts";
import { type Pixels, pixelsIn, pixelsOf, show, valuesOf } from "../pixels.ts";
import type { PageSide } from "../page_data.ts";
import type { Values } from "../protocol.ts";
import type { PageContext } from "./view.ts";

/** Number of variants that are shown. */
const VARIANTS = 6;
/** Maximum value of the pad and the sliders. */
const REACH = 3;
/** Time without changes after which the variants are computed, in milliseconds. */
const PAUSE = 200;

/** The panel for choosing a code. */
export class CodePanel {
  readonly root: HTMLElement;
  /** Row of buttons that change the code. */
  readonly buttons: HTMLElement;
  /** The current code. */
  code: number[];
  readonly #page: PageContext;
  readonly #side: PageSide;
  readonly #changed: () => void;
  /** Codes of the variants. */
  #codes: number[][] = [];
  #seed = 0;
  readonly #canvases: HTMLCanvasElement[];
  readonly #variants: HTMLButtonElement[];
  readonly #sliders: HTMLInputElement[];
  readonly #dot = element("div", { class: "dot" });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param latent Number of elements of a code.
   * @param changed Called when the user changes the code. */
  constructor(page: PageContext, side: PageSide, latent: number, changed: () => void) {
    [this.#page, this.#side, this.#changed] = [page, side, changed];
    this.code = new Array(latent).fill(0);
    this.#canvases = Array.from({ length: VARIANTS }, () => canvas(page.data.size));
    this.#variants = this.#canvases.map((shown, i) =>
      element("button", { type: "button", class: "variant", onclick: () => this.set(this.#codes[i] ?? this.code) }, shown)
    );
    const sliders = this.code.map((_, i) =>
      slider(`${i + 1}`, { min: -REACH, max: REACH, step: 0.05, value: 0 }, (value) => {
        this.set(this.code.map((old, n) => n === i ? value : old));
      })
    );
    this.#sliders = sliders.map(({ input }) => input);
    const more = button("Six new variants", () => this.seed(this.#seed + VARIANTS));
    const middle = button("Zero", () => this.set(this.code.map(() => 0)), { title: "Set all numbers to 0" });
    this.buttons = element("div", { class: "choices", role: "group", "aria-label": "Change the code" }, more, middle);
    this.root = element(
      "section",
      { class: "codes", "aria-label": "Variants" },
      element("div", { class: "variants", role: "group", "aria-label": "Six variants" }, ...this.#variants),
      this.buttons,
      element(
        "details",
        {},
        element("summary", {}, `The ${latent} numbers of the code`),
        element("div", { class: "numbers" }, this.#pad(), element("div", {}, ...sliders.map(({ label }) => label))),
      ),
    );
  }

  /** Adds buttons that take the code of another image.
   * @param truth Returns the canvas with the true output, or `undefined` if none is shown. */
  addImages(truth: () => HTMLCanvasElement | undefined): void {
    const side = this.#side;
    const options = {
      size: this.#page.data.size,
      fit: "cover",
      exact: side.meaning !== "colours",
      alpha: side.channels === 4,
      depth: side.depth,
      single: side.meaning === "numbers" && side.channels === 1,
    } as const;
    const encode = async (pixels: Promise<Pixels> | Pixels) => {
      const { data } = await this.#page.ask<Values>("encode", valuesOf(await pixels, side));
      this.set([...data]);
    };
    const take = (pixels: Promise<Pixels> | Pixels) => encode(pixels).catch(this.#page.fail);
    const input: HTMLInputElement = element("input", {
      type: "file",
      accept: "image/*",
      hidden: true,
      "aria-label": "Image whose code is used",
      onchange: () => take(readPicture(input.files![0]!, options, input.files![0]!.name)),
    });
    const ofTruth = button("Code of the true output", () => {
      const shown = truth();
      if (shown) take(pixelsIn(shown));
      else this.#page.say("Choose an example first, to show its true output");
    });
    this.buttons.append(ofTruth, button("Code of a photo …", () => input.click()), input);
  }

  /** First seed of the variants. */
  get firstSeed(): number {
    return this.#seed;
  }

  /** Draws the codes of six consecutive seeds, as `deno task translate --seed` does on TensorFlow. */
  async seed(first: number, choose = true): Promise<void> {
    const seeds = Array.from({ length: VARIANTS }, (_, i) => first + i);
    const { data, shape } = await this.#page.ask<Values>("codes", seeds);
    this.#codes = seeds.map((_, i) => [...data.subarray(i * shape[1]!, (i + 1) * shape[1]!)]);
    this.#seed = first;
    this.#variants.forEach((made, i) => made.setAttribute("aria-label", `Variant with seed ${seeds[i]}`));
    if (choose) this.set(this.#codes[0]!);
  }

  /** Sets the code. */
  set(code: readonly number[]): void {
    this.code = [...code];
    this.#sliders.forEach((input, i) => input.valueAsNumber = code[i]!);
    const place = (value: number) => `${50 + 50 * Math.max(-1, Math.min(1, value / REACH))}%`;
    Object.assign(this.#dot.style, { left: place(code[0]!), top: place(-(code[1] ?? 0)) });
    this.#variants.forEach((made, i) =>
      made.setAttribute("aria-pressed", `${this.#codes[i]?.every((value, n) => value === code[n])}`)
    );
    this.#changed();
  }

  /** The code in the form that the model expects. */
  get values(): Values {
    return { data: Float32Array.from(this.code), shape: [1, this.code.length] };
  }

  /** Translates an input with the six codes when the user pauses. */
  update(input: Values): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#translate(input).catch(this.#page.fail), PAUSE);
  }

  async #translate(input: Values): Promise<void> {
    const timer = this.#timer;
    for (const [i, code] of this.#codes.entries()) {
      const codes = { data: Float32Array.from(code), shape: [1, code.length] };
      const translated = await this.#page.ask<Values>("translate", input, { codes });
      if (timer !== this.#timer) return; // the drawing has changed
      show(pixelsOf(translated, this.#side)[0]!, this.#canvases[i]!);
    }
  }

  /** Builds a pad that sets the first two numbers of the code. */
  #pad(): HTMLElement {
    const pad: HTMLElement = element("div", {
      class: "pad",
      tabindex: 0,
      role: "application",
      "aria-label": "Pad for the first two numbers of the code; the arrow keys move the point",
    }, this.#dot);
    const move = (x: number, y: number) => {
      const clip = (value: number) => Math.max(-REACH, Math.min(REACH, value));
      this.set(this.code.map((old, i) => i === 0 ? clip(x) : i === 1 ? clip(y) : old));
    };
    const follow = ({ clientX, clientY }: PointerEvent) => {
      const { left, top, width, height } = pad.getBoundingClientRect();
      move(REACH * (2 * (clientX - left) / width - 1), -REACH * (2 * (clientY - top) / height - 1));
    };
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      follow(event);
    });
    pad.addEventListener("pointermove", (event) => pad.hasPointerCapture(event.pointerId) && follow(event));
    pad.addEventListener("keydown", (event) => {
      const steps: Record<string, [number, number]> = {
        ArrowLeft: [-0.2, 0],
        ArrowRight: [0.2, 0],
        ArrowUp: [0, 0.2],
        ArrowDown: [0, -0.2],
      };
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault(); // keeps the page from scrolling
      move(this.code[0]! + step[0], (this.code[1] ?? 0) + step[1]);
    });
    return pad;
  }
}
