/** A screen that records its output.
 * @module */
import type { Screen } from "../../lib/cli/status_line.ts";

/** Creates a screen that collects the text written to it. */
export function fakeScreen(terminal: boolean, width = 80): Screen & { text: string } {
  return {
    terminal,
    width,
    text: "",
    write(text) {
      this.text += text;
    },
  };
}

/** Returns what a terminal would show of a text, without the cleared lines. */
export function shown(text: string): string {
  return text.split("\n").map((line) => line.split("\r\x1b[2K").at(-1)).join("\n");
}
