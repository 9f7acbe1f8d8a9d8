/** A screen whose text can be read.
 * @module */
import type { Screen } from "../../lib/cli/status_line.ts";

/** Creates a screen that collects what is written to it. */
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

/** What a terminal shows of a text, without the lines that were cleared. */
export function shown(text: string): string {
  return text.split("\n").map((line) => line.split("\r\x1b[2K").at(-1)).join("\n");
}
