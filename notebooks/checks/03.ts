/** Checks of the exercises of `03_asking_for_a_seven.ipynb`. Each says what is still wrong, or that the answer is right; none
 * throws.
 * @module */
export { checkSizes } from "./03/sizes.ts";
export { checkOneHot, type OneHot } from "./03/one_hot.ts";
export { checkPlanes, type Planes } from "./03/planes.ts";
