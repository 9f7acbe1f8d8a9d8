/** Checks of the exercises of `11_two_stages.ipynb`. Each says what is still wrong, or that the answer is right; none throws.
 * @module */
export { checkPlaces } from "./11/places.ts";
export { checkCloud, type Cloud } from "./11/cloud.ts";
export { checkShuffled, type WrongFor } from "./11/shuffled.ts";
