/** Checks for the exercises in `01_the_game.ipynb`. Each check tells whether the answer is correct and, if not, what is wrong. No
 * check throws an error.
 * @module */
export { checkNumbers } from "./01/numbers.ts";
export { type BestExpert, checkBestExpert } from "./01/best_expert.ts";
export { checkForgersCost, type ForgersCost } from "./01/forgers_cost.ts";
