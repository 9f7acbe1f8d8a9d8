/** Checks for the exercises in `09_black_and_white_to_colour.ipynb`. Each check tells whether the answer is correct and, if not,
 * what is wrong. No check throws an error.
 * @module */
export { checkNumbers } from "./09/numbers.ts";
export { type Brightness, checkLuma } from "./09/luma.ts";
export { checkKeep, type Keep } from "./09/keep.ts";
