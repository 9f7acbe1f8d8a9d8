/** Exercise 2: how often a generator of 64 x 64 images doubles the resolution, and how many channels its first layer has.
 * @module */
import { dcganGenerator } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const SETTINGS = { size: 64, filters: 16 };

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkPlan({ doublings, channels }: { doublings: number; channels: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(doublings) || Number.isNaN(channels)) return notYet("put a number in the place of each NaN");
    const { size, filters } = SETTINGS;
    const network = dcganGenerator(SETTINGS);
    const [side, , deepest] = network.getLayer("start").outputShape.slice(1) as [number, number, number];
    network.dispose();
    const wanted = Math.log2(size / side);
    if (doublings !== wanted) return notYet(`not ${doublings}: begin with ${side} and double until you reach ${size}`);
    if (channels === deepest * 2) {
      return notYet(`${doublings} doublings is right; the last one produces the image itself, and has no channels of its own`);
    }
    if (channels === filters) {
      return notYet(`${doublings} doublings is right; ${filters} channels are those of the last hidden layer`);
    }
    if (channels !== deepest) {
      return notYet(`${doublings} doublings is right; the first layer does not have ${channels} channels`);
    }
    return right(`from ${side} × ${side} with ${deepest} channels, doubled ${wanted} times`);
  });
}
