/** The shelf in the view of a GAN, which holds the images that the user keeps.
 * @module */
import { type Code, nextLetter } from "../codes.ts";
import { button, canvas, element, figure } from "../dom.ts";
import { integerIn, listIn, recordIn, textIn } from "../link_values.ts";
import type { Kept, Latent } from "./latent.ts";

/** Maximum number of kept images. */
const MOST = 24;
/** Maximum length of an image's name in a link. */
const LONGEST_NAME = 80;
/** Number of decimals of a code in a link. */
const DECIMALS = 4;

/** The shelf with the images that the user keeps. */
export class Shelf {
  readonly root: HTMLElement;
  readonly #latent: Latent;
  readonly #choose: (code: Code) => void;
  readonly #list = element("ul", { class: "shelf" });
  readonly #hint = element(
    "p",
    { class: "hint" },
    "Images that you keep appear here. Walk between them, or calculate with their codes.",
  );

  /** @param shared State in the link.
   * @param choose Called with the code of the image that the user wants to enlarge. */
  constructor(latent: Latent, shared: Record<string, unknown>, choose: (code: Code) => void) {
    [this.#latent, this.#choose] = [latent, choose];
    latent.kept = listIn(shared["kept"], MOST).map((value) => this.#read(value)).filter((kept) => kept !== undefined);
    latent.kept = latent.kept.filter(({ letter }, i, all) => all.findIndex((other) => other.letter === letter) === i);
    this.root = element(
      "section",
      { "aria-label": "Kept images" },
      element("h2", { tabindex: -1 }, "Kept images"),
      this.#hint,
      this.#list,
    );
    this.#show();
  }

  /** Reads a kept image from a link. */
  #read(value: unknown): Kept | undefined {
    const { letter, name, noise, label } = recordIn(value);
    const { dimensions, labels } = this.#latent;
    const numbers = listIn(noise, dimensions).filter((number): number is number => Number.isFinite(number));
    if (numbers.length !== dimensions || !/^[A-Z]\d{0,3}$/.test(textIn(letter, 4))) return undefined;
    const code: Code = { name: textIn(name, LONGEST_NAME), noise: Float32Array.from(numbers) };
    if (labels.length > 0) code.label = integerIn(label, 0, labels.length - 1) ?? 0;
    return { letter: letter as string, code };
  }

  /** Adds an image. */
  add(code: Code): void {
    const { kept, page } = this.#latent;
    if (kept.length >= MOST) return page.say(`${MOST} kept images are the maximum; remove one to keep another`);
    const letter = nextLetter(kept.map(({ letter }) => letter));
    kept.push({ letter, code });
    this.#changed(`Kept as ${letter}: ${code.name}`);
  }

  #remove(kept: Kept): void {
    this.#latent.kept = this.#latent.kept.filter((other) => other !== kept);
    this.#changed(`Removed ${kept.letter}`);
    (this.#list.querySelector<HTMLElement>("button") ?? this.root.querySelector("h2")!).focus();
  }

  #changed(text: string): void {
    this.#show();
    this.#latent.changed();
    this.#latent.page.say(text);
  }

  #show(): void {
    const { kept, page } = this.#latent;
    this.#hint.hidden = kept.length > 0;
    const canvases = kept.map(({ code }) => canvas(page.data.size, code.name));
    this.#list.replaceChildren(...kept.map((each, i) => {
      const { letter, code } = each;
      const view = button("Show", () => this.#choose(code), { "aria-label": `Show ${letter}` });
      const remove = button("Remove", () => this.#remove(each), { "aria-label": `Remove ${letter}` });
      return element(
        "li",
        {},
        figure(`${letter}: ${code.name}`, canvases[i]!),
        element("div", { class: "choices" }, view, remove),
      );
    }));
    this.#latent.paint(kept.map(({ code }) => code), canvases).catch((error) => page.fail(error));
  }

  /** The state for a link. */
  state(): object {
    const { kept } = this.#latent;
    if (kept.length === 0) return {};
    return {
      kept: kept.map(({ letter, code: { name, noise, label } }) => ({
        ...{ letter, name, noise: [...noise].map((value) => Number(value.toFixed(DECIMALS))) },
        ...label !== undefined && { label },
      })),
    };
  }
}
