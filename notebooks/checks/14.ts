/** Checks of the exercises of `14_being_honest.ipynb`. Each says what is still wrong, or that the answer is right; none throws.
 * @module */
export { checkNumbers } from "./14/numbers.ts";
export { checkThreshold, type Threshold } from "./14/threshold.ts";
export { checkWorth, type Worth } from "./14/worth.ts";
