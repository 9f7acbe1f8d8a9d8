/** Trains the game's networks (mlp.ts) with the training steps of gan_step.ts, and takes the snapshots that the page shows.
 * @module */
import { gaussianMixture } from "../../../data/worlds/points.ts";
import { RandomStream } from "../../backend/random.ts";
import { type Random, seededRandom } from "../../data/random.ts";
import { mlpDiscriminator, mlpGenerator } from "../../models/mlp.ts";
import { Adam } from "../../optimizers/adam.ts";
import { variablesOf } from "../../optimizers/optimizer.ts";
import {
  GAN_LOSSES,
  ganDiscriminatorStep,
  ganGeneratorStep,
  type GanParts,
  ganStep,
  type GanStepSettings,
  noiseOf,
} from "../../systems/gan_step.ts";
import { FIXED_STATISTICS } from "../../systems/step.ts";
import * as tf from "../../tf.ts";
import { type Mixture, mixtureOf } from "./distributions.ts";
import { cellCentres, judged } from "./field.ts";
import { measure, type Measures } from "./measures.ts";
import { type GameSettings, hasTargets, startsOver } from "./settings.ts";

/** Number of real points, and of generated points, that are shown and measured. */
export const SHOWN = 400;
/** Number of generated points whose gradients are shown. */
export const ARROWS = 120;

/** The most recent losses. */
export interface LastLosses {
  discriminator?: number;
  generator?: number;
  penalty?: number;
}

/** A snapshot of the game, which the page shows after a step. Points are coordinates x, y, x, y and so on. */
export interface Look {
  steps: { discriminator: number; generator: number };
  losses: LastLosses;
  real: Float32Array<ArrayBuffer>;
  generated: Float32Array<ArrayBuffer>;
  /** D's verdict in each cell, from −1 (generated) to 1 (real), row by row from the top left. */
  field: Float32Array<ArrayBuffer>;
  /** For each of the first {@linkcode ARROWS} generated points, −∂L/∂x: the direction in which the point would move to lower G's
   * loss. */
  arrows: Float32Array<ArrayBuffer>;
  /** Mean length of the arrows. */
  pull: number;
  /** Share of the shown points that D classifies correctly. */
  right: number;
  measures: Measures;
}

/** Returns the settings of a training step. */
function stepSettings(settings: GameSettings): GanStepSettings {
  const { loss, latent, noise, discriminatorSteps, labelSmoothing, penaltyWeight } = settings;
  return {
    ...{ loss, latent, noise, discriminatorSteps, penaltyWeight },
    labelSmoothing: hasTargets(loss) ? labelSmoothing : 0,
    ...{ halved: false, diffAugment: [], clipNorm: 0, averageDecay: 0 },
  };
}

function partsOf(settings: GameSettings): GanParts & { generatorOptimizer: Adam; discriminatorOptimizer: Adam } {
  const { latent, beta1, seed } = settings;
  const hidden = (layers: number, units: number) => Array.from({ length: layers }, () => units);
  const sizes = {
    generator: hidden(settings.generatorLayers, settings.generatorUnits),
    discriminator: hidden(settings.discriminatorLayers, settings.discriminatorUnits),
  };
  const generator = mlpGenerator({ shape: [2], latent, hidden: sizes.generator, seed });
  const discriminator = mlpDiscriminator({ shape: [2], hidden: sizes.discriminator, dropout: 0, seed: seed + 1 });
  return {
    generator,
    discriminator,
    generatorOptimizer: new Adam({ learningRate: settings.generatorRate, beta1 }, variablesOf(generator)),
    discriminatorOptimizer: new Adam({ learningRate: settings.discriminatorRate, beta1 }, variablesOf(discriminator)),
    random: new RandomStream(seed),
    settings: stepSettings(settings),
  };
}

/** Trains the networks of a game. */
export class Trainer {
  #settings: GameSettings;
  #parts: ReturnType<typeof partsOf>;
  #random: Random;
  #mixture!: Mixture;
  #draw!: (random: Random) => number[];
  #real!: Float32Array<ArrayBuffer>;
  #noise: tf.Tensor2D;
  readonly #cells: tf.Tensor2D = cellCentres();
  #losses: LastLosses = {};
  #measures: Measures | undefined;

  /** Starts a game. */
  constructor(settings: GameSettings) {
    this.#settings = settings;
    this.#parts = partsOf(settings);
    this.#random = seededRandom(settings.seed);
    this.#noise = this.#shownNoise();
    this.#setShape();
  }

  /** Networks, optimizers and random numbers, in the form that the library's training steps require. */
  get parts(): GanParts {
    return this.#parts;
  }

  /** Changes settings. The weights are kept if possible. Otherwise, the game starts over.
   * @returns Whether the game started over. */
  change(settings: GameSettings): boolean {
    const before = this.#settings;
    this.#settings = settings;
    if (startsOver(before, settings)) {
      this.restart();
      return true;
    }
    this.#parts.settings = stepSettings(settings);
    this.#parts.generatorOptimizer.learningRate = settings.generatorRate;
    this.#parts.discriminatorOptimizer.learningRate = settings.discriminatorRate;
    if (before.shape !== settings.shape || before.strokes !== settings.strokes) this.#setShape();
    return false;
  }

  /** Starts over with new networks and the same seed. */
  restart(): void {
    this.#free();
    this.#parts = partsOf(this.#settings);
    this.#random = seededRandom(this.#settings.seed);
    this.#noise = this.#shownNoise();
    this.#losses = {};
    this.#setShape();
  }

  #setShape(): void {
    const { shape, strokes, seed } = this.#settings;
    const { means, deviation } = this.#mixture = mixtureOf(shape, strokes);
    const { sample } = gaussianMixture(shape, means.map((mean) => ({ mean, deviation })));
    this.#draw = sample;
    const random = seededRandom(seed, 1); // a different stream from that of the training points
    this.#real = Float32Array.from(Array.from({ length: SHOWN }, () => sample(random)).flat());
  }

  /** Draws the noise that is the same for each snapshot, so that points move rather than jump. */
  #shownNoise(): tf.Tensor2D {
    return noiseOf(this.#settings, new RandomStream(this.#settings.seed + 1), SHOWN);
  }

  /** Draws real points, `[count, 2]`. */
  #samples(count: number): tf.Tensor2D {
    return tf.tensor2d(Array.from({ length: count }, () => this.#draw(this.#random)), [count, 2]);
  }

  /** Updates D k times and G once, with {@linkcode ganStep}. */
  step(): void {
    const { batch, discriminatorSteps } = this.#settings;
    this.#take(() => ganStep(this.#parts, this.#samples(batch * discriminatorSteps)));
  }

  /** Updates D once. */
  stepDiscriminator(): void {
    this.#take(() => ganDiscriminatorStep(this.#parts, { samples: this.#samples(this.#settings.batch), labels: undefined }));
  }

  /** Updates G once. */
  stepGenerator(): void {
    this.#take(() => ({ generator: ganGeneratorStep(this.#parts, this.#settings.batch, undefined) }));
  }

  #take(step: () => Partial<Record<keyof LastLosses, tf.Scalar>>): void {
    const losses = tf.tidy(() => Object.entries(step()).map(([name, loss]) => [name, tf.keep(loss)] as const));
    for (const [name, loss] of losses) {
      this.#losses[name as keyof LastLosses] = loss.dataSync()[0]!;
      loss.dispose();
    }
  }

  /** Whether the last losses are finite. */
  get finite(): boolean {
    return Object.values(this.#losses).every(Number.isFinite);
  }

  /** Takes a snapshot: points, D's field, and the gradients at the generated points.
   * @param measured Whether to measure the points, which takes half of the time. Otherwise, the snapshot repeats the last
   * measures. */
  look(measured = true): Look {
    const { generator, discriminator, generatorOptimizer, discriminatorOptimizer } = this.#parts;
    const { loss } = this.#settings;
    const [generated, logits, arrows] = tf.tidy(() => {
      const points = generator.apply(this.#noise, { ...FIXED_STATISTICS }) as tf.Tensor2D;
      const judge = (x: tf.Tensor) => discriminator.apply(x, { ...FIXED_STATISTICS }) as tf.Tensor2D;
      const all = judge(tf.concat([this.#cells, tf.tensor2d(this.#real, [SHOWN, 2]), points]));
      // The loss is a mean over points. The gradient of the sum is that of each point on its own.
      const lossOf = (x: tf.Tensor) => tf.mul<tf.Scalar>(GAN_LOSSES[loss].generator(judge(x)), -ARROWS);
      const slopes = tf.grad(lossOf)(tf.slice(points, [0, 0], [ARROWS, 2]));
      return [points, all, slopes].map((tensor) => Float32Array.from(tensor.dataSync())) as [
        Float32Array<ArrayBuffer>,
        Float32Array<ArrayBuffer>,
        Float32Array<ArrayBuffer>,
      ];
    });
    if (measured || !this.#measures) this.#measures = measure(this.#real, generated, this.#mixture);
    let pull = 0;
    for (let i = 0; i < ARROWS; i++) pull += Math.hypot(arrows[2 * i]!, arrows[2 * i + 1]!) / ARROWS;
    return {
      steps: { discriminator: discriminatorOptimizer.steps, generator: generatorOptimizer.steps },
      losses: { ...this.#losses },
      real: this.#real.slice(),
      ...{ generated, arrows, pull, ...judged(loss, logits) },
      measures: this.#measures,
    };
  }

  #free(): void {
    const { generator, discriminator, generatorOptimizer, discriminatorOptimizer } = this.#parts;
    for (const part of [generator, discriminator, generatorOptimizer, discriminatorOptimizer, this.#noise]) part.dispose();
  }

  /** Frees the memory of all networks, optimizers and tensors. */
  dispose(): void {
    this.#free();
    this.#cells.dispose();
  }
}
