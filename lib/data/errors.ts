/** Extracts the text of an error, for use in other messages.
 * @module */

/** Returns the first non-empty line of an error's message. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n").find((line) => line.trim()) ?? "no reason given").trim();
}

/** Returns the message of an error as a single line, without the stack trace. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  return message.trim().replaceAll(/\s*[\r\n]+\s*/g, " ");
}
