/** State that the parts of a GAN's view share: codes, their images, and the images that the user keeps.
 * @module */
import type { Code, Noise } from "../codes.ts";
import { element } from "../dom.ts";
import type { PageSide } from "../page_data.ts";
import { type Pixels, pixelsOf, show } from "../pixels.ts";
import type { Values } from "../protocol.ts";
import type { PageContext } from "./view.ts";

/** A code that the user keeps. */
export interface Kept {
  /** A to Z, then A1, B1 and so on. */
  letter: string;
  code: Code;
}

/** Codes of a GAN and their images. */
export class Latent {
  readonly page: PageContext;
  /** Distribution of the codes. */
  readonly noise: Noise;
  /** Number of dimensions of the latent space. */
  readonly dimensions: number;
  /** Names of the classes. Empty unless the GAN is conditional. */
  readonly labels: readonly string[];
  /** Codes of the images in the grid. */
  shown: Code[] = [];
  kept: Kept[] = [];
  readonly #side: PageSide;
  readonly #pixels = new WeakMap<Code, Pixels>();
  readonly #listeners: (() => void)[] = [];

  constructor(page: PageContext) {
    this.page = page;
    const { model: { settings }, output, uses, labels } = page.data;
    const { noise, latent, shape, classes } = settings as { noise: Noise; latent: number; shape: number[]; classes?: number };
    [this.noise, this.dimensions] = [noise, latent];
    this.#side = output ?? { channels: shape.at(-1)!, meaning: "colours" };
    this.labels = uses.includes("labels") ? labels ?? Array.from({ length: classes! }, (_, i) => `${i}`) : [];
  }

  /** Returns the codes of a seed, from which `deno task generate` computes the images. */
  async codesOf(seed: number, count: number): Promise<Float32Array<ArrayBuffer>[]> {
    const { data } = await this.page.ask<Values>("noise", seed, count);
    return Array.from({ length: count }, (_, i) => data.slice(i * this.dimensions, (i + 1) * this.dimensions));
  }

  /** Computes the image of each code. Images that have been computed before are reused. */
  async images(codes: readonly Code[]): Promise<Pixels[]> {
    const missing = [...new Set(codes)].filter((code) => !this.#pixels.has(code));
    if (missing.length > 0) {
      const data = new Float32Array(missing.length * this.dimensions);
      missing.forEach(({ noise }, i) => data.set(noise, i * this.dimensions));
      const noise: Values = { data, shape: [missing.length, this.dimensions] };
      const labels = this.labels.length > 0 ? { labels: missing.map(({ label = 0 }) => label) } : {};
      const made = pixelsOf(await this.page.ask<Values>("generate", { noise, ...labels }), this.#side);
      missing.forEach((code, i) => this.#pixels.set(code, made[i]!));
    }
    return codes.map((code) => this.#pixels.get(code)!);
  }

  /** Shows the image of each code on a canvas. */
  async paint(codes: readonly Code[], canvases: readonly HTMLCanvasElement[]): Promise<void> {
    (await this.images(codes)).forEach((pixels, i) => show(pixels, canvases[i]!));
  }

  /** Returns the name of a class for captions, such as ", class seven", or "". */
  className(label: number | undefined): string {
    return label === undefined || this.labels.length === 0 ? "" : `, class ${this.labels[label]}`;
  }

  /** Calls `listen` whenever the images in the grid or the kept images change. */
  onChange(listen: () => void): void {
    this.#listeners.push(listen);
  }

  /** Notifies the parts of the view that {@linkcode shown} or {@linkcode kept} has changed. */
  changed(): void {
    for (const listen of this.#listeners) listen();
  }

  /** Returns the letter of a kept code. */
  letterOf(code: Code | undefined): string | undefined {
    return this.kept.find((kept) => kept.code === code)?.letter;
  }

  /** Returns the code of a reference: the number of an image in the grid, or the letter of a kept image. */
  codeAt(reference: string): Code | undefined {
    return this.kept.find(({ letter }) => letter === reference)?.code ?? this.shown[Number(reference) - 1];
  }
}

/** A list for choosing an image of the grid or a kept image. */
export class CodeSelect {
  readonly label: HTMLElement;
  readonly #select: HTMLSelectElement;
  readonly #latent: Latent;
  #reference: string;

  /** @param name Label of the list, such as "From".
   * @param reference The initial choice; see {@linkcode Latent.codeAt}. */
  constructor(latent: Latent, name: string, reference: string, change: () => void) {
    [this.#latent, this.#reference] = [latent, reference];
    this.#select = element("select", {
      onchange: () => {
        this.#reference = this.#select.value;
        change();
      },
    });
    this.label = element("label", { class: "code-select" }, `${name} `, this.#select);
    this.#fill();
    latent.onChange(() => this.#fill());
  }

  /** The reference of the chosen image. */
  get reference(): string {
    return this.#reference;
  }

  /** The code of the chosen image. */
  get code(): Code | undefined {
    return this.#latent.codeAt(this.reference);
  }

  /** Fills the list with the current images. If the chosen image has been removed, chooses the first image of the grid. */
  #fill(): void {
    const { kept, shown } = this.#latent;
    if (shown.length > 0 && !this.code) this.#reference = "1";
    const option = (value: string, text: string) => element("option", { value, selected: value === this.#reference }, text);
    const groups: [string, HTMLOptionElement[]][] = [
      ["Kept images", kept.map(({ letter, code }) => option(letter, `${letter}: ${code.name}`))],
      ["Images of the seed", shown.map((_, i) => option(`${i + 1}`, `Image ${i + 1}`))],
    ];
    this.#select.replaceChildren(
      ...groups.filter(([, options]) => options.length > 0).map(([label, options]) => element("optgroup", { label }, ...options)),
    );
  }
}
