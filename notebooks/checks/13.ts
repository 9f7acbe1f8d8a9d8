/** Checks of the exercises of `13_your_own_pictures.ipynb`. Each says what is still wrong, or that the answer is right; none
 * throws.
 * @module */
export { checkNumbers } from "./13/numbers.ts";
export { checkSmooth, type Smooth } from "./13/smooth.ts";
export { checkSplit, type Split } from "./13/split.ts";
