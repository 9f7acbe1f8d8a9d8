/** Explains the state of the game in one or two sentences.
 * @module */
import { type GameSettings, PLANE } from "./settings.ts";
import type { Look } from "./trainer.ts";

/** The state of a game that the explanation depends on. */
export interface Situation {
  settings: Pick<GameSettings, "loss" | "generatorRate" | "discriminatorRate">;
  look: Look;
  /** Earlier snapshots, from at most a few hundred steps ago, with the oldest first. */
  earlier: readonly Look[];
  /** Number of manual updates of one network since the last update of the other. */
  alone?: { network: "D" | "G"; times: number } | undefined;
  /** Whether the losses are not finite. */
  diverged?: boolean;
}

/** Accuracy above which D has won. */
const WON = 0.96;
/** Accuracy below which D is guessing. */
const GUESSING = 0.62;
/** Mean length below which the arrows hardly move a point. */
const WEAK = 0.05;
/** Coverage below which G's points cover little of the real distribution. */
const COVERS_LITTLE = 0.4;
/** Number of initial steps during which low coverage is not a sign of mode collapse. */
const EARLY = 150;
/** Minimum distance by which the mean of the generated points moves between snapshots if the points jump. */
const JUMP = 0.9;

/** Explains the state of a game. */
export function explain(situation: Situation): string {
  const { look, diverged } = situation;
  const far = Math.max(...look.measures.middle.map(Math.abs)) > 2 * PLANE;
  if (diverged) return "The losses are no longer finite, so training has stopped. Lower the learning rates, then start over.";
  if (far) {
    return "The points have left the plane because the steps are too large. Lower learning rates keep the points inside.";
  }
  if (look.steps.discriminator + look.steps.generator === 0) {
    return "Neither network has learned anything yet: both have random weights, so D's field and G's points are arbitrary. " +
      "Press Train.";
  }
  return byHand(situation) ?? trouble(situation) ?? progress(situation);
}

function byHand({ alone, look }: Situation): string | undefined {
  if (!alone || alone.times < 2) return undefined;
  const { network, times } = alone;
  if (network === "D") {
    const right = Math.round(100 * look.right);
    return `D has taken ${times} steps in a row: it now classifies ${right}% of the points correctly. ` +
      "Now step G, and watch its points follow the arrows.";
  }
  return `G has taken ${times} steps in a row: its points move to where D is fooled, often all to one place. ` +
    "Now step D, and watch it learn that points there are no longer real.";
}

function trouble({ look, earlier, settings }: Situation): string | undefined {
  const { measures, right, pull } = look;
  const { heaps, coverage, middle } = measures;
  if (right > WON && pull < WEAK && settings.loss === "minimax") {
    return "D has won: it recognizes nearly every generated point, and the minimax loss is flat there. The arrows have no " +
      "length: G's gradients vanish. The non-saturating loss avoids this.";
  }
  if (right > WON && pull < WEAK) {
    return "D has won: it classifies nearly all points correctly, and its field is too flat to move G's points.";
  }
  if (coverage > COVERS_LITTLE || look.steps.generator < EARLY) return undefined;
  const jumped = earlier.some(({ measures: { middle: [x, y] } }) => Math.hypot(middle[0] - x, middle[1] - y) > JUMP);
  if (jumped) {
    return "Mode collapse: the generated points lie close together and jump from place to place. As soon as D learns where " +
      "they are, G moves all of them elsewhere.";
  }
  const where = coveredBy(heaps?.covered ? heaps : undefined, coverage);
  return `Mode collapse: the generated points cover ${where}. D's gradients move all of them in the same direction.`;
}

/** Returns a phrase that says how much G's points cover. */
function coveredBy(heaps: Look["measures"]["heaps"], coverage: number): string {
  if (heaps) return `${heaps.covered} of ${heaps.of} modes`;
  return coverage < 0.05 ? "almost no real points" : `${Math.round(100 * coverage)}% of the real points`;
}

function progress({ look, settings }: Situation): string {
  const { measures: { heaps, coverage, precision }, right } = look;
  const percent = Math.round(100 * right);
  const found = coveredBy(heaps, coverage);
  if (coverage > 0.9 && precision > 0.8) {
    const judge = right < GUESSING
      ? `D classifies only ${percent}% of the points correctly: it is guessing`
      : `D still classifies ${percent}% of the points correctly`;
    return `G covers ${found}. ${judge}${right < GUESSING ? ", and the game is near its equilibrium." : "."}`;
  }
  if (coverage > 0.9) {
    const stray = Math.round(100 * (1 - precision));
    // Points everywhere lie near all real points, but a mode counts only with enough points of its own.
    const where = heaps && heaps.covered < heaps.of ? "are spread over all modes" : "cover the real points";
    return `G's points ${where}, but ${stray}% of them lie in between. D's field has to become more detailed.`;
  }
  if (right > WON && settings.loss !== "wasserstein") {
    return `D leads: it classifies ${percent}% of the points correctly. The arrows show where G's points move next.`;
  }
  return `G is learning: it covers ${found}. Points move to where the background is bluer; longer arrows mean larger gradients.`;
}
