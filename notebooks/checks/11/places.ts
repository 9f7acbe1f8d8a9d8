/** Exercise 2: the indices of the ones in the vector of a caption.
 * @module */
import { data } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const CAPTION = "a green house with three windows";

/** Checks both indices.
 * @param answer NaN means that no answer has been given yet. */
export function checkPlaces({ colour, number }: { colour: number; number: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(colour) || Number.isNaN(number)) return notYet("put a number in the place of each NaN");
    const vector = data.embedCaptions([CAPTION]).arraySync()[0]!;
    const [first, second] = [vector.indexOf(1), vector.lastIndexOf(1)];
    if (colour === first + 1) return notYet("counted from 0 the first colour, red, has the place 0");
    if (colour !== first) return notYet(`at place ${colour} green is not: the colours are ${data.colourNames.join(", ")}`);
    if (number === second - data.colourNames.length) {
      return notYet("the colour is right; the numbers come behind the six colours");
    }
    if (number === 3 || number === second + 1) {
      return notYet("the colour is right; counted from 0, and behind the colours, one has the place 6");
    }
    if (number !== second) return notYet(`the colour is right; at place ${number} three is not`);
    return right(`a 1 at ${first} and at ${second}`);
  });
}
