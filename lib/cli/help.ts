/** Help text of a command, generated from its definition.
 * @module */
import type { Field, Fields } from "../settings.ts";
import { type Command, optionName } from "./command.ts";

/** Width of the help text, in columns: about half the width of a full-screen terminal. */
export const HELP_WIDTH = 96;

/** Formats the help of a command: usage, description, options with their limits, units and defaults, and examples. */
export function helpText<O extends Fields>(command: Command<O>): string {
  const usage = ["Usage: deno task", command.name, command.usage, "[options]"].filter(Boolean).join(" ");
  const rows = Object.entries(command.options).map(([key, field]): [string, string] => [written(key, field), described(field)]);
  rows.push(["--help", "Show this help."]);
  const parts = [usage, wrap(command.about, HELP_WIDTH).join("\n")];
  if (command.subject) parts.push(table(command.subject.name, [[command.subject.choices.join(", "), command.subject.help]]));
  parts.push(table("options", rows));
  const examples = command.examples.map(({ line, does }) => `  # ${does}\n  deno task ${line}`);
  if (examples.length > 0) parts.push(`Examples:\n${examples.join("\n")}`);
  return parts.join("\n\n");
}

function written(key: string, field: Field<unknown, never>): string {
  const name = optionName(key, field);
  return field.value === undefined ? name : `${name} ${field.value}`;
}

function described(field: Field<unknown, never>): string {
  const { value, default: standard, unit = "", accepts, off, required, show = String } = field;
  if (value === undefined) return standard === true && off ? off.help : field.help;
  const without = standard === undefined || (Array.isArray(standard) && standard.length === 0);
  const counted = standard === 1 ? unit.replace(/s\b/, "") : unit;
  const parts = [field.help];
  if (["N", "SIZE", "WORD", "LIST"].includes(value)) {
    const inUnit = without && unit && !field.help.toLowerCase().includes(unit) ? `, in ${unit}` : "";
    parts.push(`${capital(accepts.replace(/^an? /, ""))}${inUnit}.`);
  }
  if (!without) parts.push(`Default: ${[show(standard as never), counted].filter((part) => part !== "").join(" ")}.`);
  if (required) parts.push("Required.");
  return parts.join(" ");
}

/** Formats a heading and a two-column table. */
export function table(name: string, rows: [string, string][]): string {
  const indent = Math.max(...rows.map(([left]) => left.length)) + 4;
  const lines = rows.flatMap(([left, right]) =>
    wrap(right, HELP_WIDTH - indent).map((line, i) => (i === 0 ? `  ${left}` : "").padEnd(indent) + line)
  );
  return `${capital(name)}:\n${lines.join("\n")}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Wraps text into lines of at most `width` columns. A word that is longer than a line gets its own line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > width) lines.push(line), line = word;
    else line += (line && " ") + word;
  }
  return [...lines, line];
}
