/** Checks of the exercises of `02_pictures_from_noise.ipynb`. Each says what is still wrong, or that the answer is right; none
 * throws.
 * @module */
export { checkPlan } from "./02/plan.ts";
export { checkWalk, type EvenWalk } from "./02/walk.ts";
export { checkSpread, type Spread } from "./02/spread.ts";
