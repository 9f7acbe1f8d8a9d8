/** Checks for the exercises in `12_more_than_one_answer.ipynb`. Each check tells whether the answer is correct and, if not, what
 * is wrong. No check throws an error.
 * @module */
export { type Best, checkBest } from "./12/best.ts";
export { checkManner, type Manner } from "./12/manner.ts";
export { checkNumbers } from "./12/numbers.ts";
