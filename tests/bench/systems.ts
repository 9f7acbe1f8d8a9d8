/** The systems that take the same step, each timed in a process of its own.
 * @module */
import { isAbsolute, join } from "node:path";
import type { BackendName } from "../../lib/backend/use_backend.ts";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { ROOT } from "../../lib/cli/root.ts";
import type { Configuration } from "./configurations.ts";
import { clock, othersPercent } from "./others.ts";
import type { MatmulResult } from "./rate.ts";
import type { StepResult } from "./step.ts";
import { timedRun } from "./timed_run.ts";

/** The other systems, in the order of the table. */
export const PEERS = ["tf.function", "PyTorch"] as const;

/** One of {@linkcode PEERS}. */
export type PeerName = (typeof PEERS)[number];

/** Every system: this one is "Forger". */
export type SystemName = PeerName | "Forger";

/** Another system that takes the same step: a script, and what runs it. */
export interface Peer {
  name: PeerName;
  /** A Python interpreter that has the package. */
  python: string;
  script: string;
}

/** What was going on while something was timed. */
export interface Circumstances {
  /** What computed, if it was said: "tensorflow 2.21.0 on CPU, 2 threads". */
  computes?: string;
  /** What other processes used meanwhile, in per cent of all processors. */
  others_percent: number;
}

/** What a system says of its steps. */
export type Timing = Pick<StepResult, "median_ms" | "peak_rss_mb"> & Circumstances;

/** How useBackend() begins to say what it took. */
const SAYS = "Backend: ";

/** How each system is timed. */
export interface Timed {
  steps: number;
  backend?: BackendName | undefined;
}

/** The peers of which an interpreter is named, by an option or else by FORGER_TENSORFLOW_PYTHON and FORGER_TORCH_PYTHON. */
export function peersOf({ tensorflow, torch }: { tensorflow?: string | undefined; torch?: string | undefined }): Peer[] {
  const named: [PeerName, string | undefined, string][] = [
    ["tf.function", tensorflow ?? Deno.env.get("FORGER_TENSORFLOW_PYTHON"), "pix2pix_tensorflow.py"],
    ["PyTorch", torch ?? Deno.env.get("FORGER_TORCH_PYTHON"), "pix2pix_torch.py"],
  ];
  return named.flatMap(([name, python, script]) =>
    python ? [{ name, python: program(python), script: join(ROOT, "tests", "bench", script) }] : []
  );
}

/** A bare name is looked for where programs are; anything else is a path, which the shell must not take for a name. */
function program(python: string): string {
  if (!/[\\/]/.test(python)) return python;
  const path = fromWhereCalled(python);
  return isAbsolute(path) || path.startsWith(".") ? path : `./${path}`;
}

/** Times steps of Forger's once.
 * @throws {Error} with what it said last, if it fails. */
export async function timeForger(configuration: Configuration, timed: Timed): Promise<StepResult & Circumstances> {
  return await timeOnce("Forger", Deno.execPath(), [...own("step", timed), ...sizes(configuration, timed)]);
}

/** Times steps of a peer's once.
 * @returns besides, its name and version, if its script says so.
 * @throws {Error} with what it said last, if it fails. */
export async function timePeer(peer: Peer, configuration: Configuration, timed: Timed): Promise<Timing & { peer?: string }> {
  return await timeOnce(peer.name, peer.python, [peer.script, ...sizes(configuration, timed)]);
}

/** Times matrix products in the library that Forger's step computes with.
 * @throws {Error} with what it said last, if it fails. */
export async function timeMatmul(timed: Timed): Promise<MatmulResult & Circumstances> {
  return await timeOnce("the matrix product", Deno.execPath(), own("matmul", timed));
}

function own(subject: string, { backend }: Timed): string[] {
  const permissions = ["--no-prompt", "--allow-read", "--allow-env", "--allow-ffi"];
  const script = join("lib", "cli", "bench.ts");
  return ["run", ...permissions, script, subject, "--json", ...(backend ? ["--backend", backend] : [])];
}

function sizes({ size, filters, batch }: Configuration, { steps }: Timed): string[] {
  return ["--size", size, "--filters", filters, "--batch", batch, "--steps", steps].map(String);
}

async function timeOnce<T>(name: string, program: string, args: string[]): Promise<T & Circumstances> {
  const before = clock();
  const ended = await timedRun(program, args, { folder: ROOT });
  const others_percent = othersPercent(before, clock(), ended?.cpu ?? 0);
  const line = ended?.lines.findLast((line) => line.startsWith("{"));
  if (!ended?.success || !line) {
    throw new Error(`Cannot time ${name}: ${program} ${ended ? `ended with "${ended.lines.at(-1) ?? ""}"` : "does not start"}`);
  }
  const computes = ended.lines.find((line) => line.startsWith(SAYS))?.slice(SAYS.length).split(";")[0];
  return { ...JSON.parse(line), ...(computes ? { computes } : {}), others_percent };
}
