/** Checks of the exercises of `00_start_here.ipynb`. Each says what is still wrong, or that the answer is right; none throws.
 * @module */
export { checkNumbers } from "./00/numbers.ts";
export { checkSlope, type Slope } from "./00/slope.ts";
export { checkToBytes, type ToBytes } from "./00/to_bytes.ts";
