/** Checks of the exercises of `12_more_than_one_answer.ipynb`. Each says what is still wrong, or that the answer is right; none
 * throws.
 * @module */
export { type Best, checkBest } from "./12/best.ts";
export { checkManner, type Manner } from "./12/manner.ts";
export { checkNumbers } from "./12/numbers.ts";
