/** The grid of images in the view of a GAN: the images of a seed, and the classes of a conditional GAN.
 * @module */
import { LARGEST_SEED } from "../constants.ts";
import { lastWish } from "../client.ts";
import type { Code } from "../codes.ts";
import { button, canvas, choices, contextOf, element } from "../dom.ts";
import { integerIn } from "../link_values.ts";
import type { Latent } from "./latent.ts";

/** Number of images for small images, and for images with more than {@linkcode FEW_PIXELS} pixels. */
const IMAGES = 16, FEWER_IMAGES = 8, FEW_PIXELS = 64 * 64;
/** Number of images per row, for the arrow keys. The style sheet has the same number. */
const COLUMNS = 4;
const EACH = "each";

/** Builds an input for a seed, with a button that draws a new seed.
 * @param change Called with each new seed.
 * @param most Maximum seed, at least 2^16 - 1. */
export function seedInput(seed: number, change: (seed: number) => unknown, most = LARGEST_SEED): HTMLElement {
  const input: HTMLInputElement = element("input", {
    type: "number",
    ...{ min: 0, max: most, step: 1, value: seed, inputmode: "numeric" },
    onchange: () => {
      const wanted = integerIn(input.valueAsNumber, 0, most);
      if (wanted === undefined) input.value = `${seed}`;
      else change(seed = wanted);
    },
  });
  const draw = button("New seed", () => {
    input.valueAsNumber = seed = crypto.getRandomValues(new Uint16Array(1))[0]!; // few digits are easier to write down
    change(seed);
  });
  return element("div", { class: "choices" }, element("label", {}, "Seed ", input), draw);
}

/** Draws canvases in a grid on a new canvas.
 * @param columns Number of images per row. */
export function gridCanvas(canvases: readonly HTMLCanvasElement[], columns: number): HTMLCanvasElement {
  const { height, width } = canvases[0]!;
  const whole = canvas({
    height: height * Math.ceil(canvases.length / columns),
    width: width * Math.min(columns, canvases.length),
  });
  canvases.forEach((each, i) => contextOf(whole).drawImage(each, i % columns * width, Math.floor(i / columns) * height));
  return whole;
}

/** The grid of the images of a seed. */
export class Grid {
  readonly root: HTMLElement;
  readonly #latent: Latent;
  readonly #choose: (code: Code, sameCode: boolean) => unknown;
  readonly #cells: { pressed: HTMLButtonElement; canvas: HTMLCanvasElement }[];
  #seed: number;
  /** Class of all images, or `undefined` if the images cycle through the classes. */
  #label: number | undefined;
  #index: number;
  readonly #refresh = lastWish((sameCodes: boolean) => this.#show(sameCodes));

  /** @param shared State in the link.
   * @param choose Called with the code of the chosen image, and with whether only its class has changed. */
  constructor(latent: Latent, shared: Record<string, unknown>, choose: (code: Code, sameCode: boolean) => unknown) {
    [this.#latent, this.#choose] = [latent, choose];
    const { size } = latent.page.data;
    const count = size.height * size.width > FEW_PIXELS ? FEWER_IMAGES : IMAGES;
    this.#seed = integerIn(shared["seed"], 0, LARGEST_SEED) ?? 0;
    this.#label = integerIn(shared["label"], 0, latent.labels.length - 1);
    this.#index = integerIn(shared["index"], 0, count - 1) ?? 0;
    this.#cells = Array.from({ length: count }, (_, i) => {
      const drawn = canvas(size);
      const pressed = button("", () => this.#pick(i), {
        class: "cell",
        onkeydown: (event: KeyboardEvent) => this.#move(event, i),
      });
      pressed.append(drawn);
      return { pressed, canvas: drawn };
    });
    const cells = this.#cells.map(({ pressed }) => pressed);
    const seeds = seedInput(this.#seed, (seed) => {
      this.#seed = seed;
      this.refresh();
    });
    this.root = element(
      "section",
      { class: "seeds", "aria-label": "Images of a seed" },
      ...this.#classes(),
      seeds,
      element("div", { class: "grid", role: "group", "aria-label": "Images" }, ...cells),
      element(
        "p",
        { class: "hint" },
        "On the TensorFlow backend, deno task generate --seed computes the same images in the same order.",
      ),
    );
  }

  #classes(): HTMLElement[] {
    const { labels } = this.#latent;
    if (labels.length === 0) return [];
    const names = Object.fromEntries([[EACH, "All"], ...labels.map((name, i) => [`class ${i}`, name])]) as Record<string, string>;
    const { group } = choices("Class", names, this.#label === undefined ? EACH : `class ${this.#label}`, (chosen) => {
      this.#label = chosen === EACH ? undefined : Number(chosen.slice("class ".length));
      this.refresh(true);
    });
    group.classList.add("classes");
    return [group];
  }

  /** Computes the images of the seed and shows them.
   * @param sameCodes Whether the codes remain the same and only the class has changed. */
  async refresh(sameCodes = false): Promise<void> {
    await this.#refresh(sameCodes).catch((error) => this.#latent.page.fail(error));
  }

  async #show(sameCodes: boolean): Promise<void> {
    const latent = this.#latent;
    const [seed, label] = [this.#seed, this.#label];
    const codes = (await latent.codesOf(seed, this.#cells.length)).map((noise, i): Code => {
      const code: Code = { name: `Seed ${seed}, image ${i + 1}`, noise };
      if (latent.labels.length > 0) code.label = label ?? i % latent.labels.length;
      return { ...code, name: code.name + latent.className(code.label) };
    });
    await latent.paint(codes, this.#cells.map(({ canvas }) => canvas));
    latent.shown = codes;
    this.#cells.forEach(({ pressed }, i) => pressed.setAttribute("aria-label", codes[i]!.name));
    this.#mark();
    this.#choose(codes[this.#index]!, sameCodes);
    latent.changed();
    latent.page.say(`${codes.length} images of seed ${seed}${label === undefined ? "" : latent.className(label)}`);
  }

  #pick(index: number): void {
    this.#index = index;
    this.#mark();
    if (this.#latent.shown[index]) this.#choose(this.#latent.shown[index], false);
  }

  /** Marks the chosen image. The grid is a single tab stop. */
  #mark(): void {
    this.#cells.forEach(({ pressed }, i) => {
      pressed.setAttribute("aria-pressed", `${i === this.#index}`);
      pressed.tabIndex = i === this.#index ? 0 : -1;
    });
  }

  /** Lets the arrow keys choose other images. */
  #move(event: KeyboardEvent, index: number): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key];
    const next = step === undefined ? undefined : this.#cells[index + step];
    if (!next) return;
    event.preventDefault(); // keeps the page from scrolling
    this.#pick(index + step!);
    next.pressed.focus();
  }

  /** Draws all images on one canvas. */
  picture(): HTMLCanvasElement {
    return gridCanvas(this.#cells.map(({ canvas }) => canvas), COLUMNS);
  }

  /** The state for a link. */
  state(): object {
    return { seed: this.#seed, index: this.#index, ...this.#label !== undefined && { label: this.#label } };
  }
}
