/** Errors of the library that are a person's mistake on the command line.
 * @module */
import { UsageError } from "./options.ts";

/** Runs `build`, and makes a RangeError of the library one of usage: a setting that came from an option does not fit. Others are passed on, for V8 throws
 * RangeErrors too, "Array buffer allocation failed" where memory ends, and no option is to blame for sure.
 * @param option the one that is most likely meant.
 * @throws {UsageError} with the library's words. */
export function usageIfRange<T>(build: () => T, option: string): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof RangeError && error.message.startsWith("Cannot "))) throw error;
    throw new UsageError(`Option ${option}: ${error.message}`);
  }
}
