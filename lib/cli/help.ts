/** The help of a task, made from its declaration.
 * @module */
import { type Command, optionName } from "./command.ts";
import type { Option, Options } from "./options.ts";

/** Columns that the help fits in; narrow enough for half a screen. */
export const HELP_WIDTH = 96;

/** The help of a task: usage, what it does, the options with defaults, units and limits, examples. */
export function helpText<O extends Options>(command: Command<O>): string {
  const usage = ["Usage: deno task", command.name, command.usage, "[options]"].filter(Boolean).join(" ");
  const rows = Object.entries(command.options).map((
    [key, option],
  ): [string, string] => [written(key, option), described(option)]);
  rows.push(["--help", "Show this."]);
  const parts = [usage, wrap(command.about, HELP_WIDTH).join("\n")];
  if (command.subject) parts.push(table(command.subject.name, [[command.subject.choices.join(", "), command.subject.help]]));
  parts.push(table("options", rows));
  const examples = command.examples.map(({ line, does }) => `  # ${does}\n  deno task ${line}`);
  if (examples.length > 0) parts.push(`Examples:\n${examples.join("\n")}`);
  return parts.join("\n\n");
}

function written(key: string, option: Option<unknown>): string {
  return option.value === undefined ? optionName(key) : `${optionName(key)} ${option.value}`;
}

function described(option: Option<unknown>): string {
  const unit = option.unit ? ` ${option.unit}` : "";
  const allowed = option.allowed ? ` ${capital(option.allowed)}.` : "";
  const counted = option.default === 1 ? unit.replace(/s$/, "") : unit;
  const standard =
    option.default === undefined || option.default === false || (Array.isArray(option.default) && option.default.length === 0)
      ? ""
      : ` Default: ${option.default}${counted}.`;
  // Without a default nothing has named the unit yet.
  const named = unit && !standard ? ` In${unit}.` : "";
  return `${option.help}${named}${allowed}${standard}${option.required ? " Required." : ""}`;
}

/** A heading, and under it two columns. */
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

/** Lines of at most `width` columns; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && line.length + 1 + word.length > width) lines.push(line), line = word;
    else line += (line && " ") + word;
  }
  return [...lines, line];
}
