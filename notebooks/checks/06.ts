/** Checks of the exercises of `06_the_patch_discriminator.ipynb`. Each says what is still wrong, or that the answer is right;
 * none throws.
 * @module */
export { checkPatch } from "./06/patch.ts";
export { checkField, type Field } from "./06/field.ts";
export { checkWorst, type Worst } from "./06/worst.ts";
