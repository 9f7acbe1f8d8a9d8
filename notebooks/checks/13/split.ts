/** Exercise 5: a test set that contains all images of a house or none.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Split = (files: string[], part: number) => string[];

const HOUSES = Array.from({ length: 10 }, (_, i) => `house${i + 1}`);
const VIEWS = ["front", "side", "back"];
/** File names. Some houses have one view rather than three. "house1" is a prefix of "house10". */
const FILES = HOUSES.flatMap((house, i) => VIEWS.slice(0, i % 4 === 3 ? 1 : 3).map((view) => `${house}_${view}.png`));
const PART = 0.3;

/** Checks the properties of the split, so that any method of choosing the houses is accepted. */
export function checkSplit(yours: Split): Promise<Verdict> {
  return judged(() => {
    const got = yours([...FILES], PART);
    if (!Array.isArray(got)) return notYet("return an array of file names");
    const strange = got.find((file) => !FILES.includes(file));
    if (strange !== undefined) return notYet(`${strange} is not one of the files`);
    if (new Set(got).size < got.length) return notYet("a file occurs twice");
    const houseOf = (file: string) => file.split("_")[0]!;
    const chosen = new Set(got.map(houseOf));
    const torn = FILES.find((file) => chosen.has(houseOf(file)) && !got.includes(file));
    if (torn !== undefined) return notYet(`${houseOf(torn)} is on both sides: ${torn} remains in the training data`);
    const wanted = Math.round(PART * HOUSES.length);
    if (chosen.size !== wanted) {
      return notYet(
        `of ${HOUSES.length} houses, ${wanted} belong in the test set; yours has ${chosen.size}: ${[...chosen].join(", ")}`,
      );
    }
    if (`${yours([...FILES], PART)}` !== `${got}`) {
      return notYet("a second call returns other files, so a resumed run would train on test images");
    }
    const sorted = (files: string[]) => `${[...files].sort()}`;
    if (sorted(yours(FILES.toReversed(), PART)) !== sorted(got)) {
      return notYet("if the files come in another order, the result changes; folders are not always listed in the same order");
    }
    return right(`${[...chosen].sort().join(", ")}, complete, and the same each time`);
  });
}
