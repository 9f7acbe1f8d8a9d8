/** Checks for the exercises in `11_two_stages.ipynb`. Each check tells whether the answer is correct and, if not, what is wrong.
 * No check throws an error.
 * @module */
export { checkPlaces } from "./11/places.ts";
export { checkCloud, type Cloud } from "./11/cloud.ts";
export { checkShuffled, type WrongFor } from "./11/shuffled.ts";
