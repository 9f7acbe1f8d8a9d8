/** Training diagnostics: warnings about failures in which the losses remain finite, and the error for a non-finite loss. Each
 * warning is issued only once.
 * @module */
import type { Image } from "../data/image_bytes.ts";
import type { SampleEvent, StepEvent, TrainEvent, WarningEvent } from "../events.ts";
import type * as tf from "../tf.ts";

/** Number of steps over which losses are averaged before they are checked. */
export const WINDOW = 200;
/** A discriminator has won if its mean loss falls below this fraction of its loss at equilibrium. */
export const WON = 0.02;
/** A loss has diverged if its mean is above this value; typical unweighted losses are of order 1. */
export const DIVERGED = 1e4;
/** Gradients have vanished if their RMS is below Adam's ε: updates are then smaller than the learning rate. */
export const VANISHED = 1e-8;
/** Gradients have exploded if their RMS is above this value; initial weights are of order 0.02. */
export const EXPLODED = 1e3;
/** An image is constant if its byte values (0 to 255) differ by at most this much. */
export const CONSTANT = 3;
/** Images generated from different noise count as identical if their byte values differ by less than this on average. */
export const SAME = 1;

/** Names of the sample images that come from the data rather than from the model. */
const GIVEN = ["input", "target"];

/** A warning and its key; only one warning is issued per key. */
type Finding = [key: string, message: string];

/** Watches the events of a training run. */
export class Diagnostics {
  readonly #equilibrium: Record<string, number>;
  readonly #given = new Set<string>();
  #sums: Record<string, number> = {};
  #count = 0;

  /** @param equilibrium Loss of each discriminator when it cannot tell real images from generated ones, for example ln 2. */
  constructor(equilibrium: Record<string, number> = {}) {
    this.#equilibrium = equilibrium;
  }

  /** Checks the losses of a step event, or the images of a sample event.
   * @returns Warnings that have not been issued before. */
  check(event: TrainEvent): WarningEvent[] {
    return this.#fresh(event, event.type === "step" ? this.#losses(event) : event.type === "sample" ? sampleFindings(event) : []);
  }

  /** Checks the gradients.
   * @param sizes The RMS gradient of each optimizer, keyed by name: see `Optimizer.gradientSize`.
   * @returns Warnings that have not been issued before. */
  checkGradients({ epoch, step }: StepEvent, sizes: Record<string, number>): WarningEvent[] {
    const findings = Object.entries(sizes).flatMap(([optimizer, size]): Finding[] => {
      const network = optimizer.replace(/Adam$/, "").replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      const subject = `the RMS gradient of the ${network} is ${size.toPrecision(2)} at step ${step}`;
      if (size < VANISHED) {
        const cure = "use the non-saturating or the least squares loss";
        return [[`vanished ${optimizer}`, `${subject}: the gradients vanish, so the network no longer learns; ${cure}`]];
      }
      if (size <= EXPLODED) return [];
      return [[`exploding ${optimizer}`, `${subject}: the gradients explode; lower the learning rate or clip the gradients`]];
    });
    return this.#fresh({ epoch, step }, findings);
  }

  #fresh({ epoch, step }: { epoch: number; step: number }, findings: Finding[]): WarningEvent[] {
    const fresh = findings.filter(([key]) => !this.#given.has(key));
    for (const [key] of fresh) this.#given.add(key);
    return fresh.map(([, message]) => ({ type: "warning", epoch, step, message }));
  }

  #losses({ losses, step }: StepEvent): Finding[] {
    for (const [name, loss] of Object.entries(losses)) this.#sums[name] = (this.#sums[name] ?? 0) + loss;
    if (++this.#count < WINDOW) return [];
    const means = Object.entries(this.#sums).map(([name, sum]) => [name, sum / WINDOW] as const);
    [this.#sums, this.#count] = [{}, 0];
    return means.flatMap(([name, mean]): Finding[] => {
      const averages = `averages ${mean.toPrecision(2)} over steps ${step - WINDOW + 1} to ${step}`;
      const equilibrium = this.#equilibrium[name];
      if (equilibrium !== undefined && mean < WON * equilibrium) {
        const compared = `its loss ${averages}, compared with ${equilibrium.toPrecision(2)} at equilibrium`;
        const cure = "lower the discriminator's learning rate, smooth its labels, or use fewer layers in it";
        return [[`won ${name}`, `the ${name} wins outright: ${compared}, so the generator learns little from it; ${cure}`]];
      }
      if (Math.abs(mean) <= DIVERGED) return [];
      const cure = "lower the learning rate or clip the gradients";
      return [[`diverged ${name}`, `the ${name} loss ${averages}: training is diverging; ${cure}`]];
    });
  }
}

/** Returns warnings about samples. Before the first step, constant samples are acceptable. */
function sampleFindings({ rows, epoch }: SampleEvent): Finding[] {
  if (epoch === 0) return [];
  const generated = rows.flatMap((row) =>
    Object.entries(row).filter(([name]) => !GIVEN.includes(name)).map(([, image]) => image)
  );
  const findings: Finding[] = [];
  if (generated.length > 0 && generated.every(isConstant)) {
    const cure = "lower the learning rate, or start again with another seed";
    findings.push(["constant", `every sample is a single flat colour: the generator has collapsed; ${cure}`]);
  }
  // The images in a row of numbered images come from different noise.
  const numbered = rows.filter((row) => Object.keys(row).length > 1 && Object.keys(row).every((name) => /^\d+$/.test(name)));
  if (numbered.length > 0 && numbered.every((row) => allSame(Object.values(row)))) {
    const cure = "try another loss or a lower learning rate";
    findings.push(["collapsed", `the generator produces the same image whatever the noise (mode collapse); ${cure}`]);
  }
  return findings;
}

function isConstant({ data }: Image): boolean {
  let [low, high] = [255, 0];
  for (const value of data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low <= CONSTANT;
}

function allSame([first, ...others]: Image[]): boolean {
  return others.every(({ data }) => {
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]! - first!.data[i]!);
    return sum / data.length < SAME;
  });
}

export interface NonFiniteStep {
  /** Number of the step, counted from 1. */
  step: number;
  /** Name of the first non-finite loss, and its value. */
  loss: string;
  value: number;
  /** The first network with non-finite weights, if any. */
  network: string | undefined;
  /** Names of the elements in the batch. */
  names: string[];
  /** Names of the images that consist of a single colour, which is a known cause of non-finite losses. */
  constant: string[];
}

/** The error thrown when a loss is not finite. */
export class NonFiniteLossError extends Error {
  override name = "NonFiniteLossError";
  readonly found: NonFiniteStep;

  constructor(found: NonFiniteStep) {
    const { constant } = found;
    const cure = constant.length > 0
      ? `leave out ${listed(constant)}, ${constant.length === 1 ? "which is" : "each of which is"} a single flat colour`
      : "look for an image of a single flat colour, or lower the learning rate";
    super(`Training stopped ${describe(found)}; ${cure}`);
    this.found = found;
  }
}

/** Describes the step, for example "at step 12: the l1 loss is NaN on 7.jpg, and the generator has non-finite weights" */
export function describe({ step, loss, value, network, names }: NonFiniteStep): string {
  const weights = network ? `, and the ${network} has non-finite weights` : "";
  return `at step ${step}: the ${loss} loss is ${value} on ${listed(names)}${weights}`;
}

/** Lists the first few names; a batch may contain hundreds of them. */
function listed(names: string[], most = 3): string {
  return names.slice(0, most).join(", ") + (names.length > most ? ` and ${names.length - most} more` : "");
}

/** Returns the name of the first network that has a non-finite weight. */
export async function nonFiniteNetwork(networks: Record<string, tf.LayersModel>): Promise<string | undefined> {
  for (const [name, network] of Object.entries(networks)) {
    for (const weight of network.getWeights()) {
      if (!(await weight.data<"float32">()).every(Number.isFinite)) return name;
    }
  }
  return undefined;
}

/** Prevents non-finite weights from being saved. Losses are computed before the networks are updated, so a step that makes
 * weights non-finite may still have finite losses.
 * @throws {Error} If any network has a non-finite weight. */
export async function refuseNonFinite(networks: Record<string, tf.LayersModel>, step: number): Promise<void> {
  const network = await nonFiniteNetwork(networks);
  if (network === undefined) return;
  throw new Error(
    `Cannot save step ${step}: the ${network} has non-finite weights, so the previous checkpoint is kept; train again with a ` +
      "lower learning rate or without the images from the last steps",
  );
}

/** Returns the names of the images that have a constant value in each channel.
 * @param batch A batch, in which tensors of rank 4 are images. */
export async function constantImages(batch: { names: string[] }): Promise<string[]> {
  const constant = new Set<string>();
  for (const tensor of Object.values(batch) as unknown as tf.Tensor[]) {
    if (tensor?.rank !== 4) continue;
    const [count, height, width, channels] = tensor.shape as [number, number, number, number];
    const values = await tensor.data();
    const size = height * width * channels;
    for (let i = 0; i < count; i++) {
      const image = values.subarray(i * size, (i + 1) * size);
      if (image.every((value, place) => value === image[place % channels])) constant.add(batch.names[i] ?? `image ${i + 1}`);
    }
  }
  return [...constant];
}
