/** Results page for a training run: a self-contained HTML file, which needs no network access and no other files.
 * @module */
import { bare, captionOf } from "./figure.ts";
import { lossFigure, LossHistory, type LossPoint } from "./losses.ts";
import { fontFaces, PAGE_SCRIPT, PAGE_STYLE, plotlyScript, scriptJson } from "./page_assets.ts";
import {
  escaped,
  imageTable,
  nameValueTable,
  type SampleSet,
  sampleTables,
  type SettingMeaning,
  type TestImages,
} from "./page_tables.ts";
import { altText } from "./png.ts";
import { count, duration } from "./progress.ts";

/** Content of a results page. All strings are plain text and are escaped. */
export interface ResultsPage {
  /** Title of the page. */
  title: string;
  /** Line below the title, such as the name of the data set and the direction of translation. */
  subtitle?: string;
  /** Status of the run: "running", "finished", "stopped at step 200", ... */
  status?: string;
  /** The run's losses, for example in a {@linkcode LossHistory}. */
  losses: Iterable<LossPoint>;
  /** Images generated from the fixed samples after some of the epochs; epoch 0 is the state before training. */
  samples: SampleSet[];
  /** Number of epochs for which samples were saved, if `samples` contains only some of these epochs. */
  epochsSampled?: number;
  /** Names of the samples. Default: numbers from 1. */
  sampleNames?: string[];
  /** Description of how the samples were chosen. Default: "The same samples at every epoch." */
  sampleNote?: string;
  /** Held-out examples. */
  tests?: TestImages[];
  /** Metrics, keyed by name, such as `{ "L1 on val, before": 0.3955 }`. */
  measures?: Record<string, unknown>;
  /** Settings of the run, keyed by name. */
  settings: Record<string, unknown>;
  /** Descriptions and units of the settings, keyed by name. For a setting without an entry, only the value is shown. */
  meanings?: Record<string, SettingMeaning>;
  /** Name, version and device of the backend. */
  backend?: string;
  /** Training time, in seconds. */
  seconds?: number;
  /** Warnings, shown at the top of the page. */
  warnings?: string[];
  /** Files to link to, as paths relative to the page. */
  files?: string[];
}

/** Formats the results of a training run as an HTML document.
 * @returns The document; its size is about 1.3 MB plus the size of the images. */
export async function resultsPage(page: ResultsPage): Promise<string> {
  const history = LossHistory.from(page.losses);
  const body = [
    header(page, history),
    ...(page.warnings ?? []).map((warning) => `<p class="warning">Warning: ${escaped(warning)}</p>`),
    await lossSection(history),
    await sampleSection(page),
    await testSection(page.tests ?? []),
    page.measures ? section("Metrics", nameValueTable("", page.measures)) : "",
    section("Settings", nameValueTable("Settings of this training run", page.settings, page.meanings)),
    fileSection(page.files ?? []),
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

function header(page: ResultsPage, history: LossHistory): string {
  const last = [...history].at(-1);
  const fact = (name: string, value?: string) => value ? `<li><span>${name}</span><b>${escaped(value)}</b></li>` : "";
  const facts = [
    fact("status", page.status),
    page.seconds === undefined ? "" : fact("training time", duration(page.seconds)),
    last ? fact("steps", count(last.step)) + fact("epochs", `${last.epoch}`) : "",
    fact("backend", page.backend),
  ];
  return `<header><h1>${escaped(page.title)}</h1>${page.subtitle ? `<p class="quiet">${escaped(page.subtitle)}</p>` : ""}` +
    `<ul class="facts">${facts.join("")}</ul></header>`;
}

function section(title: string, content: string): string {
  return content ? `<section><h2>${title}</h2>\n${content}</section>` : "";
}

async function lossSection(history: LossHistory): Promise<string> {
  if (history.length === 0) return section("Losses", `<p class="quiet">No steps yet.</p>`);
  const steps = [...history].at(-1)!.step;
  const figure = lossFigure(history, { smooth: steps < 100 ? 1 : Math.round(steps / 40), height: 420 });
  const scales = [["linear", "Linear"], ["log", "Logarithmic"]].map(([scale, name]) =>
    `<button type="button" data-scale="${scale}" aria-pressed="${scale === "linear"}">${name}</button>`
  );
  const note =
    `<p class="quiet">The loss of each network depends on an opponent that also learns: images may improve while a loss stays ` +
    `constant or rises. Click a name to hide its curve, drag to zoom, double-click to reset.</p>`;
  const content = `${note}
<div class="tools" role="group" aria-label="Scale of the loss axis">${scales.join("")}</div>
<div id="losses" role="img" aria-label="${escaped(altText(figure))}"></div>
<p class="quiet">${escaped(captionOf(figure))}</p>
<script>${await plotlyScript()}</script>
<script>const forgerFigure = ${scriptJson(bare(figure))};${PAGE_SCRIPT}</script>`;
  return section("Losses", content);
}

/** Checkbox that enlarges the images in its section. */
const LARGE_IMAGES = `<label class="switch tools"><input type="checkbox" class="large"> Large images</label>`;

async function sampleSection(page: ResultsPage): Promise<string> {
  const { samples, sampleNames, epochsSampled, sampleNote = "The same samples at every epoch." } = page;
  if (samples.length === 0) return "";
  const tables = await sampleTables(samples, sampleNames, epochsSampled);
  return section("Samples", `<p class="quiet">${escaped(sampleNote)}</p>${LARGE_IMAGES}${tables}`);
}

async function testSection(tests: TestImages[]): Promise<string> {
  if (tests.length === 0) return "";
  const columns = [...new Set(tests.flatMap((test) => Object.keys(test.images)))];
  const rows = tests.map(({ name, images }) => ({
    name,
    cells: columns.map((column) => ({ image: images[column], alt: `${column}, ${name}` })),
  }));
  return section("Test images", `<p class="quiet">Not used for training.</p>${LARGE_IMAGES}${await imageTable(columns, rows)}`);
}

function fileSection(names: string[]): string {
  const address = (name: string) => escaped(name.split("/").map(encodeURIComponent).join("/"));
  const links = names.map((name) => `<li><a href="${address(name)}">${escaped(name)}</a></li>`);
  return links.length > 0 ? section("Files", `<ul>${links.join("")}</ul>`) : "";
}
