/** The benchmark's table as text.
 * @module */
import { median, tenths } from "./numbers.ts";
import { SIDE } from "./rate.ts";
import { middle, nameOf, ratio, type Row, share } from "./table.ts";

/** How the table looks. */
export type TableStyle = "text" | "markdown";

const PEERS = ["tf.function", "PyTorch"] as const;

function cells(row: Row): string[] {
  const peers = PEERS.map((peer) => middle(row, peer, (timing) => timing.median_ms));
  const memory = ["Forger", ...PEERS].map((system) => middle(row, system, (timing) => timing.peak_rss_mb));
  const milliseconds = middle(row, "Forger", (timing) => timing.median_ms);
  const images = row.batch * 1000 / milliseconds;
  const number = (value: number, digits = 0) => Number.isNaN(value) ? "-" : value.toFixed(digits);
  return [
    `${row.backend} ${row.version}`,
    nameOf(row),
    number(milliseconds, 1),
    ...peers.map((value) => number(value, 1)),
    number(images, images < 10 ? 2 : 1),
    ...PEERS.map((peer) => number(ratio(row, peer), 2)),
    memory.map((value) => number(value)).join(" / "),
  ];
}

const HEAD = [
  "backend",
  "size/filters/batch",
  "ms a step",
  ...PEERS,
  "images/s",
  ...PEERS.map((peer) => `to ${peer}`),
  "peak MiB: Forger / tf.function / PyTorch",
];

/** The table, and what it says of the machine. */
export function tableText(rows: readonly Row[], style: TableStyle = "text"): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const padded = lines.map((line) => line.map((cell, i) => i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
  if (style === "markdown") padded.splice(1, 0, widths.map((width) => "-".repeat(width)));
  const table = padded.map((line) => style === "markdown" ? `| ${line.join(" | ")} |` : line.join("  ").trimEnd()).join("\n");
  return [table, ...rows.flatMap(machine)].join("\n\n");
}

function machine(row: Row): string[] {
  if (!row.rates) return [];
  return [
    `This machine multiplies ${SIDE}x${SIDE} matrices at ${tenths(median(row.rates))} GFLOP/s; a step at ${
      nameOf(row)
    } reaches ` +
    `${Math.round(share(row) * 100)}% of that, counting its convolutions as direct ones.`,
  ];
}
