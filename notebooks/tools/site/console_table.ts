/** Tables that `console.table` printed, as HTML tables.
 * @module */
import { escaped } from "./html.ts";

/** Converts printed text to HTML: tables of box-drawing characters become tables, and everything else becomes `<pre>`. */
export function printedHtml(text: string): string {
  const parts: { isTable: boolean; lines: string[] }[] = [];
  let inTable = false;
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (/^┌[─┬]*┐$/.test(line)) inTable = true;
    const last = parts.at(-1);
    const startsAnew = inTable && line.startsWith("┌");
    if (last && last.isTable === inTable && !startsAnew) last.lines.push(line);
    else parts.push({ isTable: inTable, lines: [line] });
    if (/^└[─┴]*┘$/.test(line)) inTable = false;
  }
  return parts.map(({ isTable, lines }) => {
    const table = isTable ? tableHtml(lines) : undefined;
    if (table !== undefined) return table;
    const printed = lines.join("\n");
    return printed.trim() === "" ? "" : `<pre class="printed">${escaped(printed)}</pre>\n`;
  }).join("");
}

/** Converts the lines of one table. Returns `undefined` if a row has another number of cells, because a value contains "│". */
function tableHtml(lines: readonly string[]): string | undefined {
  const rows = lines.filter((line) => line.startsWith("│")).map((line) => {
    return line.slice(1, -1).split("│").map((cell) => cell.trim());
  });
  const [head, ...body] = rows;
  if (!head || body.some((row) => row.length !== head.length)) return undefined;
  // Rows that are numbered from 0 have no names.
  const isNumbered = body.every(([name], n) => name === `${n}`);
  const from = isNumbered && head.length > 1 ? 1 : 0;
  const header = head.slice(from).map((name) =>
    name === "(idx)" || name === "(index)" ? "<td></td>" : `<th scope="col">${escaped(name)}</th>`
  );
  const records = body.map((row) => {
    const cells = row.slice(from).map((cell, i) => {
      if (i === 0 && from === 0) return `<th scope="row">${escaped(unquoted(cell))}</th>`;
      return `<td${/^[-+]?[\d.,]+(e[-+]?\d+)?%?$|^(NaN|-?Infinity)$/.test(cell) ? ' class="number"' : ""}>${
        escaped(unquoted(cell))
      }</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="table printed"><table><thead><tr>${header.join("")}</tr></thead>` +
    `<tbody>${records.join("")}</tbody></table></div>\n`;
}

/** Removes the quotation marks of a string. */
function unquoted(cell: string): string {
  return cell.replace(/^(["'`])(.*)\1$/s, "$2");
}
