/** Checks for the exercises in `10_cyclegan.ipynb`. Each check tells whether the answer is correct and, if not, what is wrong. No
 * check throws an error.
 * @module */
export { checkStep } from "./10/step.ts";
export { checkCycle, type CycleLoss, type Translate } from "./10/cycle.ts";
export { checkPool, type Exchange } from "./10/pool.ts";
