/** Checks for the exercises in `02_pictures_from_noise.ipynb`. Each check tells whether the answer is correct and, if not, what
 * is wrong. No check throws an error.
 * @module */
export { checkPlan } from "./02/plan.ts";
export { checkWalk, type EvenWalk } from "./02/walk.ts";
export { checkTransposed, type Transposed } from "./02/transposed.ts";
