/** `bench use`: pix2pix in use, at the size of the paper: translation of images in memory, compared with PyTorch and OpenVINO, and
 * `deno task translate` on a folder of jpg files, from the start of the process to its end.
 *
 * The systems take turns, each in a separate process, and are compared by the median of the rounds' ratios. Other systems are
 * timed with running statistics and without dropout, which allows them to fold batch norm into the convolutions. Forger is timed
 * both in this way and in the paper's, with dropout and the statistics of the image.
 * @module */
import { join } from "node:path";
import { ROOT } from "../../lib/cli/process.ts";
import { pix2pix, tf, useBackend } from "../../mod.ts";
import { drawJpgs } from "./data.ts";
import { median, tenths } from "./measure.ts";
import type { StepPlan } from "./step.ts";
import { type Peer, sizes, type Timed, timeOnce, timeOwn } from "./systems.ts";

/** Numbers of images that are translated at once. */
const BATCHES = [1, 8];
/** Size of the paper's model. */
const PAPER = { size: 256, filters: 64 };
/** Number of files that `deno task translate` translates. */
const FILES = 100;
/** Environment in which PyTorch does not return memory to the operating system after each op. */
const TUNED = { MALLOC_MMAP_MAX_: "0", MALLOC_TRIM_THRESHOLD_: `${2 ** 34}`, MALLOC_TOP_PAD_: `${2 ** 28}` };

/** Milliseconds for a batch, keyed by the system and the way in which it normalizes. */
export type Times = Record<string, number>;

/** Options of {@linkcode benchUse}. */
export interface UsePlan extends Timed {
  rounds: number;
  peers: readonly Peer[];
  report: (what: string) => void;
}

/** Result of {@linkcode benchUse}: times by batch size, and the seconds that each run of `deno task translate` took. */
export interface UseResult {
  rounds: Record<string, Times[]>;
  translate_s: number[];
}

/** Times translations of random images with random weights. */
export async function benchForward({ size, filters, batch, steps, backend }: StepPlan): Promise<Times> {
  await useBackend(backend);
  const model = pix2pix({ size, filters });
  model.batch = batch;
  const images = tf.randomUniform([batch, size, size, 3], -1, 1, "float32", 1) as tf.Tensor4D;
  const times: Times = {};
  for (const [name, paper] of [["Forger", false], ["Forger, as in the paper", true]] as const) {
    const each: number[] = [];
    for (let i = -3; i < steps; i++) {
      const start = performance.now();
      const translated = await model.translate(images, { dropout: paper, batchStatistics: paper });
      await translated.data();
      if (i >= 0) each.push(performance.now() - start);
      translated.dispose();
    }
    times[name] = tenths(median(each));
  }
  images.dispose();
  model.dispose();
  return times;
}

/** Prints the result of {@linkcode benchForward}. */
export const forwardSentence = (times: Times): string =>
  Object.entries(times).map(([name, ms]) => `${name}: ${ms} ms a batch`).join("\n");

/** Translates files in a new process.
 * @returns the time from the start of the process to its end, in seconds. */
async function timeTranslate(folder: string, round: number): Promise<number> {
  const args = ["--model", join(folder, "model"), "--input", join(folder, "jpg"), "--output", join(folder, `${round}`)];
  const start = performance.now();
  const script = join(ROOT, "lib/cli/translate.ts");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args: ["run", "-A", script, ...args] }).output();
  if (!success) throw new Error(`Cannot time translate: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
  return (performance.now() - start) / 1000;
}

/** Times Forger and the other systems.
 * @throws {Error} if a system fails. */
export async function benchUse(plan: UsePlan): Promise<UseResult> {
  const result: UseResult = { rounds: {}, translate_s: [] };
  const folder = await Deno.makeTempDir();
  try {
    const model = pix2pix(PAPER);
    await model.save(join(folder, "model"));
    model.dispose();
    await Deno.mkdir(join(folder, "jpg"));
    await drawJpgs(join(folder, "jpg"), PAPER.size, FILES, "target");
    for (let round = 1; round <= plan.rounds; round++) {
      plan.report(`round ${round} of ${plan.rounds}: translate`);
      result.translate_s.push(await timeTranslate(folder, round));
      for (const batch of BATCHES) {
        plan.report(`round ${round} of ${plan.rounds}: batch ${batch}`);
        const own: Times = await timeOwn("forward", { ...PAPER, batch }, plan);
        const peer = plan.peers.find(({ name }) => name === "PyTorch");
        const script = join(import.meta.dirname!, "use_peers.py");
        const others = peer && await timeOnce("PyTorch", peer.python, [script, ...sizes({ ...PAPER, batch }, plan)], TUNED);
        (result.rounds[batch] ??= []).push({ ...own, ...others as Times | undefined });
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return result;
}

/** Returns the result as a table in Markdown. */
export function useText({ rounds, translate_s }: UseResult): string {
  const lines = Object.entries(rounds).flatMap(([batch, each]) => {
    const systems = Object.keys(each[0]!).filter((name) => typeof each[0]![name] === "number" && name !== "others_percent");
    return systems.map((name) => {
      const ms = median(each.map((times) => times[name]!));
      const ratio = median(each.map((times) => times["Forger"]! / times[name]!));
      return `| ${batch} | ${name} | ${tenths(ms)} | ${tenths(1000 * Number(batch) / ms)} | ${ratio.toFixed(2)} |`;
    });
  });
  const seconds = median(translate_s);
  return [
    "| batch | system | ms a batch | images/s | Forger's time to this |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    "",
    `deno task translate on ${FILES} jpg files of ${PAPER.size}x${PAPER.size} pixels: ${tenths(seconds)} s, ` +
    `${tenths(FILES / seconds)} images a second`,
  ].join("\n");
}
