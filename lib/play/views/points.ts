/** The view of a GAN that generates points: a scatter plot of the points of a seed, and the interpolation between its first two
 * codes.
 * @module */
import { LARGEST_SEED } from "../constants.ts";
import { lastWish } from "../client.ts";
import { between, type Noise } from "../codes.ts";
import { canvas, checkBox, contextOf, element, slider } from "../dom.ts";
import { integerIn, recordIn } from "../link_values.ts";
import type { Values } from "../protocol.ts";
import { shareBar } from "../share.ts";
import { seedInput } from "./latent_grid.ts";
import type { PageContext, View } from "./view.ts";

/** Size of the plot and width of its margin, in pixels. */
const SIZE = 480, MARGIN = 36;
/** Initial, minimum and maximum number of points. */
const POINTS = 1000, FEWEST = 100, MOST = 5000;
/** Radius of a point, in pixels. */
const RADIUS = 2;
/** Number of interpolated points. */
const STEPS = 200;
/** Number of histogram bars for a GAN with one coordinate. */
const BARS = 60;

/** Shows a GAN that generates points. */
export const showPoints: View = async (page) => {
  await new PointsView(page).open();
};

class PointsView {
  readonly #page: PageContext;
  readonly #dimensions: number;
  readonly #canvas = canvas({ height: SIZE, width: SIZE }, "Generated points");
  readonly #about = element("p", { class: "hint" });
  #seed: number;
  #count: number;
  #way: boolean;
  /** Points as the model returns them, and the interpolated points. */
  #points: Values | undefined;
  #onWay: Values | undefined;
  /** Maximum coordinate that the plot shows. */
  #reach = 0;
  readonly #generate = lastWish<void>(() => this.#show());

  constructor(page: PageContext) {
    const { seed, count, way } = recordIn(page.shared);
    this.#page = page;
    [this.#dimensions] = page.data.model.settings["shape"] as [number];
    this.#seed = integerIn(seed, 0, LARGEST_SEED) ?? 0;
    this.#count = integerIn(count, FEWEST, MOST) ?? POINTS;
    this.#way = way === true && this.#dimensions > 1; // a histogram shows no interpolation
  }

  /** Builds the view and shows the points. */
  async open(): Promise<void> {
    const seed = seedInput(this.#seed, (seed) => {
      this.#seed = seed;
      this.#update();
    });
    const range = { min: FEWEST, max: MOST, step: 100, value: this.#count };
    const count = slider("Number of points", range, (count) => {
      this.#count = count;
      this.#update();
    });
    const way = checkBox("Show the interpolation between the first two codes", (checked) => {
      this.#way = checked;
      this.#update();
    }, this.#way);
    const plot = element("figure", { class: "plot" }, this.#canvas);
    if (this.#dimensions > 2) plot.append(element("figcaption", {}, `The first two of ${this.#dimensions} coordinates`));
    this.#page.root.append(seed, count.label, ...this.#dimensions > 1 ? [way] : [], plot, this.#about);
    this.#page.root.append(shareBar(this.#page, () => [{ name: "points", canvas: this.#canvas }]));
    this.#page.keep(() => ({ seed: this.#seed, count: this.#count, way: this.#way }));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    await this.#generate();
  }

  #update(): void {
    this.#generate().catch(this.#page.fail);
  }

  async #show(): Promise<void> {
    const [seed, count] = [this.#seed, this.#count];
    this.#points = await this.#page.ask<Values>("generate", { seed, count });
    this.#onWay = this.#way ? await this.#between(seed) : undefined;
    const { data } = this.#points;
    const reach = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (reach > this.#reach || this.#reach > 4 * reach) this.#reach = roundedUp(reach); // otherwise, the axes do not change
    this.#canvas.dataset["reach"] = `${this.#reach}`;
    this.#draw();
    this.#about.textContent = describe(data, this.#dimensions);
    this.#page.say(`${count} points of seed ${seed}`);
  }

  /** Computes the points that are generated from codes between the first two codes of a seed. */
  async #between(seed: number): Promise<Values> {
    const { noise, latent } = this.#page.data.model.settings as { noise: Noise; latent: number };
    const { data } = await this.#page.ask<Values>("noise", seed, 2);
    const codes = new Float32Array(STEPS * latent);
    for (let i = 0; i < STEPS; i++) {
      codes.set(between(data.slice(0, latent), data.slice(latent), i / (STEPS - 1), noise), i * latent);
    }
    return await this.#page.ask<Values>("generate", { noise: { data: codes, shape: [STEPS, latent] } });
  }

  #draw(): void {
    const context = contextOf(this.#canvas);
    const colours = getComputedStyle(this.#canvas);
    const ink = colours.color;
    const accent = colours.accentColor === "auto" ? "#2563eb" : colours.accentColor;
    context.clearRect(0, 0, SIZE, SIZE);
    this.#axes(context, ink);
    context.fillStyle = accent;
    if (this.#dimensions === 1) return this.#histogram(context);
    context.globalAlpha = 0.5;
    for (const [x, y] of this.#places(this.#points!)) {
      context.beginPath();
      context.arc(x, y, RADIUS, 0, 2 * Math.PI);
      context.fill();
    }
    context.globalAlpha = 1;
    if (!this.#onWay) return;
    context.strokeStyle = "#d9480f";
    context.lineWidth = 2.5;
    context.beginPath();
    for (const [x, y] of this.#places(this.#onWay)) context.lineTo(x, y);
    context.stroke();
  }

  /** Returns the position of a coordinate on the plot, in pixels. */
  #place(value: number): number {
    return SIZE / 2 + (SIZE / 2 - MARGIN) * value / this.#reach;
  }

  #places({ data, shape: [count, dimensions] }: Values): [x: number, y: number][] {
    return Array.from({ length: count! }, (_, i) => {
      return [this.#place(data[i * dimensions!]!), SIZE - this.#place(data[i * dimensions! + 1]!)];
    });
  }

  #histogram(context: CanvasRenderingContext2D): void {
    const counts = new Array<number>(BARS).fill(0);
    for (const value of this.#points!.data) {
      counts[Math.min(BARS - 1, Math.floor((value / this.#reach + 1) / 2 * BARS))]! += 1;
    }
    const width = (SIZE - 2 * MARGIN) / BARS;
    const scale = (SIZE - 2 * MARGIN) / Math.max(...counts);
    counts.forEach((count, i) => context.fillRect(MARGIN + i * width, SIZE - MARGIN - count * scale, width - 1, count * scale));
  }

  #axes(context: CanvasRenderingContext2D, ink: string): void {
    context.strokeStyle = context.fillStyle = ink;
    context.lineWidth = 1;
    context.globalAlpha = 0.6;
    context.strokeRect(MARGIN + 0.5, MARGIN + 0.5, SIZE - 2 * MARGIN - 1, SIZE - 2 * MARGIN - 1);
    context.globalAlpha = 1;
    context.font = "13px system-ui, sans-serif";
    for (const value of [-this.#reach, 0, this.#reach]) {
      const text = `${value}`.replace("-", "−");
      context.textAlign = "center";
      context.fillText(text, this.#place(value), SIZE - MARGIN + 18);
      context.textAlign = "right";
      if (this.#dimensions > 1) context.fillText(text, MARGIN - 6, SIZE - this.#place(value) + 4);
    }
  }
}

/** Rounds up to a number with a single digit other than 0. */
function roundedUp(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value || 1));
  return Math.ceil((value || 1) / unit) * unit;
}

/** Returns the mean and standard deviation of each coordinate as text. */
function describe(data: Float32Array, dimensions: number): string {
  const count = data.length / dimensions;
  const parts = Array.from({ length: Math.min(2, dimensions) }, (_, d) => {
    const values = Array.from({ length: count }, (_, i) => data[i * dimensions + d]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    return `${dimensions === 1 ? "x" : "xy"[d]}: mean ${mean.toFixed(2)}, standard deviation ${deviation.toFixed(2)}`;
  });
  return `${parts.join("; ")}.`.replaceAll("-", "−");
}
