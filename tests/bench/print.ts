/** The benchmark's table as text.
 * @module */
import { nameOf } from "./configurations.ts";
import { machineSentence } from "./machine.ts";
import { DISTURBED_PERCENT } from "./others.ts";
import { GFLOP_OF_A_STEP, SIDE } from "./rate.ts";
import { PEERS, type SystemName } from "./systems.ts";
import type { Row, Table } from "./table.ts";

/** How the table looks. */
export type TableStyle = "text" | "markdown";

const HEAD = [
  ...["backend", "size", "filters", "batch", "ms a step", "images/s", "peak MiB"],
  ...PEERS.flatMap((peer) => [`${peer} ms`, `${peer} MiB`, `to ${peer}`]),
];

/** The table, and what there is to be said of the machine and of the times. */
export function tableText({ machine, steps, rows }: Table, style: TableStyle = "text"): string {
  const rounds = rows[0]?.rounds.length ?? 0;
  const how = `${machineSentence(machine)}. The middle of ${rounds} ${rounds === 1 ? "round" : "rounds"} of ${steps} steps.`;
  return [grid([HEAD, ...rows.map(cells)], style), ...rows.flatMap(matmulSentence), ...disturbances(rows, style), how].join(
    "\n\n",
  );
}

function grid(lines: string[][], style: TableStyle): string {
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const padded = lines.map((line) => line.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
  if (style === "markdown") padded.splice(1, 0, widths.map((width) => "-".repeat(width)));
  return padded.map((line) => style === "markdown" ? `| ${line.join(" | ")} |` : line.join("  ").trimEnd()).join("\n");
}

function cells({ backend, version, size, filters, batch, shown }: Row): string[] {
  const isDisturbed = (system: SystemName) => shown.disturbed.some((disturbed) => disturbed.system === system);
  const milliseconds = (system: SystemName, value: number) => value.toFixed(1) + (isDisturbed(system) ? "*" : "");
  const { median_ms, images_per_second, peak_rss_mb, peers } = shown;
  return [
    `${backend} ${version}`,
    ...[size, filters, batch].map(String),
    milliseconds("Forger", median_ms),
    images_per_second.toFixed(images_per_second < 10 ? 2 : 1),
    peak_rss_mb.toFixed(),
    ...PEERS.flatMap((peer) => {
      const found = peers[peer];
      if (!found) return ["-", "-", "-"];
      return [milliseconds(peer, found.median_ms), found.peak_rss_mb.toFixed(), found.ratio.toFixed(2)];
    }),
  ];
}

function matmulSentence(row: Row): string[] {
  if (!row.shown.matmul) return [];
  const { gflop_per_second, share_percent } = row.shown.matmul;
  return [
    `This machine multiplies ${SIDE}x${SIDE} matrices of float32 at ${gflop_per_second} GFLOP/s, and a step at ${
      nameOf(row)
    } reaches ` +
    `${share_percent.toFixed()}% of that, counted as ${GFLOP_OF_A_STEP} GFLOP, its convolutions as direct ones.`,
  ];
}

function disturbances(rows: readonly Row[], style: TableStyle): string[] {
  const all = rows.flatMap((row) =>
    row.shown.disturbed.map(({ system, round, others_percent }) =>
      `${nameOf(row)} ${system === "matmul" ? "matrix product" : system} in round ${round} (${others_percent.toFixed()}%)`
    )
  );
  if (all.length === 0) return [];
  return [
    `${style === "markdown" ? "\\*" : "*"} Disturbed: others used more than ${DISTURBED_PERCENT}% of the processors during ${
      all.join(", ")
    }.`,
  ];
}
