/** Checks for the exercises in `00_start_here.ipynb`. Each check tells whether the answer is correct and, if not, what is wrong.
 * No check throws an error.
 * @module */
export { checkNumbers } from "./00/numbers.ts";
export { checkSlope, type Slope } from "./00/slope.ts";
export { checkToBytes, type ToBytes } from "./00/to_bytes.ts";
