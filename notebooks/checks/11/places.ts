/** Exercise 2: the indices of the ones in the vector of a caption.
 * @module */
import { data } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const CAPTION = "a green house with three windows";

/** Checks both indices. NaN means that no answer has been given yet. */
export function checkPlaces({ colour, number }: { colour: number; number: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(colour) || Number.isNaN(number)) return notYet("put a number in the place of each NaN");
    const vector = data.embedCaptions([CAPTION]).arraySync()[0]!;
    const [first, second] = [vector.indexOf(1), vector.lastIndexOf(1)];
    if (colour === first + 1) return notYet("indices start at 0, so the first colour, red, has index 0");
    if (colour !== first) {
      return notYet(`index ${colour} does not stand for green: the colours are ${data.colourNames.join(", ")}`);
    }
    if (number === second - data.colourNames.length) {
      return notYet("the colour is right; the numbers follow the six colours");
    }
    if (number === 3 || number === second + 1) {
      return notYet("the colour is right; indices start at 0, so the word one, which follows the colours, has index 6");
    }
    if (number !== second) return notYet(`the colour is right; index ${number} does not stand for "three"`);
    return right(`1 at indices ${first} and ${second}`);
  });
}
