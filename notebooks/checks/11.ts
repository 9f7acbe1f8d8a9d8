/** Checks for the exercises in `11_two_stages.ipynb`. Each check tells whether the answer is correct and, if not, what is wrong.
 * No check throws an error.
 * @module */
export { checkPlaces } from "./11/places.ts";
export { checkSample, type Sample } from "./11/sample.ts";
export { checkShuffled, type WrongFor } from "./11/shuffled.ts";
