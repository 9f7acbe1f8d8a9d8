/** Checks of the exercises of `05_from_picture_to_picture.ipynb`. Each says what is still wrong, or that the answer is right;
 * none throws.
 * @module */
export { checkMiddles } from "./05/middles.ts";
export { checkSharpest, type Sharpest } from "./05/sharpest.ts";
export { checkObjective, type Value } from "./05/objective.ts";
