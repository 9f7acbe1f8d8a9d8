/// <reference lib="dom" />
/** Curves of the losses and of the distance over the steps.
 * @module */
import type { GanLoss } from "../../systems/gan_step.ts";
import { coloursNow, prepare } from "./drawing.ts";
import type { Look } from "./trainer.ts";

/** Maximum number of points in a history. When the history is full, every other point is dropped. */
const MOST_MOMENTS = 600;

/** Losses of D and G at the equilibrium, where neither network can improve. A Wasserstein critic has no such losses, since its
 * scores have no fixed zero. */
const EQUILIBRIUM: Partial<Record<GanLoss, [discriminator: number, generator: number]>> = {
  nonSaturating: [Math.log(4), Math.log(2)],
  minimax: [Math.log(4), -Math.log(2)],
  leastSquares: [0.5, 0.25],
  hinge: [2, 0],
};

/** A point of the history. */
interface Moment {
  step: number;
  discriminator: number;
  generator: number;
  distance: number;
}

/** The history of a game's losses and distances. */
export class History {
  #moments: Moment[] = [];
  /** Number of snapshots per point. */
  #every = 1;
  #looks = 0;

  /** Clears the history. */
  clear(): void {
    this.#moments = [];
    this.#every = 1;
    this.#looks = 0;
  }

  /** Adds a snapshot, unless the history keeps only every n-th one. */
  add({ steps, losses, measures }: Look): void {
    if (this.#looks++ % this.#every !== 0) return;
    const { discriminator = NaN, generator = NaN } = losses;
    this.#moments.push({
      step: Math.max(steps.discriminator, steps.generator),
      discriminator,
      generator,
      distance: measures.distance,
    });
    if (this.#moments.length < MOST_MOMENTS) return;
    this.#moments = this.#moments.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  /** Draws the losses of both networks; dashed lines are their values at the equilibrium. */
  drawLosses(canvas: HTMLCanvasElement, loss: GanLoss): void {
    const { ink, fake } = coloursNow();
    const [d, g] = EQUILIBRIUM[loss] ?? [];
    this.#draw(canvas, [
      { values: this.#moments.map((moment) => moment.discriminator), colour: ink, rest: d },
      { values: this.#moments.map((moment) => moment.generator), colour: fake, rest: g },
    ]);
  }

  /** Draws the distance between the real and the generated points. */
  drawDistance(canvas: HTMLCanvasElement): void {
    this.#draw(canvas, [{ values: this.#moments.map(({ distance }) => distance), colour: coloursNow().ink, rest: 0 }]);
  }

  #draw(canvas: HTMLCanvasElement, curves: { values: number[]; colour: string; rest: number | undefined }[]): void {
    const { context, width, height } = prepare(canvas);
    const { ink, line } = coloursNow();
    const steps = this.#moments.map(({ step }) => step);
    const [low, high] = rangeOf(curves.flatMap(({ values, rest }) => rest === undefined ? values : [...values, rest]));
    const frame = { left: 34, right: width - 6, top: 8, bottom: height - 18 };
    const y = (value: number) => frame.bottom - (frame.bottom - frame.top) * (value - low) / (high - low);
    const last = Math.max(1, steps.at(-1) ?? 1);
    const x = (step: number) => frame.left + (frame.right - frame.left) * step / last;
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = ink;
    context.strokeStyle = line;
    context.lineWidth = 1;
    context.strokeRect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
    context.textAlign = "right";
    context.fillText(high.toPrecision(2), frame.left - 4, frame.top + 8);
    context.fillText(low.toPrecision(2), frame.left - 4, frame.bottom);
    context.fillText(`step ${last}`, frame.right, height - 4);
    for (const { values, colour, rest } of curves) {
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
      context.beginPath();
      values.forEach((value, i) =>
        Number.isFinite(value) && context.lineTo(x(steps[i]!), y(Math.min(high, Math.max(low, value))))
      );
      context.stroke();
      if (rest === undefined) continue;
      context.setLineDash([4, 4]);
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(frame.left, y(rest));
      context.lineTo(frame.right, y(rest));
      context.stroke();
      context.setLineDash([]);
    }
  }
}

/** Returns the range of an axis. A few extreme values, such as those of the first steps, may lie outside. */
function rangeOf(values: number[]): [low: number, high: number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return [0, 1];
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  const [low, high] = [Math.min(0, at(0.005)), at(0.995)];
  return high - low > 1e-6 ? [low, high + (high - low) * 0.05] : [low, low + 1];
}
