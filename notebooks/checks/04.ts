/** Checks for the exercises in `04_when_training_fails.ipynb`. Each check tells whether the answer is correct and, if not, what
 * is wrong. No check throws an error.
 * @module */
export { checkUndecided } from "./04/undecided.ts";
export { checkHinge, type HingeLoss } from "./04/hinge.ts";
export { checkDiagnosis, type Diagnose, type Diagnosis } from "./04/diagnosis.ts";
