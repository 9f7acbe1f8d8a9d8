/** Checks for the exercises in `06_the_patch_discriminator.ipynb`. Each check tells whether the answer is correct and, if not,
 * what is wrong. No check throws an error.
 * @module */
export { checkPatch } from "./06/patch.ts";
export { checkField, type Field } from "./06/field.ts";
export { checkWorst, type Worst } from "./06/worst.ts";
