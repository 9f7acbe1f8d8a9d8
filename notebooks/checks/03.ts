/** Checks for the exercises in `03_asking_for_a_seven.ipynb`. Each check tells whether the answer is correct and, if not, what is
 * wrong. No check throws an error.
 * @module */
export { checkSizes } from "./03/sizes.ts";
export { checkOneHot, type OneHot } from "./03/one_hot.ts";
export { checkPlanes, type Planes } from "./03/planes.ts";
