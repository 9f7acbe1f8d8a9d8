/** Experiments: settings, and what to look for.
 * @module */
import { DEFAULTS, type GameSettings } from "./settings.ts";

/** An experiment. Settings that are not given have their defaults. */
export interface Preset {
  title: string;
  /** What to look for. */
  hint: string;
  settings: Partial<GameSettings>;
  /** Whether the experiment is made to collapse: after {@linkcode COLLAPSED} steps, few of the heaps are covered. */
  collapses?: boolean;
}

/** Number of steps after which the experiments that collapse have collapsed. */
export const COLLAPSED = 250;

/** The experiments, keyed by name. */
export const PRESETS: Record<string, Preset> = {
  works: {
    title: "It works",
    hint: "Both networks learn at one pace. After about 1,000 steps, G's points lie in all eight heaps.",
    settings: {},
  },
  hasty: {
    title: "Collapse: a hasty G",
    hint: "G learns ten times as fast as D, with momentum: all its points run to where D is weakest, and on from there.",
    settings: { generatorRate: 0.01, discriminatorRate: 0.001, beta1: 0.9 },
    collapses: true,
  },
  small: {
    title: "Collapse: a G too small",
    hint: "One random number and four units: G can only draw a bent thread, and the ring is more than that.",
    settings: { latent: 1, generatorLayers: 1, generatorUnits: 4 },
    collapses: true,
  },
  flat: {
    title: "Vanishing gradients",
    hint:
      "All real points lie far away, and D is strong: with minimax, G feels nothing. Then change the loss, and see the arrows.",
    settings: {
      ...{ shape: "drawn", strokes: [[2.3, 2.3]], loss: "minimax" },
      ...{ discriminatorSteps: 5, discriminatorRate: 0.01, generatorRate: 0.0003 },
    },
  },
  circles: {
    title: "Round and round",
    hint: "Momentum (β₁ = 0.9) and high rates let both networks overshoot: the points circle, and the losses swing.",
    settings: { beta1: 0.9, generatorRate: 0.005, discriminatorRate: 0.005 },
  },
  wasserstein: {
    title: "A critic that never tires",
    hint: "Wasserstein with a gradient penalty: the field stays a gentle slope everywhere, and each point feels a pull.",
    settings: { loss: "wasserstein", discriminatorSteps: 5, beta1: 0, shape: "spiral" },
  },
  many: {
    title: "Sixteen heaps",
    hint: "More heaps than the default networks can easily hold. Give G more units, and D too.",
    settings: { shape: "grid", generatorUnits: 64 },
  },
};

/** Returns the settings of an experiment.
 * @param strokes The user's drawing, which is kept unless the experiment has its own. */
export function settingsOf(name: string, strokes: number[][] = []): GameSettings {
  return { ...DEFAULTS, strokes, ...PRESETS[name]?.settings };
}
