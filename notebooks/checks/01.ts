/** Checks for the exercises in `01_the_game.ipynb`. Each check tells whether the answer is correct and, if not, what is wrong. No
 * check throws an error.
 * @module */
export { checkNumbers } from "./01/numbers.ts";
export { checkOptimalDiscriminator, type OptimalDiscriminator } from "./01/optimal_discriminator.ts";
export { checkGeneratorLoss, type GeneratorLoss } from "./01/generator_loss.ts";
