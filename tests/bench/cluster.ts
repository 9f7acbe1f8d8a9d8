/** Times data-parallel training: pix2pix on workers of this machine, each on a core of its own, in a network namespace whose
 * loopback interface is made as slow as a network. Run it on a quiet machine: `deno run -A tests/bench/cluster.ts`. It needs
 * Linux, at least two cores, and the programs unshare, nsenter, taskset, ip and tc.
 * Usage: [SECONDS] for each time, default 10; the whole table then takes less than 10 minutes.
 *
 * A step of N workers is modelled as
 *
 *     c + d + M (a + b · 8 / rate) milliseconds, M = 2 (N − 1) / N · (size of the gradients in MB)
 *
 * where c is the time of a step of one worker and the rate is that of the link in Gbit/s. The times of two workers determine d,
 * the fixed time for a step; a, the time for reducing a MB; and b, the part of the transfer that is not hidden by arithmetic.
 * @module */
import { Matrix, solve } from "../../lib/packages.ts";
import { Network, places, until } from "../cli/_cluster.ts";
import { clock, DISTURBED_PERCENT, median, othersPercent } from "./measure.ts";

/** Sizes and filters; batch sizes for each worker. */
const MODELS = [[128, 32], [256, 32]] as const;
const BATCHES = [1, 4, 8];
/** Rates of links in Gbit/s in each direction; Infinity is the plain loopback interface. */
const RATES = [Infinity, 10, 1];
/** Smallest ratios that are acceptable on the loopback interface, keyed by model and batch size. */
const BARS: Record<string, number> = { "128/32 8": 1.6, "256/32 8": 1.75 };
/** What the model predicts. */
const PREDICTED = { size: 256, filters: 64, batch: 8, workers: [2, 4, 8, 32] };

const SECONDS = Number(Deno.args[0] ?? 10);
/** Smallest number of steps that are timed. */
const LEAST = 3;
/** Steps that are not timed at the start: tracing, and the first runs of the graph. */
const WARM = 3;
/** Time after which a worker is ended, in milliseconds. */
const PATIENCE = 600_000;
const FLOAT_BYTES = 4;

interface Plan {
  workers: number;
  size: number;
  filters: number;
  batch: number;
  bfloat16?: boolean;
}

interface Timed {
  /** Median time of a step, in milliseconds. */
  milliseconds: number;
  /** Size of the weights in MB. */
  megabytes: number;
  /** Load of other processes, in percent of all processors. */
  others: number;
}

/** Limits the rate of the loopback interface, which both directions of a link share. */
async function setRate(network: Network, rate: number): Promise<void> {
  if (rate === Infinity) return;
  const words = `tc qdisc replace dev lo root tbf rate ${2 * rate}gbit burst 1mb latency 100ms`.split(" ");
  const { success, stderr } = await network.run(words);
  if (!success) throw new Error(`Cannot limit the rate of the loopback interface: ${new TextDecoder().decode(stderr)}`);
}

/** Times the same workers on several links, one after the other. */
async function time({ workers, size, filters, batch, bfloat16 = false }: Plan, rates: number[]): Promise<Timed[]> {
  const network = await Network.create(PATIENCE);
  try {
    if (!network.isPrivate) throw new Error("Cannot time workers: the system does not allow a network namespace");
    const args = ["run", "-A", "tests/bench/_cluster_worker.ts", ...[size, filters, batch * workers].map(String)];
    const environment = workers === 1 ? [{}] : places(workers);
    const all = environment.map((place, i) =>
      network.start(args, { ...place, FORGER_CLUSTER_BFLOAT16: bfloat16 ? "1" : "" }, ["taskset", "-c", `${i}`])
    );
    const [first] = all as [typeof all[number]];
    // A worker prints the size of its weights, and then a line for each step: its time, and the processor time so far.
    const steps = () => first.stdout.split("\n").slice(1, -1).map((line) => line.split(" ").map(Number) as [number, number]);
    const take = async (count: () => boolean) => {
      await until(first, count);
      if (!count()) throw new Error(`Cannot time ${workers} workers: ${first.stderr}`);
    };
    await take(() => steps().length >= WARM);
    const timed: Timed[] = [];
    for (const rate of rates) {
      await setRate(network, rate);
      const from = steps().length + 1; // one step began before
      await take(() => steps().length > from);
      const [before, end] = [clock(), performance.now() + SECONDS * 1000];
      await take(() => steps().length - from >= LEAST && performance.now() > end);
      const own = (steps().at(-1)![1] - steps()[from]![1]) * workers;
      const megabytes = Number(first.stdout.split("\n")[0]) * FLOAT_BYTES / 1e6;
      const milliseconds = median(steps().slice(from).map(([time]) => time));
      timed.push({ milliseconds, megabytes, others: othersPercent(before, clock(), own) });
    }
    return timed;
  } finally {
    await network.end();
    network.close();
  }
}

/** Traffic of a worker in each direction, in MB. */
function traffic(workers: number, megabytes: number): number {
  return 2 * (workers - 1) / workers * megabytes;
}

/** A time of two workers on a link, and that of one worker. */
interface Row {
  alone: number;
  together: Timed;
  rate: number;
}

/** Fits the model to times, with weights that make relative errors equally important.
 * @returns d, a and b. */
function fit(rows: Row[]): [number, number, number] {
  const factors = ({ together: { megabytes }, rate }: Row) => [1, traffic(2, megabytes), traffic(2, megabytes) * 8 / rate];
  const scaled = rows.map((row) => factors(row).map((factor) => factor / row.together.milliseconds));
  const excess = rows.map(({ alone, together: { milliseconds } }) => [(milliseconds - alone) / milliseconds]);
  return solve(new Matrix(scaled), new Matrix(excess)).to1DArray() as [number, number, number];
}

const modelled = ([d, a, b]: [number, number, number], alone: number, megabytes: number, rate: number) =>
  alone + d + megabytes * (a + b * 8 / rate);

const imagesPerSecond = (images: number, milliseconds: number) => (images * 1000 / milliseconds).toFixed(2);
const linkOf = (rate: number) => rate === Infinity ? "loopback" : `${rate} Gbit/s`;
const disturbed = ({ others }: Timed) => others > DISTURBED_PERCENT ? "*" : "";

function print(name: string, batch: number, link: string, one: Timed, two: Timed): void {
  const speeds = [imagesPerSecond(batch, one.milliseconds) + disturbed(one), imagesPerSecond(2 * batch, two.milliseconds)];
  const ratio = 2 * one.milliseconds / two.milliseconds;
  const bar = link === "loopback" ? BARS[`${name} ${batch}`] : undefined;
  const wanted = bar === undefined ? "" : ` (at least ${bar}: ${ratio >= bar ? "yes" : "no"})`;
  console.log(`| ${name} | ${batch} | ${link} | ${speeds.join(" | ")}${disturbed(two)} | ${ratio.toFixed(2)}${wanted} |`);
}

if (import.meta.main) {
  const start = performance.now();
  console.log("| model | batch of a worker | link | 1 worker, images/s | 2 workers, images/s | ratio |");
  console.log("| ----- | ----------------- | ---- | ------------------ | ------------------- | ----- |");
  const rows: Row[] = [];
  for (const [size, filters] of MODELS) {
    for (const batch of BATCHES) {
      const plan = { workers: 2, size, filters, batch };
      const [one] = await time({ ...plan, workers: 1 }, [Infinity]) as [Timed];
      const pairs = await time(plan, RATES);
      for (const [i, rate] of RATES.entries()) {
        rows.push({ alone: one.milliseconds, together: pairs[i]!, rate });
        print(`${size}/${filters}`, batch, linkOf(rate), one, pairs[i]!);
      }
      const [half] = await time({ ...plan, bfloat16: true }, [1]) as [Timed];
      print(`${size}/${filters}`, batch, "1 Gbit/s, bfloat16", one, half);
    }
  }
  const found = fit(rows);
  const [d, a, b] = found;
  const errors = rows.map(({ alone, together: { milliseconds, megabytes }, rate }) =>
    Math.abs(modelled(found, alone, traffic(2, megabytes), rate) / milliseconds - 1)
  );
  console.log(
    `\nModel: d = ${d.toFixed(1)} ms, a = ${a.toFixed(2)} ms/MB, b = ${b.toFixed(2)}; relative errors: median ${
      (100 * median(errors)).toFixed(0)
    }%, largest ${(100 * Math.max(...errors)).toFixed(0)}%`,
  );
  const { size, filters, batch, workers } = PREDICTED;
  const [one] = await time({ workers: 1, size, filters, batch }, [Infinity]) as [Timed];
  console.log(
    `Prediction for ${size}/${filters}, batch ${batch} a worker (one worker: ${
      imagesPerSecond(batch, one.milliseconds)
    } images/s, ${one.megabytes.toFixed(0)} MB), as ratio to one machine:\n`,
  );
  console.log(`| link | ${workers.map((n) => `${n} machines`).join(" | ")} |`);
  console.log(`| ---- | ${workers.map(() => "----").join(" | ")} |`);
  for (const rate of [1, 10]) {
    const ratios = workers.map((n) => n * one.milliseconds / modelled(found, one.milliseconds, traffic(n, one.megabytes), rate));
    console.log(`| ${linkOf(rate)} | ${ratios.map((ratio) => ratio.toFixed(1)).join(" | ")} |`);
  }
  console.log(`\nAn asterisk marks a time with other load; ${((performance.now() - start) / 60_000).toFixed(1)} minutes`);
}
