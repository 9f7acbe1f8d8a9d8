/** Times data-parallel training: workers on this machine with one core each, in a network namespace whose loopback interface can
 * be as slow as a network. Run it on a quiet machine: `deno run -A tests/bench/cluster.ts`. It needs Linux, and the programs
 * unshare, taskset, ip and tc.
 *
 * A step of N workers is modelled as c + 2 (N − 1) / N · M (a + 8 / rate) milliseconds: c is the time of a step of one worker, M
 * the size of the gradients in MB, a the cost of reducing a MB, which is fitted, and the rate that of the link in Gbit/s. The
 * model has no overlap of arithmetic and transfer.
 * @module */
import { places } from "../cli/_cluster.ts";

/** Sizes, filters, and batch sizes for each worker. */
const MODELS = [[128, 32], [256, 32]] as const;
const BATCHES = [1, 4, 8];
/** Links in Gbit/s in each direction; Infinity is the plain loopback. */
const LINKS = [Infinity, 10, 1];
const STEPS = Number(Deno.args[0] ?? 30);
/** What the model predicts. */
const PREDICTED = { size: 256, filters: 64, batch: 8, workers: [4, 8, 32] };
const WORKER = "tests/bench/_cluster_worker.ts";
const FLOAT_BYTES = 4;

interface Timed {
  milliseconds: number;
  weights: number;
}

/** Runs workers, each on a core of its own, and returns what worker 0 reports. */
async function time(workers: number, link: number, size: number, filters: number, batch: number): Promise<Timed> {
  const args = [size, filters, batch * workers, STEPS].join(" ");
  // Both directions of a link share the loopback interface.
  const limit = link === Infinity ? "" : `tc qdisc add dev lo root tbf rate ${2 * link}gbit burst 1mb latency 100ms || exit 1;`;
  const starts = places(workers).map((place, i) => {
    const config = workers === 1 ? "" : `TF_CONFIG='${place.TF_CONFIG}'`;
    return `${config} taskset -c ${i} ${Deno.execPath()} run -A ${WORKER} ${args} ${i === 0 ? "" : ">/dev/null"} &`;
  });
  const script = `ip link set lo up; ${limit} ${starts.join("\n")}\nwait`;
  const command = new Deno.Command("unshare", { args: ["-rn", "bash", "-c", script], stdin: "null", stderr: "piped" });
  const { stdout, stderr } = await command.output();
  const line = new TextDecoder().decode(stdout).trim();
  if (line === "") throw new Error(`Cannot time ${workers} workers: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(line);
}

/** Traffic of a worker in each direction, in MB. */
function traffic(workers: number, weights: number): number {
  return 2 * (workers - 1) / workers * weights * FLOAT_BYTES / 1e6;
}

const imagesPerSecond = (images: number, milliseconds: number) => (images * 1000 / milliseconds).toFixed(2);

if (import.meta.main) {
  console.log(
    "| model | batch of a worker | link | 1 worker, images/s | 2 workers, images/s | ratio |\n|---|---|---|---|---|---|",
  );
  const excess: { megabytes: number; milliseconds: number }[] = [];
  for (const [size, filters] of MODELS) {
    for (const batch of BATCHES) {
      const one = await time(1, Infinity, size, filters, batch);
      for (const link of LINKS) {
        const two = await time(2, link, size, filters, batch);
        const megabytes = traffic(2, two.weights);
        excess.push({ megabytes, milliseconds: two.milliseconds - one.milliseconds - megabytes * 8 / link });
        const speeds = [imagesPerSecond(batch, one.milliseconds), imagesPerSecond(2 * batch, two.milliseconds)];
        const ratio = (2 * one.milliseconds / two.milliseconds).toFixed(2);
        console.log(
          `| ${size}/${filters} | ${batch} | ${link === Infinity ? "loopback" : `${link} Gbit/s`} | ${
            speeds.join(" | ")
          } | ${ratio} |`,
        );
      }
    }
  }
  const sum = (f: (e: typeof excess[number]) => number) => excess.reduce((total, e) => total + f(e), 0);
  const cost = sum(({ megabytes, milliseconds }) => megabytes * milliseconds) / sum(({ megabytes }) => megabytes ** 2);
  console.log(`\nCost of reducing: ${cost.toFixed(2)} ms for each MB`);
  const { size, filters, batch, workers } = PREDICTED;
  const one = await time(1, Infinity, size, filters, batch);
  for (const link of [1, 10]) {
    const ratios = workers.map((n) => n * one.milliseconds / (one.milliseconds + traffic(n, one.weights) * (cost + 8 / link)));
    const listed = ratios.map((ratio, i) => `${workers[i]} machines ${ratio.toFixed(1)}x`).join(", ");
    console.log(`Predicted for ${size}/${filters}, batch ${batch} a worker, ${link} Gbit/s: ${listed}`);
  }
}
