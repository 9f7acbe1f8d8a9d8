/** The latent walk in the view of a GAN: images of codes between two codes, as a row and as an animation.
 * @module */
import { lastWish } from "../client.ts";
import { between, type Code } from "../codes.ts";
import { button, canvas, element, figure, slider } from "../dom.ts";
import { numberIn, recordIn, textIn } from "../link_values.ts";
import { CodeSelect, type Latent } from "./latent.ts";
import { gridCanvas } from "./latent_grid.ts";

/** Number of images in the row. */
const ROW = 9;
/** Duration from one end to the other, in milliseconds. */
const TIME = 4000;
/** Duration of each image for users who prefer reduced motion, in milliseconds. The walk then shows the images of the row one by
 * one. */
const STEP_TIME = 1000;

/** A walk between two codes. */
export class Walk {
  readonly root: HTMLElement;
  readonly #latent: Latent;
  readonly #ends: [from: CodeSelect, to: CodeSelect];
  readonly #canvas: HTMLCanvasElement;
  readonly #row: HTMLCanvasElement[];
  readonly #position: HTMLInputElement;
  readonly #play: HTMLButtonElement;
  #at: number;
  #direction = 1;
  #playing = false;
  /** Number of times that the user has pressed "Play" or the walk has stopped. A loop ends when the number changes. */
  #turn = 0;
  readonly #show = lastWish((code: Code) => this.#latent.paint([code], [this.#canvas]));
  readonly #showRow = lastWish((codes: Code[]) => this.#latent.paint(codes, this.#row));

  /** @param shared State in the link.
   * @param keep Called with the code that the user wants to keep. */
  constructor(latent: Latent, shared: Record<string, unknown>, keep: (code: Code) => void) {
    this.#latent = latent;
    const walk = recordIn(shared["walk"]);
    const select = (name: string, reference: string) => new CodeSelect(latent, name, reference, () => this.update());
    this.#ends = [select("From", textIn(walk["from"], 4) || "1"), select("To", textIn(walk["to"], 4) || "2")];
    this.#at = numberIn(walk["at"], 0, 1) ?? 0;
    const { size } = latent.page.data;
    this.#canvas = canvas(size, "Image of the walk");
    this.#row = Array.from({ length: ROW }, () => canvas(size));
    const { label, input } = slider("Position", { min: 0, max: 1, step: 0.01, value: this.#at }, (at) => {
      this.#stop();
      this.#go(at);
    });
    this.#position = input;
    this.#play = button("Play", () => this.#playing ? this.#stop() : this.#start());
    const keeps = button("Keep this image", () => {
      const code = this.#codeAt(this.#at);
      if (code) keep(code);
    });
    this.root = element(
      "section",
      { class: "walk", "aria-label": "Walk" },
      element("h2", {}, "Walk between two images"),
      element("div", { class: "choices" }, ...this.#ends.map(({ label }) => label)),
      element("div", { class: "row", role: "img", "aria-label": `${ROW} images of the walk` }, ...this.#row),
      element(
        "div",
        { class: "beside" },
        figure("Images of the walk", this.#canvas),
        element("div", {}, label, this.#play, keeps),
      ),
    );
    latent.onChange(() => this.update());
  }

  #codeAt(at: number): Code | undefined {
    const [from, to] = this.#ends.map(({ code }) => code);
    if (!from || !to || at === 0) return from;
    if (at === 1) return to;
    const { letter, nearest } = { letter: this.#ends.map(({ reference }) => reference), nearest: at < 0.5 ? from : to };
    const noise = between(from.noise, to.noise, at, this.#latent.noise);
    const percent = Math.round(at * 100);
    const name = `${percent}% of the way from ${nameOf(letter[0]!)} to ${nameOf(letter[1]!)}`;
    return { ...nearest, name: name + this.#latent.className(nearest.label), noise };
  }

  /** Shows the walk between the chosen images. */
  update(): void {
    const codes = this.#row.map((_, i) => this.#codeAt(i / (ROW - 1)));
    if (codes.some((code) => code === undefined)) return;
    this.#showRow(codes as Code[]).catch((error) => this.#latent.page.fail(error));
    this.#go(this.#at);
  }

  #go(at: number): Promise<void> {
    this.#at = this.#position.valueAsNumber = at;
    const code = this.#codeAt(at);
    if (!code) return Promise.resolve();
    return this.#show(code).catch((error) => {
      this.#stop();
      this.#latent.page.fail(error);
    });
  }

  #stop(): void {
    this.#turn++;
    this.#playing = false;
    this.#play.textContent = "Play";
  }

  /** Plays the walk back and forth until the user stops it. */
  async #start(): Promise<void> {
    const turn = ++this.#turn;
    this.#playing = true;
    this.#play.textContent = "Pause";
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    let before = await frame();
    while (turn === this.#turn && this.root.isConnected) {
      if (still.matches) await new Promise((resolve) => setTimeout(resolve, STEP_TIME));
      const now = await frame(); // there are no frames while the page is hidden
      if (turn !== this.#turn) return;
      const step = still.matches ? 1 / (ROW - 1) : Math.min(now - before, TIME / ROW) / TIME;
      before = now;
      if (this.#at >= 1) this.#direction = -1;
      if (this.#at <= 0) this.#direction = 1;
      await this.#go(Math.min(1, Math.max(0, this.#at + this.#direction * step)));
    }
  }

  /** Draws the row of images on one canvas. */
  picture(): HTMLCanvasElement {
    return gridCanvas(this.#row, ROW);
  }

  /** The state for a link. */
  state(): object {
    const [from, to] = this.#ends.map(({ reference }) => reference);
    return { walk: { from, to, at: Number(this.#at.toFixed(2)) } };
  }
}

/** Returns the short name of an image, such as "A" or "image 3". */
function nameOf(reference: string): string {
  return /^\d/.test(reference) ? `image ${reference}` : reference;
}

function frame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
