/** Experiments: settings, and what to look for.
 * @module */
import { DEFAULTS, type GameSettings } from "./settings.ts";

/** An experiment. Settings that are not given have their defaults. */
export interface Preset {
  title: string;
  /** What to look for. */
  hint: string;
  settings: Partial<Omit<GameSettings, "strokes">>;
  /** Whether the experiment is made to collapse: after {@linkcode COLLAPSED} steps, few of the heaps are covered. */
  collapses?: boolean;
}

/** Number of steps after which the experiments that collapse have collapsed. */
export const COLLAPSED = 400;

/** The experiments, keyed by name. */
export const PRESETS: Record<string, Preset> = {
  works: {
    title: "It works",
    hint: "Both networks learn at one pace. After about 1,000 steps, G's points lie in all eight heaps.",
    settings: {},
  },
  hasty: {
    title: "Collapse: a hasty G",
    hint: "G learns 20 times as fast as D: it runs to the place that D likes best, with all its points.",
    settings: { generatorRate: 0.02, discriminatorRate: 0.001 },
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
    hint: "Minimax, and ten strong steps of D for each of G. See the arrows shrink. Then change the loss to non-saturating.",
    settings: { loss: "minimax", discriminatorSteps: 10, discriminatorRate: 0.01 },
  },
  circles: {
    title: "Round and round",
    hint: "Momentum (β₁ = 0.9) lets both networks overshoot: the points circle, and the losses swing.",
    settings: { beta1: 0.9, generatorRate: 0.01, discriminatorRate: 0.01 },
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

/** Returns the settings of an experiment. */
export function settingsOf(name: string): GameSettings {
  return { ...DEFAULTS, ...PRESETS[name]?.settings };
}
