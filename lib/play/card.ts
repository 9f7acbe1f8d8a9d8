/** The card of a page's model: what it is, how it was made, and how to use it from Deno.
 * @module */
import { button, element } from "./dom.ts";
import type { PageData } from "./page_data.ts";
import { copyText } from "./share.ts";

/** Builds the card, folded.
 * @param say Shows a text in the status line. */
export function modelCard({ card, snippet, systemTitle, size, title }: PageData, say: (text: string) => void): HTMLElement {
  const rows: [string, string | undefined][] = [
    ["Model", `${title}: ${systemTitle}, images of ${size.width} × ${size.height} pixels`],
    ["Training", card.trained],
    ["Data", card.data],
    ["Training steps", card.steps?.toLocaleString("en")],
    ["Licence of the data", card.licence],
    ["Weights", card.weights],
    ["Limits", card.limits],
  ];
  const isSaid = (text: string) => text !== card.trained && card.trained.includes(text);
  const list = rows.flatMap(([name, text]) =>
    text === undefined || isSaid(text) ? [] : [element("dt", {}, name), element("dd", {}, text)]
  );
  const parts: HTMLElement[] = [element("dl", {}, ...list)];
  if (card.metrics) parts.push(metricsTable(card.metrics));
  if (card.command !== undefined) parts.push(copyable("How it was made", card.command, say));
  parts.push(copyable("Use it from Deno", snippet, say));
  return element("details", { class: "card" }, element("summary", {}, "About this model"), ...parts);
}

function metricsTable(metrics: Record<string, number>): HTMLElement {
  const rows = Object.entries(metrics).map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, `${Number(value.toPrecision(4))}`))
  );
  return element("table", {}, element("caption", {}, "Evaluation on data that was held back"), ...rows);
}

/** A piece of code with a button that copies it. */
function copyable(title: string, code: string, say: (text: string) => void): HTMLElement {
  const copy = async () => say(await copyText(code) ? "Copied" : "The browser does not allow copying: select the text instead");
  const head = element(
    "div",
    { class: "code-head" },
    element("h3", {}, title),
    button("Copy", copy, { "aria-label": `Copy: ${title}` }),
  );
  return element("section", { class: "code" }, head, element("pre", { tabindex: 0 }, element("code", {}, code)));
}
