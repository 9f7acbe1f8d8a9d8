/** Checks of the exercises of `09_black_and_white_to_colour.ipynb`. Each says what is still wrong, or that the answer is right;
 * none throws.
 * @module */
export { checkNumbers } from "./09/numbers.ts";
export { type Brightness, checkLuma } from "./09/luma.ts";
export { checkKeep, type Keep } from "./09/keep.ts";
