/** One or two sentences about what one sees.
 * @module */
import { type GameSettings, PLANE } from "./settings.ts";
import type { Look } from "./trainer.ts";

/** What is known of a game besides its last look. */
export interface Situation {
  settings: Pick<GameSettings, "loss" | "generatorRate" | "discriminatorRate">;
  look: Look;
  /** Earlier looks, the oldest first, at most some hundred steps back. */
  earlier: readonly Look[];
  /** Number of updates by hand of one network since the last update of the other. */
  alone?: { network: "D" | "G"; times: number } | undefined;
  /** Whether the losses are no longer numbers. */
  diverged?: boolean;
}

/** Where D judges more than this share of points correctly, it has won. */
const WON = 0.96;
/** Where D judges fewer than this share correctly, it is guessing. */
const GUESSING = 0.62;
/** Arrows shorter than this, on average, hardly move a point. */
const WEAK = 0.05;
/** G's points cover little if fewer than this share of the real points have one nearby. */
const COVERS_LITTLE = 0.4;
/** Number of steps during which that is no sign of a collapse. */
const EARLY = 150;
/** A mean of the points that has moved farther than this between looks shows that they jump. */
const JUMP = 0.9;

/** Explains what one sees. */
export function explain(situation: Situation): string {
  const { look, diverged } = situation;
  const far = Math.max(...look.measures.middle.map(Math.abs)) > 2 * PLANE;
  if (diverged) return "The losses are no longer numbers, so the game has stopped. Lower the learning rates, then start over.";
  if (far) {
    return "The points have left the plane: the steps are too large. They may come back; with lower learning rates they stay.";
  }
  if (look.steps.discriminator + look.steps.generator === 0) {
    return "Nobody has learned anything yet: D's field is arbitrary, and G's points lie where its random weights put them. " +
      "Press Train.";
  }
  return byHand(situation) ?? trouble(situation) ?? progress(situation);
}

function byHand({ alone, look }: Situation): string | undefined {
  if (!alone || alone.times < 2) return undefined;
  const { network, times } = alone;
  if (network === "D") {
    const right = Math.round(100 * look.right);
    return `D has learned ${times} times while G stood still: it now judges ${right}% of the points correctly. ` +
      "Now step G, and see its points follow the arrows.";
  }
  return `G has learned ${times} times while D stood still: its points run to where D is fooled, often all to one place. ` +
    "Now step D, which learns that this place is no longer real.";
}

function trouble({ look, earlier, settings }: Situation): string | undefined {
  const { measures, right, pull } = look;
  const { heaps, coverage, middle } = measures;
  if (right > WON && pull < WEAK && settings.loss === "minimax") {
    return "D has won: it knows nearly every generated point, and there the minimax loss is flat. The arrows have no length: " +
      "G's gradients vanish. The non-saturating loss was made for this.";
  }
  if (right > WON && pull < WEAK) {
    return "D has won: it tells nearly all points apart, and its field is so flat around G's points that they feel no pull.";
  }
  if (coverage > COVERS_LITTLE || look.steps.generator < EARLY) return undefined;
  const jumped = earlier.some(({ measures: { middle: [x, y] } }) => Math.hypot(middle[0] - x, middle[1] - y) > JUMP);
  if (jumped) {
    return "Mode collapse: the generated points huddle together and jump from place to place. As soon as D learns where they " +
      "are, G moves all of them elsewhere.";
  }
  const where = coveredBy(heaps?.covered ? heaps : undefined, coverage);
  return `Mode collapse: the generated points cover ${where}. Where D sends one of them, it sends them all.`;
}

/** What G's points cover, in words. */
function coveredBy(heaps: Look["measures"]["heaps"], coverage: number): string {
  if (heaps) return `${heaps.covered} of ${heaps.of} heaps`;
  return coverage < 0.05 ? "next to nothing" : `${Math.round(100 * coverage)}% of the real points`;
}

function progress({ look, settings }: Situation): string {
  const { measures: { heaps, coverage, precision }, right } = look;
  const percent = Math.round(100 * right);
  const found = coveredBy(heaps, coverage);
  if (coverage > 0.9 && precision > 0.8) {
    const judge = right < GUESSING
      ? `D judges only ${percent}% correctly: it is guessing`
      : `D still judges ${percent}% correctly`;
    return `G has found ${found}. ${judge}${right < GUESSING ? ", and the game is near its equilibrium." : "."}`;
  }
  if (coverage > 0.9) {
    const stray = Math.round(100 * (1 - precision));
    return `G's points are everywhere that real points are, but ${stray}% of them lie in between. D's field has to become finer.`;
  }
  if (right > WON && settings.loss !== "wasserstein") {
    return `D leads: it judges ${percent}% correctly. The arrows show where it would send G's points; follow them step by step.`;
  }
  return `G is on its way: it covers ${found}. Points go where the ground turns bluer; arrows show how strongly they are pulled.`;
}
