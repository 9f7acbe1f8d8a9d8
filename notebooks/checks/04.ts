/** Checks of the exercises of `04_when_training_fails.ipynb`. Each says what is still wrong, or that the answer is right; none
 * throws.
 * @module */
export { checkUndecided } from "./04/undecided.ts";
export { checkHinge, type HingeCost } from "./04/hinge.ts";
export { checkDiagnosis, type Diagnosis, type Doctor } from "./04/diagnosis.ts";
