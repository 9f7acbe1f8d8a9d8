/** The page of a training's results: one HTML file that needs nothing else, neither network nor folder.
 * @module */
import { altText, bare, captionOf } from "./spec.ts";
import { LossHistory, type LossPoint } from "./history.ts";
import { lossFigure } from "./loss_figure.ts";
import { fontFaces, PAGE_SCRIPT, PAGE_STYLE, plotlyScript, scriptJson } from "./page_assets.ts";
import {
  escaped,
  imageTable,
  nameValueTable,
  type PageImage,
  type SampleSet,
  sampleTables,
  type TestImages,
} from "./page_tables.ts";
import { count, duration } from "./progress.ts";

/** What the page tells. */
export interface ResultsPage {
  /** Heading of the page, and its name in the browser. */
  title: string;
  /** A line under the title: data, direction, what for. */
  subtitle?: string;
  /** "running", "finished", "stopped at step 200", ... */
  status?: string;
  /** A {@linkcode LossHistory}, or any points. */
  losses: Iterable<LossPoint>;
  /** The fixed pictures, at several epochs; 0 is before training. */
  samples: SampleSet[];
  /** How many epochs were sampled, if more than are given. */
  epochsSampled?: number;
  /** Names of the fixed pictures. Default: numbers. */
  sampleNames?: string[];
  /** How the samples were chosen. Default "The same pictures each time." */
  sampleNote?: string;
  /** Pictures that were not trained on. */
  tests?: TestImages[];
  /** What was measured, by name, with units: "L1 on val, before": 0.3955. */
  measures?: Record<string, unknown>;
  /** Whatever the training was started with, by name. */
  settings: Record<string, unknown>;
  /** What computed: name, version, device. */
  backend?: string;
  /** How long the training took. */
  seconds?: number;
  /** What a person should know, in plain words. */
  warnings?: string[];
  /** Files beside the page, relative to it, that it should link to. */
  files?: string[];
}

export type { PageImage, SampleSet, TestImages };

/** A training's results as HTML.
 * @returns a whole document; about 1.3 MB and the pictures. */
export async function resultsPage(page: ResultsPage): Promise<string> {
  const history = page.losses instanceof LossHistory ? page.losses : collected(page.losses);
  const body = [
    header(page, history),
    ...(page.warnings ?? []).map((warning) => `<p class="warning">Warning: ${escaped(warning)}</p>`),
    await lossSection(history),
    await sampleSection(page),
    await testSection(page.tests ?? []),
    page.measures ? section("Measured", nameValueTable("", page.measures)) : "",
    section("Settings", nameValueTable("What this training was started with", page.settings)),
    files(page.files ?? []),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)}</title>
<style>${await fontFaces()}${PAGE_STYLE}</style>
</head>
<body><main>
${body.filter(Boolean).join("\n")}
</main></body>
</html>
`;
}

function collected(points: Iterable<LossPoint>): LossHistory {
  const history = new LossHistory();
  for (const point of points) history.add(point);
  return history;
}

function header(page: ResultsPage, history: LossHistory): string {
  const last = [...history].at(-1);
  const facts: [string, string | undefined][] = [
    ["status", page.status],
    ["took", page.seconds === undefined ? undefined : duration(page.seconds)],
    ["steps", last && count(last.step)],
    ["epochs", last && String(last.epoch)],
    ["computed by", page.backend],
  ];
  const items = facts.filter(([, value]) => value).map(([name, value]) =>
    `<li><span>${name}</span><b>${escaped(value)}</b></li>`
  );
  return `<header><h1>${escaped(page.title)}</h1>${page.subtitle ? `<p class="quiet">${escaped(page.subtitle)}</p>` : ""}` +
    `<ul class="facts">${items.join("")}</ul></header>`;
}

function section(title: string, content: string): string {
  return content ? `<section><h2>${escaped(title)}</h2>\n${content}</section>` : "";
}

async function lossSection(history: LossHistory): Promise<string> {
  if (history.length === 0) return section("Losses", `<p class="quiet">No steps yet.</p>`);
  const steps = [...history].at(-1)!.step;
  const figure = lossFigure(history, { smooth: steps < 100 ? 1 : Math.round(steps / 40), height: 420 });
  const scales = [["linear", "Linear"], ["log", "Logarithmic"]].map(([scale, name]) =>
    `<button type="button" data-scale="${scale}" aria-pressed="${scale === "linear"}">${name}</button>`
  );
  const note =
    `<p class="quiet">Each player's loss is measured against an opponent who learns too: a curve that stands still, or rises, may go ` +
    `with pictures that get better. Click a name to hide its curve, drag to enlarge, double-click to go back.</p>`;
  return section(
    "Losses",
    `${note}<div class="tools" role="group" aria-label="Scale of the loss axis">${scales.join("")}</div>
<div id="losses" role="img" aria-label="${escaped(altText(figure))}"></div>
<p class="quiet">${escaped(captionOf(figure))}</p>
<script>${await plotlyScript()}</script>
<script>const forgerFigure = ${scriptJson(bare(figure))};${PAGE_SCRIPT}</script>`,
  );
}

async function sampleSection(page: ResultsPage): Promise<string> {
  const { samples, sampleNames, epochsSampled, sampleNote = "The same pictures each time." } = page;
  if (samples.length === 0) return "";
  const large = `<label class="switch tools"><input type="checkbox" class="large"> Large pictures</label>`;
  return section(
    "Samples",
    `<p class="quiet">${escaped(sampleNote)}</p>${large}${await sampleTables(samples, sampleNames, epochsSampled)}`,
  );
}

async function testSection(tests: TestImages[]): Promise<string> {
  if (tests.length === 0) return "";
  const columns = [...new Set(tests.flatMap((test) => Object.keys(test.images)))];
  const rows = tests.map(({ name, images }) => ({
    name,
    cells: columns.map((column) => ({ picture: images[column], alt: `${column}, ${name}` })),
  }));
  const large = `<label class="switch tools"><input type="checkbox" class="large"> Large pictures</label>`;
  return section("Test pictures", `<p class="quiet">Not trained on.</p>${large}${await imageTable(columns, rows)}`);
}

function files(names: string[]): string {
  const links = names.map((name) =>
    `<li><a href="${escaped(name.split("/").map(encodeURIComponent).join("/"))}">${escaped(name)}</a></li>`
  );
  return links.length > 0 ? section("Files", `<ul>${links.join("")}</ul>`) : "";
}
