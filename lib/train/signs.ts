/** Signs of a training that goes wrong though its numbers are finite, told in plain words and once each.
 * @module */
import type { Image } from "../data/image_bytes.ts";
import type { SampleEvent, StepEvent, TrainEvent, WarningEvent } from "../events.ts";

/** Steps that are looked at together. */
export const STEPS = 200;
/** A discriminator that wins outright has, in the mean of so many steps, a loss below this part of what it has when it cannot tell. */
export const WON = 0.02;
/** A loss above this, in the mean of so many steps, is no longer a game: the papers' are of the size of 1, and λ is not in them. */
export const EXPLODED = 1e4;
/** Gradients of less than Adam's ε, as the root of their mean square, move weights by less than the learning rate: nothing is learnt. */
export const VANISHED = 1e-8;
/** Gradients above this, likewise: weights are of the size of 0.02 when a training begins. */
export const EXPLODED_GRADIENT = 1e3;
/** Pictures whose values, from 0 to 255, are nowhere farther apart than this are of one colour. */
export const FLAT = 3;
/** Pictures of different noise whose values differ in the mean by less than this are the same picture. */
export const ALIKE = 1;

/** What pictures are called that a generator did not make. */
const GIVEN = ["input", "target"];

/** Watches a training's events. */
export class TrainingSigns {
  readonly #undecided: Record<string, number>;
  readonly #said = new Set<string>();
  #sums: Record<string, number> = {};
  #count = 0;

  /** @param undecided what each discriminator's loss is when it cannot tell: ln 2, say. */
  constructor(undecided: Record<string, number> = {}) {
    this.#undecided = undecided;
  }

  /** Takes note of an event.
   * @returns what is to be said now. */
  look(event: TrainEvent): WarningEvent[] {
    return this.#fresh(event, event.type === "step" ? this.#step(event) : event.type === "sample" ? samples(event) : []);
  }

  /** Takes note of how large gradients are.
   * @param sizes of each optimizer by its name, see Optimizer.gradientSize.
   * @returns what is to be said now. */
  lookAtGradients({ epoch, step }: StepEvent, sizes: Record<string, number>): WarningEvent[] {
    const found = Object.entries(sizes).flatMap(([optimizer, size]): [string, string][] => {
      const whose = optimizer.replace(/Adam$/, "").replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      const are = `the gradients of the ${whose} are ${size.toPrecision(2)} at step ${step}, as the root of their mean square`;
      if (size < VANISHED) {
        return [[
          `vanished ${optimizer}`,
          `${are}: they vanish, and it no longer learns; take the non-saturating loss, or least squares`,
        ]];
      }
      if (size <= EXPLODED_GRADIENT) return [];
      return [[`exploding ${optimizer}`, `${are}: they explode; lower the learning rate, or clip them`]];
    });
    return this.#fresh({ epoch, step }, found);
  }

  #fresh({ epoch, step }: { epoch: number; step: number }, found: [sign: string, message: string][]): WarningEvent[] {
    const fresh = found.filter(([sign]) => !this.#said.has(sign));
    for (const [sign] of fresh) this.#said.add(sign);
    return fresh.map(([, message]) => ({ type: "warning", epoch, step, message }));
  }

  #step({ losses, step }: StepEvent): [sign: string, message: string][] {
    for (const [name, loss] of Object.entries(losses)) this.#sums[name] = (this.#sums[name] ?? 0) + loss;
    if (++this.#count < STEPS) return [];
    const means = Object.entries(this.#sums).map(([name, sum]) => [name, sum / STEPS] as const);
    [this.#sums, this.#count] = [{}, 0];
    const over = `in the mean of steps ${step - STEPS + 1} to ${step}`;
    return means.flatMap(([name, mean]): [string, string][] => {
      const undecided = this.#undecided[name];
      if (undecided !== undefined && mean < WON * undecided) {
        return [[
          `won ${name}`,
          `the ${name} wins outright: its loss is ${mean.toPrecision(2)} ${over}, and ${
            undecided.toPrecision(2)
          } would say that it cannot ` +
          `tell; the generator learns little from it: lower its learning rate, smooth its labels, or give it fewer layers`,
        ]];
      }
      if (Math.abs(mean) <= EXPLODED) return [];
      return [[
        `exploded ${name}`,
        `the ${name} loss is ${mean.toPrecision(2)} ${over}: gradients explode; lower the learning rate, or clip them`,
      ]];
    });
  }
}

/** What can be seen in the samples. Before the training all may be flat. */
function samples({ rows, epoch }: SampleEvent): [sign: string, message: string][] {
  if (epoch === 0) return [];
  const made = rows.map((row) => Object.entries(row).filter(([name]) => !GIVEN.includes(name)).map(([, picture]) => picture));
  const found: [string, string][] = [];
  if (made.flat().length > 0 && made.flat().every(isFlat)) {
    found.push([
      "flat",
      "all samples are of one flat colour: the generator makes nothing; lower the learning rate, or begin anew with another seed",
    ]);
  }
  // Rows that hold numbered pictures hold pictures of different noise.
  const numbered = rows.filter((row) => Object.keys(row).length > 1 && Object.keys(row).every((name) => /^\d+$/.test(name)));
  if (numbered.length > 0 && numbered.every((row) => allAlike(Object.values(row)))) {
    found.push([
      "collapsed",
      "the generator makes the same picture of any noise (mode collapse): try another loss, or a lower learning rate",
    ]);
  }
  return found;
}

function isFlat({ data }: Image): boolean {
  let [low, high] = [255, 0];
  for (const value of data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low <= FLAT;
}

function allAlike([first, ...others]: Image[]): boolean {
  return others.every(({ data }) => {
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]! - first!.data[i]!);
    return sum / data.length < ALIKE;
  });
}
