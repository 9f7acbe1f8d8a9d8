/** Checks of the exercises of `01_the_game.ipynb`. Each says what is still wrong, or that the answer is right; none throws.
 * @module */
export { checkNumbers } from "./01/numbers.ts";
export { type BestExpert, checkBestExpert } from "./01/best_expert.ts";
export { checkForgersCost, type ForgersCost } from "./01/forgers_cost.ts";
