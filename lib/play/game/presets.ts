/** Experiments: settings, and hints on what to look for.
 * @module */
import { DEFAULTS, type GameSettings } from "./settings.ts";

/** An experiment. Omitted settings have their defaults. */
export interface Preset {
  title: string;
  /** A hint on what to look for. */
  hint: string;
  settings: Partial<GameSettings>;
  /** Whether the experiment demonstrates mode collapse: after {@linkcode COLLAPSED} steps, few modes are covered. */
  collapses?: boolean;
}

/** Number of steps after which the experiments on mode collapse have collapsed. */
export const COLLAPSED = 250;

/** The experiments, keyed by name. */
export const PRESETS: Record<string, Preset> = {
  works: {
    title: "Successful training",
    hint: "Both networks learn at the same rate. After about 1,000 steps, G's points cover all eight modes.",
    settings: {},
  },
  hasty: {
    title: "Mode collapse: fast G",
    hint: "G learns ten times as fast as D, with momentum. All its points move to where D is weakest, then jump elsewhere.",
    settings: { generatorRate: 0.01, discriminatorRate: 0.001, beta1: 0.9 },
    collapses: true,
  },
  small: {
    title: "Mode collapse: small G",
    hint: "With one noise dimension and four units, G can only produce a bent line, which does not cover the ring.",
    settings: { latent: 1, generatorLayers: 1, generatorUnits: 4 },
    collapses: true,
  },
  flat: {
    title: "Vanishing gradients",
    hint: "The real points are far away and D is strong: with minimax, G gets no gradient. Change the loss and watch the arrows.",
    settings: {
      ...{ shape: "drawn", strokes: [[2.3, 2.3]], loss: "minimax" },
      ...{ discriminatorSteps: 5, discriminatorRate: 0.01, generatorRate: 0.0003 },
    },
  },
  circles: {
    title: "Oscillation",
    hint:
      "With momentum (β₁ = 0.9) and high learning rates, both networks overshoot: the points circle, and the losses oscillate.",
    settings: { beta1: 0.9, generatorRate: 0.005, discriminatorRate: 0.005 },
  },
  wasserstein: {
    title: "Wasserstein critic",
    hint: "The Wasserstein loss with a gradient penalty keeps the field's slope gentle, so every point gets a useful gradient.",
    settings: { loss: "wasserstein", discriminatorSteps: 5, beta1: 0, shape: "spiral" },
  },
  many: {
    title: "Sixteen modes",
    hint: "The default networks are almost too small for so many modes. Give G and D more units.",
    settings: { shape: "grid", generatorUnits: 64 },
  },
};

/** Returns the settings of an experiment.
 * @param strokes The user's drawing, which is kept unless the experiment has its own. */
export function settingsOf(name: string, strokes: number[][] = []): GameSettings {
  return { ...DEFAULTS, strokes, ...PRESETS[name]?.settings };
}
