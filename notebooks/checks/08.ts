/** Checks of the exercises of `08_the_papers_tables.ipynb`. Each says what is still wrong, or that the answer is right; none
 * throws.
 * @module */
export { checkAgreement, type ToldApart } from "./08/agreement.ts";
export { checkIou, type MeanIou } from "./08/iou.ts";
export { checkNumbers } from "./08/numbers.ts";
