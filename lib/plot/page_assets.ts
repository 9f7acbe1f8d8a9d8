/** Style sheet, scripts and fonts embedded in the results page.
 * @module */
import { plotlyUrl } from "../packages.ts";
import { dataUri } from "./png.ts";
import { FONT } from "./style.ts";
import { fontFile } from "./typeface.ts";

/** Style sheet for screen and print, with a dark mode. Sizes scale with the browser's font size. Wide tables can be scrolled. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1f2430; --quiet: #5a6375; --line: #dde1e8; --soft: #f4f6f9; --mark: #0072b2; --warn: #9a4300;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171e; --ink: #e6e9ef; --quiet: #a2abbb; --line: #343b49; --soft: #1c212b; --mark: #6cb8e6; --warn: #ffb27a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 ${FONT}; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem clamp(0.8rem, 3vw, 2rem) 3rem; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0 0 0.3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 0.5rem; padding-top: 0.9rem; border-top: 1px solid var(--line); }
p { margin: 0.3rem 0; max-width: 52rem; }
.quiet, caption { color: var(--quiet); font-size: 0.9rem; }
.facts { display: flex; flex-wrap: wrap; gap: 0.4rem 1.8rem; margin: 0.8rem 0 0; padding: 0; list-style: none; }
.facts b { font-weight: 600; display: block; font-size: 1.1rem; }
.facts span { color: var(--quiet); font-size: 0.85rem; }
.warning {
  border-left: 4px solid var(--warn); background: var(--soft); padding: 0.4rem 0.8rem; margin: 0.6rem 0; overflow-wrap: anywhere;
}
a { color: var(--mark); }
button, label.switch { font: inherit; font-size: 0.9rem; }
button {
  color: var(--ink); background: var(--soft); border: 1px solid var(--line); border-radius: 0.4rem; padding: 0.2rem 0.7rem;
  cursor: pointer;
}
button[aria-pressed="true"] { background: var(--mark); border-color: var(--mark); color: var(--paper); }
.tools { display: flex; gap: 0.4rem; align-items: center; margin: 0.4rem 0; }
#losses { width: 100%; min-height: 420px; }
.scroll { overflow-x: auto; margin: 0.5rem 0; padding-bottom: 0.3rem; }
.images {
  border-collapse: separate; border-spacing: 4px;
  --side: clamp(5rem, calc((min(100vw, 76rem) - 10rem) / var(--columns) - 6px), 10rem);
}
.images caption { text-align: left; padding: 0 0 0.3rem 4px; }
.images th { font-weight: 600; font-size: 0.85rem; line-height: 1.2; padding: 0 0.2rem; }
.images tbody th {
  text-align: left; font-weight: 400; color: var(--quiet); min-width: 4rem; max-width: 9rem; overflow-wrap: anywhere;
}
.images td { padding: 0; }
.images td.first { padding-right: 0.6rem; }
.images td.last { padding-left: 0.6rem; }
.images img { display: block; width: var(--side); height: auto; background: var(--soft); }
.images img.small { image-rendering: pixelated; }
section:has(.large:checked) .images { --side: 16rem; }
.values { border-collapse: collapse; margin: 0.5rem 0; width: 100%; max-width: 46rem; }
.values caption { text-align: left; padding-bottom: 0.2rem; }
.values th, .values td {
  text-align: left; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere;
}
.values th { font-weight: 400; color: var(--quiet); width: 14rem; }
.values td { font-variant-numeric: tabular-nums; }
.explained { max-width: none; }
.explained td:nth-child(2) { width: 14rem; }
.explained td:last-child { color: var(--quiet); font-size: 0.9rem; }
@media (max-width: 36rem) { .values th, .explained td:nth-child(2) { width: 9rem; } }
@media print {
  :root { --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #fff; }
  main { max-width: none; padding: 0; }
  .tools { display: none; }
  .scroll { overflow: visible; }
  .images { --side: min(3.2cm, calc(14.5cm / var(--columns) - 4px)); }
  tr, .warning { break-inside: avoid; }
  h2, caption, thead { break-after: avoid; }
}
`;

/** Script that draws the loss curves in the colours of the page's light or dark mode. Requires Plotly and `forgerFigure`. */
export const PAGE_SCRIPT = `
(() => {
  const place = document.getElementById("losses");
  const colours = (dark) => {
    const [ink, quiet, grid] = dark ? ["#e6e9ef", "#a2abbb", "#343b49"] : ["#1f2430", "#5a6375", "#e3e6ec"];
    const none = "rgba(0,0,0,0)";
    const change = { "paper_bgcolor": none, "plot_bgcolor": none, "font.color": ink, "modebar.bgcolor": none };
    for (const axis of ["xaxis", "yaxis"]) {
      Object.assign(change, { [axis + ".gridcolor"]: grid, [axis + ".linecolor"]: quiet, [axis + ".tickcolor"]: quiet });
    }
    return change;
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const config = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d"] };
  // Plotly measures text, so the font must be loaded first.
  Promise.all([400, 600].map((weight) => document.fonts.load(weight + " 15px 'Open Sans'"))).catch(() => {})
    .then(() => Plotly.newPlot(place, forgerFigure.data, forgerFigure.layout, config))
    .then(() => Plotly.relayout(place, colours(dark.matches)));
  dark.addEventListener("change", () => Plotly.relayout(place, colours(dark.matches)));
  addEventListener("beforeprint", () => Plotly.relayout(place, colours(false)));
  addEventListener("afterprint", () => Plotly.relayout(place, colours(dark.matches)));
  const buttons = document.querySelectorAll("[data-scale]");
  buttons.forEach((button) => button.addEventListener("click", () => {
    const type = button.dataset.scale;
    const tickformat = type === "log" ? ".3~g" : "";
    Plotly.relayout(place, { "yaxis.type": type, "yaxis.tickformat": tickformat, "yaxis.autorange": true });
    buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  }));
})();
`;

let plotly: Promise<string> | undefined;

/** Returns the smallest Plotly bundle that can draw line charts, for use in a `<script>`. */
export function plotlyScript(): Promise<string> {
  return plotly ??= (async () => {
    const script = await Deno.readTextFile(await plotlyUrl("plotly-basic.min.js"));
    return script.replaceAll("</script", "<\\/script");
  })();
}

let faces: Promise<string> | undefined;

/** Returns the CSS rules for the page's font, with embedded font files. */
export function fontFaces(): Promise<string> {
  return faces ??= Promise.all(([400, 600] as const).map(async (weight) => {
    const file = dataUri(await fontFile(weight), "font/woff2");
    return `@font-face { font-family: "Open Sans"; font-weight: ${weight}; src: url(${file}) format("woff2"); }\n`;
  })).then((rules) => rules.join(""));
}

/** Returns a value as JSON for use in a `<script>`, escaped so that no string can end the script or comment it out. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}
