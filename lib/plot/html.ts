/** Bits of HTML that carry what comes from outside: names of files, settings, warnings.
 * @module */

/** Text as HTML, fit for content and for attributes in double quotes. */
export function escaped(text: unknown): string {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A value as JSON that may stand in a `<script>`: no "</script>" and no "<!--" can end or open anything in it. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** A table of names and values; values that are objects are written as JSON, and an empty table as nothing. */
export function nameValueTable(caption: string, values: Record<string, unknown>): string {
  const rows = Object.entries(values).filter(([, value]) => value !== undefined).map(([name, value]) =>
    `<tr><th scope="row">${escaped(name)}</th><td>${escaped(typeof value === "object" ? JSON.stringify(value) : value)}</td></tr>`
  );
  return rows.length === 0
    ? ""
    : `<table class="values"><caption>${escaped(caption)}</caption><tbody>${rows.join("")}</tbody></table>`;
}

/** Plotly reads a little HTML in its texts; names and settings come from outside and are meant as they are. */
export function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
