/** Checks for the exercises in `13_your_own_pictures.ipynb`. Each check tells whether the answer is correct and, if not, what is
 * wrong. No check throws an error.
 * @module */
export { checkNumbers } from "./13/numbers.ts";
export { checkSmooth, type Smooth } from "./13/smooth.ts";
export { checkSplit, type Split } from "./13/split.ts";
