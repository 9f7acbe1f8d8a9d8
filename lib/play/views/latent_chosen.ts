/** The chosen image in the view of a GAN, with sliders that move its code along the principal directions.
 * @module */
import { lastWish } from "../client.ts";
import { type Code, moved } from "../codes.ts";
import { button, canvas, element, figure, slider } from "../dom.ts";
import { listIn, numberIn } from "../link_values.ts";
import type { Latent } from "./latent.ts";

/** Maximum distance along a direction, in standard deviations. */
const FAR = 3;
/** Number of directions that are always shown. */
const FIRST = 5;

/** The chosen image and its controls. */
export class Chosen {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #latent: Latent;
  #base: Code | undefined;
  readonly #amounts: number[];
  readonly #sliders: { input: HTMLInputElement; value: HTMLOutputElement }[] = [];
  readonly #caption: HTMLElement;
  readonly #show = lastWish((code: Code) => this.#latent.paint([code], [this.canvas]));

  /** @param shared State in the link.
   * @param keep Called with the code that the user wants to keep. */
  constructor(latent: Latent, shared: Record<string, unknown>, keep: (code: Code) => void) {
    this.#latent = latent;
    const { axes = [] } = latent.page.data.directions ?? {};
    const amounts = listIn(shared["moves"], axes.length).map((amount) => numberIn(amount, -FAR, FAR) ?? 0);
    this.#amounts = axes.map((_, i) => amounts[i] ?? 0);
    this.canvas = canvas(latent.page.data.size, "The chosen image");
    const shown = figure("", this.canvas);
    this.#caption = shown.querySelector("figcaption")!;
    const keeps = button("Keep this image", () => this.code && keep(this.code));
    this.root = element(
      "section",
      { class: "chosen", "aria-label": "The chosen image" },
      shown,
      element("div", { class: "choices" }, keeps),
      ...axes.length > 0 ? [this.#directions()] : [],
    );
  }

  #directions(): HTMLElement {
    const labels = this.#amounts.map((amount, i) => {
      const { label, input } = slider(`Direction ${i + 1}`, { min: -FAR, max: FAR, step: 0.1, value: amount }, (value) => {
        this.#amounts[i] = value;
        this.#update();
      });
      const value = element("output");
      label.append(value);
      this.#sliders.push({ input, value });
      return label;
    });
    const more = labels.slice(FIRST);
    const reset = button("Reset directions", () => {
      this.#amounts.fill(0);
      this.#update();
    });
    return element(
      "div",
      { class: "directions", role: "group", "aria-label": "Directions" },
      element("p", { class: "hint" }, "Directions in the latent space that change the image most, in standard deviations."),
      ...labels.slice(0, FIRST),
      ...more.length > 0 ? [element("details", {}, element("summary", {}, "More directions"), ...more)] : [],
      reset,
    );
  }

  /** Shows another image.
   * @param stay Whether the sliders keep their positions. */
  choose(code: Code, stay: boolean): void {
    this.#base = code;
    if (!stay) this.#amounts.fill(0);
    this.#update();
  }

  /** The code of the image after the moves along the directions. */
  get code(): Code | undefined {
    const [base, amounts, { directions }] = [this.#base, this.#amounts, this.#latent.page.data];
    if (!base || !directions || amounts.every((amount) => amount === 0)) return base;
    return { ...base, name: `${base.name}, edited`, noise: moved(base.noise, directions, amounts) };
  }

  #update(): void {
    const { code } = this;
    this.#sliders.forEach(({ input, value }, i) => {
      input.valueAsNumber = this.#amounts[i]!;
      value.textContent = this.#amounts[i]!.toFixed(1);
    });
    if (!code) return;
    this.#caption.textContent = code.name;
    this.#show(code).catch((error) => this.#latent.page.fail(error));
  }

  /** The state for a link. */
  state(): object {
    const [letter, moves] = [this.#latent.letterOf(this.#base), this.#amounts.map((amount) => Number(amount.toFixed(2)))];
    return { ...letter !== undefined && { chosen: letter }, ...moves.some((amount) => amount !== 0) && { moves } };
  }
}
