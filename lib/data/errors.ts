/** Extracts text from an error, for use in the message of another error.
 * @module */

/** Returns the first non-empty line of an error's message. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n").find((line) => line.trim()) ?? "no reason given").trim();
}
