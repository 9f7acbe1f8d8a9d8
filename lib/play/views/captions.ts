/** The view of a StackGAN: a sentence with words to choose, and the images of both stages.
 * @module */
import { LARGEST_SEED, STAGE_SCALE } from "../constants.ts";
import { lastWish } from "../client.ts";
import { canvas, element, figure } from "../dom.ts";
import { integerIn, listIn, recordIn } from "../link_values.ts";
import type { PageChoice, PageSide } from "../page_data.ts";
import { pixelsOf, show } from "../pixels.ts";
import type { Values } from "../protocol.ts";
import { shareBar } from "../share.ts";
import { gridCanvas, seedInput } from "./latent_grid.ts";
import type { PageContext, View } from "./view.ts";

/** Number of images per sentence. */
const IMAGES = 4;

/** Shows a StackGAN. */
export const showCaptions: View = async (page) => {
  await new CaptionsView(page).open();
};

class CaptionsView {
  readonly #page: PageContext;
  readonly #side: PageSide;
  readonly #choices: { choice: PageChoice; select: HTMLSelectElement }[] = [];
  readonly #sketches: HTMLCanvasElement[];
  readonly #images: HTMLCanvasElement[];
  #seed: number;
  readonly #generate = lastWish<void>(() => this.#show());

  constructor(page: PageContext) {
    const { output, size, model: { settings } } = page.data;
    this.#page = page;
    this.#side = output ?? { channels: Number(settings["channels"]), meaning: "colours" };
    this.#seed = integerIn(recordIn(page.shared)["seed"], 0, LARGEST_SEED) ?? 0;
    const small = { height: size.height / STAGE_SCALE, width: size.width / STAGE_SCALE };
    const all = Array.from({ length: IMAGES }, (_, i) => i + 1);
    this.#sketches = all.map((number) => canvas(small, `Sketch ${number}`));
    this.#images = all.map((number) => canvas(size, `Image ${number}`));
  }

  /** Builds the view and shows the images of the sentence in the link, or of the first sentence. */
  async open(): Promise<void> {
    const seed = seedInput(this.#seed, (seed) => {
      this.#seed = seed;
      this.#update();
    });
    const sizes = [this.#sketches[0]!, this.#images[0]!].map(({ height, width }) => `${width}x${height}`);
    const pairs = this.#images.map((image, i) =>
      element(
        "div",
        { class: "pair" },
        figure(`Stage I: sketch, ${sizes[0]}`, this.#sketches[i]!),
        figure(`Stage II: image, ${sizes[1]}`, image),
      )
    );
    this.#page.root.append(
      this.#sentence(listIn(recordIn(this.#page.shared)["words"], 16)),
      seed,
      element("p", { class: "hint" }, "With the same seed, a different word changes what it describes and hardly anything else."),
      element("div", { class: "pairs" }, ...pairs),
      shareBar(this.#page, () => [
        { name: "sketches", canvas: gridCanvas(this.#sketches, IMAGES) },
        { name: "images", canvas: gridCanvas(this.#images, IMAGES) },
      ]),
    );
    this.#page.keep(() => ({ seed: this.#seed, words: this.#choices.map(({ select }) => select.selectedIndex) }));
    await this.#generate();
  }

  /** Builds the sentence, with a list in place of each word that can be chosen. */
  #sentence(chosen: unknown[]): HTMLElement {
    const parts = this.#page.data.captions!.parts.flatMap((part): (Node | string)[] => {
      if (typeof part === "string") return [` ${part} `];
      const first = integerIn(chosen[this.#choices.length], 0, part.words.length - 1) ?? 0;
      const options = part.words.map(({ text }, i) => element("option", { value: i, selected: i === first }, text));
      const select = element("select", { "aria-label": part.name, onchange: () => this.#update() }, ...options);
      this.#choices.push({ choice: part, select });
      return [select];
    });
    return element("p", { class: "sentence", role: "group", "aria-label": "Sentence" }, ...parts);
  }

  #update(): void {
    this.#generate().catch(this.#page.fail);
  }

  async #show(): Promise<void> {
    const { size, parts } = this.#page.data.captions!;
    const condition = new Float32Array(size);
    for (const { choice, select } of this.#choices) {
      for (const one of choice.words[select.selectedIndex]!.sets) condition[one] = 1;
    }
    const conditions: Values = { data: new Float32Array(IMAGES * size), shape: [IMAGES, size] };
    for (let i = 0; i < IMAGES; i++) conditions.data.set(condition, i * size);
    const seed = this.#seed;
    const { sketches, images } = await this.#page.ask<Record<"sketches" | "images", Values>>("generateBoth", {
      conditions,
      seed,
    });
    pixelsOf(sketches, this.#side).forEach((pixels, i) => show(pixels, this.#sketches[i]!));
    pixelsOf(images, this.#side).forEach((pixels, i) => show(pixels, this.#images[i]!));
    let next = 0;
    const words = parts.map((part) =>
      typeof part === "string" ? part : part.words[this.#choices[next++]!.select.selectedIndex]!.text
    );
    this.#page.say(`${IMAGES} images of seed ${seed}: ${words.join(" ")}`);
  }
}
