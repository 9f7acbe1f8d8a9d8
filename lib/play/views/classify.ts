/** The view of a classifier: a drawing board or an image of the user, and the probability of each class.
 * @module */
import { Board } from "../board.ts";
import { lastResult, lastWish } from "../client.ts";
import { canvas, checkBox, element, figure } from "../dom.ts";
import { centred, greyPixels, shrunk } from "../ink.ts";
import { integerIn, recordIn, textIn } from "../link_values.ts";
import type { PageSide } from "../page_data.ts";
import { photoSources, readPicture } from "../photo.ts";
import { type Pixels, pixelsOf, show, valuesOf } from "../pixels.ts";
import type { Values } from "../protocol.ts";
import { shareBar } from "../share.ts";
import { Bars } from "./bars.ts";
import { numbersOf, runsOf } from "./input.ts";
import type { PageContext, View } from "./view.ts";

/** Size of the board in pixels, a multiple of the model's image size. */
const BOARD = 224;
/** Width of the pen in pixels of the model: the width of a stroke in MNIST. */
const PEN = 2.2;

/** Shows a classifier. */
export const showClassify: View = async (page) => {
  await new ClassifyView(page).open();
};

class ClassifyView {
  readonly #page: PageContext;
  readonly #side: PageSide;
  readonly #seen: HTMLCanvasElement;
  readonly #bars: Bars;
  /** Number of pixels of the board along each side of a pixel of the model. */
  readonly #factor: number;
  #board: Board | undefined;
  #quiet = false;
  /** Whether the ink is dark on a light background. */
  #dark = false;
  #centre = true;
  #invert = false;
  /** The image to classify, or `undefined` for the drawing. */
  #picture: Pixels | undefined;
  #example: number | undefined;
  readonly #last = lastResult<Pixels>();
  readonly #classify = lastWish<void>(() => this.#answer());

  constructor(page: PageContext) {
    const { size, input, labels, model: { settings } } = page.data;
    const { channels, classes } = settings as { channels: number; classes: number };
    this.#page = page;
    this.#side = input ?? { channels, meaning: "colours" };
    this.#seen = canvas(size, "Input of the model");
    this.#bars = new Bars(labels ?? Array.from({ length: classes }, (_, i) => `class ${i}`));
    this.#factor = Math.max(1, Math.round(BOARD / Math.max(size.height, size.width)));
  }

  /** Builds the view and restores the state in the link. */
  async open(): Promise<void> {
    const { root, data: { examples }, shared } = this.#page;
    const { drawing, example } = recordIn(shared);
    if (this.#side.channels === 1) await this.#openBoard();
    const place = element("div", { class: "classify" });
    const load = (source: Blob, name: string) => this.#load(source, name).catch(this.#page.fail);
    const sources = photoSources(place, load, this.#page.fail, { camera: true });
    const answer = element("div", { class: "answer" }, figure("Input of the model", this.#seen), this.#bars.root);
    const [stage, tools] = this.#board?.parts ?? [];
    const others = element("div", { class: "tools" }, this.#options(), sources, this.#examples());
    if (stage && tools) place.append(figure("Draw here", stage), answer, tools, others);
    else place.append(answer, others);
    root.append(place);
    root.append(shareBar(this.#page, () => [{ name: "input", canvas: this.#seen }]));
    this.#page.keep(() => this.#state());
    const number = integerIn(example, 0, examples.length - 1);
    if (this.#board && typeof drawing === "string") this.#restore(drawing);
    else if (number !== undefined || !this.#board && examples.length > 0) await this.#loadExample(number ?? 0);
    else this.#update();
  }

  get #boardSize(): { height: number; width: number } {
    const { height, width } = this.#page.data.size;
    return { height: height * this.#factor, width: width * this.#factor };
  }

  /** Builds the board: white on black, or black on white if the examples are black on white. */
  async #openBoard(): Promise<void> {
    const first = this.#page.data.examples[0]?.input;
    if (first !== undefined) this.#dark = valuesOf(await this.#read(first), this.#side).data[0]! > 0;
    const [black, white] = [0, 255].map((value): [number, number, number] => [value, value, value]) as [
      [number, number, number],
      [number, number, number],
    ];
    this.#board = new Board({
      palette: [{ name: "Background", colour: this.#dark ? white : black }, { name: "Ink", colour: this.#dark ? black : white }],
      size: this.#boardSize,
      background: 0,
      pen: Math.round(PEN * this.#factor),
      change: () => {
        if (this.#quiet) return;
        this.#picture = this.#example = undefined;
        this.#update();
      },
    });
  }

  #options(): HTMLElement {
    const centre = checkBox("Centre and scale the drawing, as in MNIST", (checked) => {
      this.#centre = checked;
      this.#update();
    }, true);
    const invert = checkBox("Invert images, such as dark ink on paper", (checked) => {
      this.#invert = checked;
      this.#update();
    });
    return element("div", { hidden: !this.#board }, centre, invert);
  }

  #examples(): HTMLElement {
    const buttons = this.#page.data.examples.map(({ name, input = "" }, i) => {
      const press = () => this.#loadExample(i).catch(this.#page.fail);
      const image = element("img", { src: input, alt: "" });
      return element("button", { type: "button", class: "example", onclick: press, "aria-label": `Example: ${name}` }, image);
    });
    const hidden = buttons.length === 0;
    return element("div", { class: "examples", role: "group", "aria-label": "Examples", hidden }, ...buttons);
  }

  #read(source: Blob | string, name?: string): Promise<Pixels> {
    const { size } = this.#page.data;
    return readPicture(source, { size, fit: "cover", exact: false, alpha: this.#side.channels === 4 }, name);
  }

  async #loadExample(i: number): Promise<void> {
    const { input, name } = this.#page.data.examples[i]!;
    if (input === undefined) return this.#update();
    await this.#load(input, name, i);
  }

  async #load(source: Blob | string, name: string, example?: number): Promise<void> {
    const picture = await this.#last(this.#read(source, name));
    if (!picture) return; // the user has opened another image
    [this.#picture, this.#example] = [picture, example];
    this.#quiet = true; // an empty board shows that the image is classified instead of the drawing
    this.#board?.replace(new Uint8Array(this.#board.numbers.length));
    this.#quiet = false;
    this.#update();
  }

  #restore(drawing: string): void {
    try {
      const { height, width } = this.#boardSize;
      this.#board!.replace(numbersOf(textIn(drawing, 2 ** 20), height * width, 2));
    } catch (error) {
      this.#page.fail(error);
    }
  }

  /** The pixels that the model receives, or `undefined` if there is neither an image nor a drawing. */
  #pixels(): Pixels | undefined {
    if (this.#picture) return this.#invert ? inverted(this.#picture) : this.#picture;
    const drawn = this.#board?.numbers;
    if (!drawn?.some((has) => has === 1)) return undefined;
    const size = this.#boardSize;
    return greyPixels(shrunk(this.#centre ? centred(drawn, size) : drawn, size, this.#factor), this.#dark);
  }

  #update(): void {
    this.#classify().catch(this.#page.fail);
  }

  async #answer(): Promise<void> {
    const pixels = this.#pixels();
    if (!pixels) {
      this.#bars.clear();
      show(
        greyPixels(shrunk(new Uint8Array(this.#board?.numbers.length ?? 0), this.#boardSize, this.#factor), this.#dark),
        this.#seen,
      );
      return this.#page.say(this.#board ? "Draw, or choose an image" : "Choose, drop or paste an image");
    }
    const values = valuesOf(pixels, this.#side);
    show(pixelsOf(values, this.#side)[0]!, this.#seen);
    const { data } = await this.#page.ask<Values>("classify", values);
    const answer = this.#bars.show(data);
    if (answer) this.#page.say(answer);
  }

  /** The state for a link, or `undefined` if the user has opened an image. */
  #state(): object | undefined {
    if (this.#example !== undefined) return { example: this.#example };
    return this.#picture || !this.#board ? undefined : { drawing: runsOf(this.#board.numbers) };
  }
}

function inverted({ data, height, width }: Pixels): Pixels {
  return { data: data.map((value, i) => i % 4 === 3 ? value : 255 - value) as Pixels["data"], height, width };
}
