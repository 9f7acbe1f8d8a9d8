/** Tables of the comparisons of orderings.ts, in Markdown.
 * @module */
import { LEAST_SEEDS } from "../../lib/metrics/verdict.ts";
import { fence, shown, table } from "./card.ts";
import type { OrderResults } from "./order_results.ts";
import { type Agreement, type Row, type Summary, type Table, TABLES } from "./variants.ts";

/** Measures that the tables show, keyed by system; the first one is the one whose order is compared. */
const COLUMNS = {
  pix2pix: ["label_mean_iou", "label_pixel_accuracy", "patches", "weave", "l1", "ssim"],
  cyclegan: ["x_to_y_label_mean_iou", "x_to_y_material", "x_to_y_patches", "x_to_y_l1", "x_to_y_ssim"],
} as const;

/** Returns the section about the orders of the papers' tables. */
export function orderingsText(results: OrderResults): string[] {
  if (Object.keys(results.variants).length === 0) return [];
  const seeds = Math.max(...Object.values(results.variants).map(({ runs }) => runs.length));
  const seconds = Object.values(results.variants).flatMap(({ runs }) => runs.map((run) => run.seconds));
  const hours = seconds.reduce((sum, value) => sum + value, 0) / 3600;
  return [
    "## The orders of the papers' tables",
    fence("sh", ["deno run -A notebooks/results/orderings.ts"]),
    `${seconds.length} trainings on drawn facades in ${shown(hours, 2)} hours; ${results.machine}. Each row has up to ${seeds} ` +
    `seeds: mean ± standard deviation, measured on ${results.tests} test scenes. A rank is the place of the row in this order, ` +
    `in the paper and here. Two rows are distinguished if both have at least ${LEAST_SEEDS} seeds, and all values of one ` +
    "are above all values of the other.",
    ...TABLES.flatMap((one) => tableText(one, results)),
  ];
}

function tableText(one: Table, results: OrderResults): string[] {
  const { title, source, kind, measure, rows } = one;
  const known = rows.filter(({ variant }) => results.variants[variant]);
  if (known.length === 0) return [];
  const keys = COLUMNS[kind];
  const of = ({ variant }: Row, key: string) => results.variants[variant]!.summaries[key]!;
  const lines = known.map((row) => [
    row.label,
    row.paper === undefined ? "" : rankOf(row.paper, rows.map(({ paper }) => paper!)),
    rankOf(of(row, measure).mean, known.map((other) => of(other, measure).mean)),
    ...keys.map((key) => withSpread(of(row, key))),
    `\`${results.variants[row.variant]!.command}\``,
  ]);
  const baselines = Object.entries(results.baselines[kind] ?? {}).map(([name, values]) => {
    return [name, "", "", ...keys.map((key) => shown(values[key], 3)), "`deno run -A notebooks/results/orderings.ts`"];
  });
  const { agreement } = results.tables.find((found) => found.title === title)!;
  const head = ["", "rank in the paper", "rank here", ...keys.map((key) => `\`${key}\``), "command"];
  const says = keys.map((key) => `\`${key}\`: ${results.measures[kind]![key]}.`).join(" ");
  return [
    `### ${title}`,
    `${source}.${agreement.pairs > 0 ? ` ${agreementText(agreement)}` : ""}`,
    table(head, [...lines, ...baselines]),
    says,
  ];
}

function rankOf(value: number, all: readonly number[]): string {
  return `${1 + all.filter((other) => other > value).length}`;
}

function withSpread({ mean, spread }: Summary): string {
  const digits = spread > 0 ? Math.min(4, Math.max(0, 1 - Math.floor(Math.log10(spread)))) : 3;
  return `${mean.toFixed(digits)} ± ${spread.toFixed(digits)}`;
}

function agreementText({ pairs, same, sameAndApart, otherAndApart }: Agreement): string {
  return `Of ${pairs} pairs of rows that differ in the paper, ${same} have the same order here; ${sameAndApart} of these pairs ` +
    `are distinguished. ${otherAndApart} pairs are distinguished in the opposite order.`;
}
