/** Checks for the exercises in `05_from_picture_to_picture.ipynb`. Each check tells whether the answer is correct and, if not,
 * what is wrong. No check throws an error.
 * @module */
export { checkMiddles } from "./05/middles.ts";
export { checkSharpest, type Sharpest } from "./05/sharpest.ts";
export { checkObjective, type Value } from "./05/objective.ts";
