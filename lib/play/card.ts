/** The model card on a page: what the model is, how it was trained, and how to use it in Deno.
 * @module */
import { button, element } from "./dom.ts";
import type { PageData } from "./page_data.ts";
import { copyText } from "./share.ts";

/** Builds the card, initially collapsed.
 * @param say Shows text in the status line. */
export function modelCard(
  { card, snippet, systemTitle, size, title, input, output }: PageData,
  say: (text: string) => void,
): HTMLElement {
  const isPoints = input === undefined && output === undefined; // the inputs and outputs of all others are images
  const rows: [string, string | undefined][] = [
    ["Model", `${title}: ${systemTitle}, ${isPoints ? "points" : `images of ${size.width} × ${size.height} pixels`}`],
    ["Training", card.trained],
    ["Data", card.data],
    ["Training steps", card.steps?.toLocaleString("en")],
    ["Licence of the data", card.licence],
    ["Weights", card.weights],
    ["Limitations", card.limits],
  ];
  const isSaid = (text: string) => text !== card.trained && card.trained.includes(text);
  const list = rows.flatMap(([name, text]) =>
    text === undefined || isSaid(text) ? [] : [element("dt", {}, name), element("dd", {}, text)]
  );
  const parts: HTMLElement[] = [element("dl", {}, ...list)];
  if (card.metrics) parts.push(metricsTable(card.metrics));
  if (card.command !== undefined) parts.push(copyable("Training command", card.command, say));
  parts.push(copyable("Use in Deno", snippet, say));
  return element("details", { class: "card" }, element("summary", {}, "About this model"), ...parts);
}

function metricsTable(metrics: Record<string, number>): HTMLElement {
  const rows = Object.entries(metrics).map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, `${Number(value.toPrecision(4))}`))
  );
  return element("table", {}, element("caption", {}, "Evaluation on held-out data"), ...rows);
}

/** Builds a code block with a button that copies it. */
function copyable(title: string, code: string, say: (text: string) => void): HTMLElement {
  const copy = async () =>
    say(await copyText(code) ? "Copied" : "Cannot copy: the browser does not allow it; select the text instead");
  const head = element(
    "div",
    { class: "code-head" },
    element("h3", {}, title),
    button("Copy", copy, { "aria-label": `Copy: ${title}` }),
  );
  return element("section", { class: "code" }, head, element("pre", { tabindex: 0 }, element("code", {}, code)));
}
