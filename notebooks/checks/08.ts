/** Checks for the exercises in `08_the_papers_tables.ipynb`. Each check tells whether the answer is correct and, if not, what is
 * wrong. No check throws an error.
 * @module */
export { checkAgreement, type ToldApart } from "./08/agreement.ts";
export { checkIou, type MeanIou } from "./08/iou.ts";
export { checkNumbers } from "./08/numbers.ts";
