/** The trainings that the tables of the pix2pix and the CycleGAN paper compare, in small: on drawn facades, with all else equal.
 *
 * Published values are class IoUs of labels that a network recovers from generated photos of streets (Cityscapes). Here a rule
 * recovers them from facades. Only the order of the rows can be compared.
 * @module */

import { LEAST_SEEDS, summaryOf, type VariantSummary, verdictOf } from "../../lib/metrics/verdict.ts";

/** A row of a table. */
export interface Row {
  label: string;
  /** Name of the training in {@linkcode VARIANTS}. */
  variant: string;
  /** Published class IoU, if the row is from a paper. */
  paper?: number;
}

/** A table of a paper. */
export interface Table {
  title: string;
  source: string;
  kind: "pix2pix" | "cyclegan";
  /** Key of the measure whose order is compared with the paper's. Higher is better. */
  measure: string;
  rows: readonly Row[];
}

const PAIRS = "pix2pix --data toytown --size 128 --filters 16 --count 400 --epochs 14 --decay-from 7";
const UNPAIRED = "cyclegan --data toytown --size 128 --filters 12 --count 400 --epochs 6 --decay-from 3 --identity 0";

/** Arguments of `deno task train`, without the seed and the folder, keyed by the name of the variant. */
export const VARIANTS: Readonly<Record<string, string>> = {
  "l1": `${PAIRS} --no-adversarial`,
  "gan": `${PAIRS} --reconstruction none --unconditional`,
  "cgan": `${PAIRS} --reconstruction none`,
  "l1-gan": `${PAIRS} --unconditional`,
  "l1-cgan": PAIRS,
  "encoder-decoder-l1": `${PAIRS} --generator encoderDecoder --no-adversarial`,
  "encoder-decoder-l1-cgan": `${PAIRS} --generator encoderDecoder`,
  "patch-1": `${PAIRS} --layers 0`,
  "patch-16": `${PAIRS} --layers 1`,
  "patch-286": `${PAIRS} --layers 5`,
  "resize": `${PAIRS} --upsample resize`,
  "gan-alone": `${UNPAIRED} --lambda 0`,
  "forward-cycle": `${UNPAIRED} --cycles forward`,
  "backward-cycle": `${UNPAIRED} --cycles backward`,
  "cyclegan": UNPAIRED,
  "cyclegan-resize": `${UNPAIRED} --upsample resize`,
  "cyclegan-identity": UNPAIRED.replace("--identity 0", "--identity 0.5"),
};

const row = (label: string, variant: string, paper?: number): Row => ({ label, variant, ...paper !== undefined && { paper } });
const PIX2PIX = { kind: "pix2pix", measure: "label_mean_iou" } as const;

/** The tables. */
export const TABLES: readonly Table[] = [
  {
    ...PIX2PIX,
    title: "Losses",
    source: "Isola et al. (2017), Table 1",
    rows: [
      row("L1", "l1", 0.11),
      row("GAN", "gan", 0.01),
      row("cGAN", "cgan", 0.16),
      row("L1 + GAN", "l1-gan", 0.15),
      row("L1 + cGAN", "l1-cgan", 0.17),
    ],
  },
  {
    ...PIX2PIX,
    title: "Generators",
    source: "Isola et al. (2017), Table 2",
    rows: [
      row("encoder-decoder, L1", "encoder-decoder-l1", 0.08),
      row("encoder-decoder, L1 + cGAN", "encoder-decoder-l1-cgan", 0.05),
      row("U-Net, L1", "l1", 0.13),
      row("U-Net, L1 + cGAN", "l1-cgan", 0.14),
    ],
  },
  {
    ...PIX2PIX,
    title: "Patch sizes of the discriminator",
    source: "Isola et al. (2017), Table 3",
    rows: [
      row("1 × 1", "patch-1", 0.1),
      row("16 × 16", "patch-16", 0.17),
      row("70 × 70", "l1-cgan", 0.17),
      row("286 × 286", "patch-286", 0.11),
    ],
  },
  {
    kind: "cyclegan",
    measure: "x_to_y_label_mean_iou",
    title: "Terms of CycleGAN's loss",
    source: "Zhu et al. (2017), Table 4",
    rows: [
      row("GAN alone", "gan-alone", 0.08),
      row("GAN + forward cycle", "forward-cycle", 0.12),
      row("GAN + backward cycle", "backward-cycle", 0.06),
      row("CycleGAN", "cyclegan", 0.11),
    ],
  },
  {
    ...PIX2PIX,
    title: "Upsampling in the U-Net",
    source: "Not from the paper",
    rows: [row("transposed convolutions", "l1-cgan"), row("resize-convolutions", "resize")],
  },
  {
    kind: "cyclegan",
    measure: "x_to_y_label_mean_iou",
    title: "Options of CycleGAN",
    source: "Not from the paper",
    rows: [
      row("CycleGAN", "cyclegan"),
      row("with the identity loss", "cyclegan-identity"),
      row("with resize-convolutions", "cyclegan-resize"),
    ],
  },
];

/** How often the order of two rows is the same in a paper and here. */
export interface Agreement {
  /** Number of pairs of rows that differ in the paper. */
  pairs: number;
  /** Number of these whose order here is the same. */
  same: number;
  /** Number of these whose order is the same, and which are told apart here: with every seed, one is above the other with all. */
  sameAndApart: number;
  /** Number of these whose order is the other way round, and which are told apart here. */
  otherAndApart: number;
}

/** Compares the order of rows with that in a paper.
 * @param rows The published value of each row, and the values for each seed. */
export function agreementOf(rows: readonly { paper?: number | undefined; values: readonly number[] }[]): Agreement {
  const found: Agreement = { pairs: 0, same: 0, sameAndApart: 0, otherAndApart: 0 };
  for (const [i, one] of rows.entries()) {
    for (const other of rows.slice(0, i)) {
      if (one.paper === undefined || other.paper === undefined || one.paper === other.paper) continue;
      if (one.values.length === 0 || other.values.length === 0) continue;
      const [a, b] = [summary(one.values), summary(other.values)];
      const difference = (a.mean - b.mean) * Math.sign(one.paper - other.paper);
      found.pairs++;
      if (difference > 0) found.same++;
      if (areApart(one.values, other.values)) found[difference > 0 ? "sameAndApart" : "otherAndApart"]++;
    }
  }
  return found;
}

/** Whether the seeds tell two rows apart, as the verdict of a comparison does. */
function areApart(...values: (readonly number[])[]): boolean {
  if (values.some(({ length }) => length < LEAST_SEEDS)) return false;
  const summaries = values.map((own, i): [string, VariantSummary] => [`${i}`, summaryOf([...own])]);
  return verdictOf("", summaries, "higher").best !== undefined;
}

/** Mean, and standard deviation between seeds (0 for a single value). */
export interface Summary {
  mean: number;
  spread: number;
}

/** Summarizes the values of several seeds. */
export function summary(values: readonly number[]): Summary {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, spread: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
