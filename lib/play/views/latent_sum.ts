/** Latent arithmetic in the view of a GAN: a − b + c, for the codes of three images.
 * @module */
import { lastWish } from "../client.ts";
import { type Code, combined } from "../codes.ts";
import { button, canvas, element, figure } from "../dom.ts";
import { listIn, textIn } from "../link_values.ts";
import { CodeSelect, type Latent } from "./latent.ts";

/** The signs before the images and before the result. */
const SIGNS = ["", "−", "+", "="];

/** The controls for the arithmetic a − b + c. */
export class Sum {
  readonly root: HTMLElement;
  readonly #latent: Latent;
  readonly #terms: CodeSelect[];
  /** Canvases of a, b, c and the result. */
  readonly #canvases: HTMLCanvasElement[];
  readonly #show = lastWish((codes: Code[]) => this.#latent.paint(codes, this.#canvases));

  /** @param shared State in the link.
   * @param keep Called with the code that the user wants to keep. */
  constructor(latent: Latent, shared: Record<string, unknown>, keep: (code: Code) => void) {
    this.#latent = latent;
    const chosen = listIn(shared["sum"], 3).map((reference) => textIn(reference, 4));
    this.#terms = ["a", "b", "c"].map((name, i) => new CodeSelect(latent, name, chosen[i] || `${i + 1}`, () => this.update()));
    const names = [...this.#terms.map((_, i) => ["a", "b", "c"][i]!), "a − b + c"];
    this.#canvases = names.map((name) => canvas(latent.page.data.size, name));
    const keeps = button("Keep the result", () => this.#result && keep(this.#result));
    const captions = [...this.#terms.map(({ label }) => label), keeps];
    const items = this.#canvases.map((drawn, i) => {
      const shown = figure("", drawn);
      shown.querySelector("figcaption")!.append(captions[i]!);
      return element("div", { class: "term" }, element("span", { class: "sign", "aria-hidden": "true" }, SIGNS[i]!), shown);
    });
    this.root = element(
      "section",
      { class: "sum", "aria-label": "Arithmetic" },
      element("h2", {}, "Calculate with images"),
      element("p", { class: "hint" }, "The code of the result is a − b + c: the difference between a and b, added to c."),
      element("div", { class: "terms" }, ...items),
    );
    latent.onChange(() => this.update());
  }

  get #result(): Code | undefined {
    const [a, b, c] = this.#terms.map(({ code }) => code);
    if (!a || !b || !c) return undefined;
    const [first, second, third] = this.#terms.map(({ reference }) => reference);
    const name = `${first} − ${second} + ${third}`;
    return { ...a, name: name + this.#latent.className(a.label), noise: combined(a.noise, b.noise, c.noise) };
  }

  /** Shows the images and the result. */
  update(): void {
    const codes = [...this.#terms.map(({ code }) => code), this.#result];
    if (codes.some((code) => code === undefined)) return;
    this.#show(codes as Code[]).catch((error) => this.#latent.page.fail(error));
  }

  /** The state for a link. */
  state(): object {
    return { sum: this.#terms.map(({ reference }) => reference) };
  }
}
