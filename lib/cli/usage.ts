/** Errors of the library that are a person's mistake on the command line.
 * @module */
import { UsageError } from "./options.ts";

/** Runs `build`, and makes a RangeError of it one of usage: a setting that came from an option does not fit.
 * @param option the one that is most likely meant.
 * @throws {UsageError} with the library's words. */
export function usageIfRange<T>(build: () => T, option: string): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`Option ${option}: ${error.message}`);
  }
}
