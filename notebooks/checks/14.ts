/** Checks for the exercises in `14_being_honest.ipynb`. Each check tells whether the answer is correct and, if not, what is
 * wrong. No check throws an error.
 * @module */
export { checkNumbers } from "./14/numbers.ts";
export { checkThreshold, type Threshold } from "./14/threshold.ts";
export { checkWorth, type Worth } from "./14/worth.ts";
