/** Settings of the two-dimensional GAN game, with their defaults and limits. The page, its worker and the links share them.
 * @module */
import type { GanLoss } from "../../systems/gan_step.ts";

/** Names of the distributions; "drawn" is the user's drawing. */
export const SHAPES = ["ring", "grid", "moons", "spiral", "line", "drawn"] as const;

/** One of {@linkcode SHAPES}. */
export type ShapeName = (typeof SHAPES)[number];

/** Names of the losses, in the order in which the page lists them: the keys of `GAN_LOSSES`. */
export const LOSSES: readonly GanLoss[] = ["nonSaturating", "minimax", "leastSquares", "hinge", "wasserstein"];

/** Both coordinates of a visible point lie between −{@linkcode PLANE} and {@linkcode PLANE}. */
export const PLANE = 3;

/** Settings of a game. */
export interface GameSettings {
  /** Distribution of the real points. */
  shape: ShapeName;
  /** Strokes of the drawn distribution; each is an array of coordinates x, y, x, y and so on. */
  strokes: number[][];
  loss: GanLoss;
  generatorRate: number;
  discriminatorRate: number;
  /** k, the number of steps of D per step of G. */
  discriminatorSteps: number;
  /** m, the number of points in a minibatch. */
  batch: number;
  /** Number of dimensions of the noise z. */
  latent: number;
  noise: "normal" | "uniform";
  generatorLayers: number;
  generatorUnits: number;
  discriminatorLayers: number;
  discriminatorUnits: number;
  /** Coefficient β₁ of both Adam optimizers. */
  beta1: number;
  /** Amount by which D's target for real points is below 1. Applies only to losses with targets. */
  labelSmoothing: number;
  /** λ, the weight of the gradient penalty. Applies only to the loss "wasserstein". */
  penaltyWeight: number;
  seed: number;
}

/** Default settings, with which G learns the ring of eight modes within about 1,000 steps. */
export const DEFAULTS: GameSettings = {
  shape: "ring",
  strokes: [],
  loss: "nonSaturating",
  generatorRate: 0.002,
  discriminatorRate: 0.002,
  discriminatorSteps: 1,
  batch: 128,
  latent: 4,
  noise: "normal",
  generatorLayers: 2,
  generatorUnits: 32,
  discriminatorLayers: 2,
  discriminatorUnits: 64,
  beta1: 0.5,
  labelSmoothing: 0,
  penaltyWeight: 10,
  seed: 1,
};

/** Minimum and maximum of each numeric setting. */
export const LIMITS = {
  generatorRate: [1e-5, 0.1],
  discriminatorRate: [1e-5, 0.1],
  discriminatorSteps: [1, 10],
  batch: [8, 512],
  latent: [1, 32],
  generatorLayers: [1, 3],
  generatorUnits: [2, 128],
  discriminatorLayers: [1, 3],
  discriminatorUnits: [2, 128],
  beta1: [0, 0.95],
  labelSmoothing: [0, 0.5],
  penaltyWeight: [0, 100],
  seed: [0, 2 ** 31 - 2],
} as const satisfies Partial<Record<keyof GameSettings, readonly [number, number]>>;

/** Name of a numeric setting. */
export type NumericSetting = keyof typeof LIMITS;

const FRACTIONS: readonly NumericSetting[] = ["generatorRate", "discriminatorRate", "beta1", "labelSmoothing", "penaltyWeight"];

/** Settings whose change requires new networks or optimizers. The other settings can change during training. */
export const STARTS_OVER: readonly (keyof GameSettings)[] = [
  "latent",
  "noise",
  "generatorLayers",
  "generatorUnits",
  "discriminatorLayers",
  "discriminatorUnits",
  "beta1",
  "seed",
];

/** Returns whether a change of settings requires new networks or optimizers. */
export function startsOver(before: GameSettings, after: GameSettings): boolean {
  return STARTS_OVER.some((name) => before[name] !== after[name]);
}

/** Clips a number to the limits of a setting. Returns `undefined` if the value is not a number. */
export function withinLimits(name: NumericSetting, value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  const [least, most] = LIMITS[name];
  const whole = FRACTIONS.includes(name) ? value : Math.round(value);
  return Math.min(most, Math.max(least, whole));
}

/** Returns whether a loss has targets for real points, which can be smoothed. */
export function hasTargets(loss: GanLoss): boolean {
  return loss !== "hinge" && loss !== "wasserstein";
}
