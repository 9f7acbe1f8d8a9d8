/** The marks as a table: text for the terminal, CSV for a spreadsheet.
 * @module */
import type { Marked } from "./marks.ts";
import type { Exercise } from "./submission.ts";

const LONGEST = 500; // characters of a message

/** Shows the control characters of a text that a student wrote, which could change other lines of a terminal, and shortens it. */
export function visible(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return short.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (sign) => `\\u${sign.codePointAt(0)!.toString(16).padStart(4, "0")}`);
}

/** The mark of a notebook's answer to an exercise. */
export interface Graded extends Exercise, Marked {
  /** Path of the notebook in the folder that was graded. */
  notebook: string;
}

/** Returns a table for each chapter, with a row for each notebook, and below it what there is to say of suspect answers and of
 * those that failed. */
export function tableOf(all: readonly Graded[]): string {
  const graded = all.map(shown);
  const chapters = Map.groupBy(graded, ({ chapter }) => chapter);
  const tables = [...chapters].sort(([a], [b]) => a.localeCompare(b)).map(([chapter, marks]) => {
    const numbers = [...new Set(marks.map(({ number }) => number))];
    const rows = [...Map.groupBy(marks, ({ notebook }) => notebook)].map(([notebook, own]) => {
      const right = own.filter(({ mark }) => mark === "right").length;
      const cells = numbers.map((number) => own.find((each) => each.number === number)?.mark ?? "");
      return [notebook, `${right} of ${own.length}`, ...cells];
    });
    return columns([[`Chapter ${chapter}`, "right", ...numbers.map((number) => `exercise ${number}`)], ...rows]);
  });
  const remarks = graded.filter(({ mark }) => mark === "suspect" || mark === "error" || mark === "out of time")
    .map(({ notebook, number, mark, message }) => `${notebook}, exercise ${number}, ${mark}: ${message}`);
  return [...tables, ...(remarks.length > 0 ? [remarks.join("\n")] : [])].join("\n\n");
}

function shown(graded: Graded): Graded {
  return { ...graded, notebook: visible(graded.notebook), message: visible(graded.message) };
}

function columns(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((text, column) => text.padEnd(widths[column]!)).join("  ").trimEnd()).join("\n");
}

/** Returns the marks as CSV (RFC 4180). */
export function csvOf(graded: readonly Graded[]): string {
  // A spreadsheet would take a text that begins with one of these characters for a formula.
  const safe = (text: string) => /^\s*[=+@-]/.test(text) ? `'${text}` : text;
  const quoted = (value: string | number) => `"${safe(String(value)).replaceAll('"', '""')}"`;
  const rows = graded.map(shown).map((
    { notebook, chapter, number, check, mark, message },
  ) => [notebook, chapter, number, check, mark, message]);
  const head = ["notebook", "chapter", "exercise", "check", "mark", "message"];
  return [head, ...rows].map((row) => row.map(quoted).join(",") + "\r\n").join("");
}
