/** The view of models that translate images: the user's input and its output, examples with their true outputs, both directions
 * and the cycle of a CycleGAN, and the variants of a BicycleGAN.
 * @module */
import { lastWish } from "../client.ts";
import { compareSlider } from "../compare.ts";
import { canvas, checkBox, choices, element, figure } from "../dom.ts";
import { integerIn } from "../link_values.ts";
import type { PageExample, PageSide } from "../page_data.ts";
import { readPicture } from "../photo.ts";
import { pixelsOf, show } from "../pixels.ts";
import type { Values } from "../protocol.ts";
import { type Picture, shareBar } from "../share.ts";
import { CodePanel } from "./codes.ts";
import { type InputPane, inputPane } from "./input.ts";
import { seedInput } from "./latent_grid.ts";
import type { PageContext, View } from "./view.ts";

/** Direction of a translation: from the first domain to the second, or back. */
type Way = "there" | "back";

/** State in a link. */
interface Shared {
  way?: Way;
  /** The drawing, as runs of classes. */
  drawing?: string;
  /** Index of the example, if the input is an unchanged photo. */
  example?: number;
  code?: number[];
  seed?: number;
  /** Seed of the dropout masks, if dropout is on. */
  dropout?: number;
}

/** The input of one direction, and the descriptions of its images. */
interface Direction {
  sides: { input: PageSide; output: PageSide };
  pane: InputPane;
  input: HTMLElement;
  examples: PageExample[];
}

/** Maximum seed of dropout masks: the number of positions in a random stream of a seed, minus 1. */
const MOST_DROPOUT_SEED = 2 ** 22 - 1;

/** Shows a model that translates images. */
export const showTranslate: View = async (page) => {
  await new TranslateView(page).open();
};

class TranslateView {
  readonly #page: PageContext;
  readonly #directions: Partial<Record<Way, Direction>> = {};
  #way: Way = "there";
  /** Index of the example that is the input, or `undefined` for the user's own image. */
  #example: number | undefined;
  /** Drawing of the last example, or `undefined` for a photo. */
  #drawing: string | undefined;
  /** Seed of the dropout masks, or `undefined` if dropout is off. */
  #dropout: number | undefined;
  #codes: CodePanel | undefined;
  readonly #output: HTMLCanvasElement;
  readonly #cycle: HTMLCanvasElement;
  readonly #truth: HTMLCanvasElement;
  readonly #compare: ReturnType<typeof compareSlider>;
  readonly #figures: Record<"output" | "cycle" | "truth", HTMLElement>;
  readonly #stages = element("div", { class: "stages" });
  readonly #tools = element("div", { class: "tool-row" });
  readonly #examples = element("div", { class: "examples", role: "group", "aria-label": "Examples" });
  readonly #lastTranslation = lastWish<void>(() => this.#translate());

  constructor(page: PageContext) {
    const { size } = page.data;
    this.#page = page;
    this.#output = canvas(size, "Output");
    this.#cycle = canvas(size, "The output, translated back");
    this.#truth = canvas(size, "True output");
    this.#compare = compareSlider(() => this.#direction.pane.canvas, this.#output);
    this.#figures = {
      output: figure("Output", this.#compare.root),
      cycle: figure("Translated back", element("div", { class: "stage" }, this.#cycle)),
      truth: figure("True output", element("div", { class: "stage" }, this.#truth)),
    };
  }

  get #direction(): Direction {
    return this.#directions[this.#way]!;
  }

  /** Builds the view and shows the first image. */
  async open(): Promise<void> {
    const { root, data, shared: given } = this.#page;
    const shared = (typeof given === "object" && given !== null ? given : {}) as Shared;
    await this.#build("there", { input: data.input!, output: data.output! });
    if (data.back) await this.#build("back", data.back);
    if (shared.way === "back" && data.back) this.#way = "back";
    const share = shareBar(this.#page, () => this.#pictures());
    root.append(...this.#ways(), this.#stages, this.#tools, ...this.#extras(shared), this.#examples, share);
    this.#turn();
    this.#page.keep(() => this.#state());
    await this.#openCodes(shared);
    await this.#first(shared).catch(this.#page.fail);
  }

  async #build(way: Way, sides: Direction["sides"]): Promise<void> {
    const examples = this.#page.data.examples.filter(({ back = false }) => back === (way === "back"));
    const pane = await inputPane(this.#page, sides.input, examples[0]?.input, (how) => {
      if (how.loaded && how.own) this.#showTruth(undefined);
      this.#nameTruth();
      this.#update();
    });
    this.#directions[way] = { sides, pane, input: figure("Input", pane.stage), examples };
  }

  /** Says whether the true output belongs to the drawing or to the example that the user has changed. Hiding it would move the
   * board under the pen. */
  #nameTruth(): void {
    const isChanged = this.#drawing !== this.#direction.pane.state();
    this.#figures.truth.querySelector("figcaption")!.textContent = isChanged ? "True output of the example" : "True output";
  }

  /** Builds buttons for the direction, if there are two directions. */
  #ways(): HTMLElement[] {
    if (!this.#page.data.back) return [];
    const [x, y] = this.#page.data.title.match(/^(.+?)2(.+)$/)?.slice(1) ?? ["A", "B"];
    const { group } = choices<Way>("Direction", { there: `${x} → ${y}`, back: `${y} → ${x}` }, this.#way, (way) => {
      this.#way = way;
      this.#turn();
      if (this.#direction.pane.values()) this.#update();
      else this.#first({}).catch(this.#page.fail);
    });
    return [group];
  }

  /** Shows the input, the tools and the examples of the current direction. */
  #turn(): void {
    const { pane, input, examples } = this.#direction;
    const { output, cycle, truth } = this.#figures;
    this.#stages.replaceChildren(input, output, ...this.#page.data.back ? [cycle] : [], truth);
    this.#stages.classList.toggle("photos", pane.kind === "photo");
    this.#compare.root.classList.toggle("plain", pane.kind === "board");
    output.querySelector("figcaption")!.textContent = pane.kind === "board" ? "Output" : "Output: move the slider to compare";
    this.#tools.replaceChildren(pane.tools);
    const caption = examples.some(({ truth }) => truth !== undefined) ? "Held-out examples with their true outputs" : "Examples";
    this.#examples.replaceChildren(
      element("p", { class: "hint" }, caption),
      ...examples.map((example, i) => this.#exampleButton(example, i)),
    );
    this.#examples.hidden = examples.length === 0;
    this.#showTruth(undefined);
  }

  #exampleButton({ name, input, truth }: PageExample, i: number): HTMLElement {
    const images = [input, truth].filter((url) => url !== undefined).map((url) => element("img", { src: url, alt: "" }));
    const load = () => this.#load(i).catch(this.#page.fail);
    return element("button", { type: "button", class: "example", onclick: load, "aria-label": `Example ${name}` }, ...images);
  }

  async #load(i: number): Promise<void> {
    const direction = this.#direction;
    const { input, name } = direction.examples[i]!;
    if (input !== undefined && !await direction.pane.load(input, name)) return; // the user has opened another image
    if (direction !== this.#direction) return;
    this.#drawing = direction.pane.state();
    this.#nameTruth();
    await this.#showTruth(i);
  }

  /** Shows the true output of an example beside the output, or hides it. */
  async #showTruth(example: number | undefined): Promise<void> {
    this.#example = example;
    const { examples, sides } = this.#direction;
    const truth = example === undefined ? undefined : examples[example]?.truth;
    this.#figures.truth.hidden = truth === undefined;
    if (truth === undefined) return;
    const { size } = this.#page.data;
    const exact = sides.output.meaning !== "colours";
    const pixels = await readPicture(truth, { size, fit: "fill", exact, alpha: sides.output.channels === 4 });
    if (this.#example === example) show(pixels, this.#truth);
  }

  /** Builds the controls for dropout or for codes, if the model has them. */
  #extras({ dropout: given }: Shared): HTMLElement[] {
    const { uses, output, model: { settings } } = this.#page.data;
    if (uses.includes("variants")) {
      const codes = new CodePanel(this.#page, output!, Number(settings["latent"]), () => this.#update());
      codes.addImages(() => this.#figures.truth.hidden ? undefined : this.#truth);
      this.#codes = codes;
      return [codes.root];
    }
    if (!(Number(settings["dropout"] ?? 0) > 0)) return [];
    this.#dropout = integerIn(given, 0, MOST_DROPOUT_SEED);
    let seed = this.#dropout ?? 0;
    const masks = seedInput(seed, (chosen) => {
      seed = chosen;
      if (this.#dropout === undefined) return;
      this.#dropout = seed;
      this.#update();
    }, MOST_DROPOUT_SEED);
    masks.hidden = this.#dropout === undefined;
    const box = checkBox("Dropout, as in training: each seed gives a slightly different output", (checked) => {
      this.#dropout = checked ? seed : undefined;
      masks.hidden = !checked;
      this.#update();
    }, !masks.hidden);
    return [box, masks];
  }

  async #openCodes({ seed = 0, code }: Shared): Promise<void> {
    const codes = this.#codes;
    if (!codes) return;
    await codes.seed(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 30 ? seed : 0);
    if (Array.isArray(code) && code.length === codes.code.length && code.every(Number.isFinite)) codes.set(code);
  }

  /** Shows the input in the link, or else the first example. */
  async #first({ drawing, example = 0 }: Shared): Promise<void> {
    const { pane, examples } = this.#direction;
    if (typeof drawing === "string" && pane.kind === "board") pane.restore(drawing);
    else if (examples[example]?.input !== undefined) await this.#load(example);
    else if (pane.kind === "board") this.#update();
    else this.#page.say("Ready: choose, drop or paste an image");
  }

  #state(): Shared | undefined {
    const { pane } = this.#direction;
    const codes = this.#codes && { code: this.#codes.code, seed: this.#codes.firstSeed };
    const drawing = pane.state();
    const dropout = this.#dropout === undefined ? {} : { dropout: this.#dropout };
    if (drawing !== undefined) return { way: this.#way, drawing, ...codes, ...dropout };
    return this.#example === undefined ? undefined : { way: this.#way, example: this.#example, ...codes, ...dropout };
  }

  #pictures(): Picture[] {
    const cycle = this.#page.data.back ? [{ name: "cycle", canvas: this.#cycle }] : [];
    return [{ name: "input", canvas: this.#direction.pane.canvas }, { name: "output", canvas: this.#output }, ...cycle];
  }

  /** Translates the current input, unless another change follows. */
  #update(): void {
    this.#lastTranslation().catch(this.#page.fail);
  }

  async #translate(): Promise<void> {
    const { pane, sides } = this.#direction;
    const [way, input, codes] = [this.#way, pane.values(), this.#codes];
    if (!input) return;
    const dropout = this.#dropout === undefined ? { dropout: false } : { dropout: true, dropoutSeed: this.#dropout };
    const ask = (values: Values, direction: string) =>
      this.#page.ask<Values>("translate", values, { direction, ...dropout, ...codes && { codes: codes.values } });
    const output = await ask(input, way === "there" ? "xToY" : "yToX");
    if (way !== this.#way) return;
    show(pixelsOf(output, sides.output)[0]!, this.#output);
    this.#compare.update();
    codes?.update(input);
    if (!this.#page.data.back) return;
    const again = await ask(output, way === "there" ? "yToX" : "xToY");
    if (way === this.#way) show(pixelsOf(again, sides.input)[0]!, this.#cycle);
  }
}
