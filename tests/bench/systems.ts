/** The systems that the benchmark compares, each timed in a separate process, and the machine that they run on.
 * @module */
import os from "node:os";
import { isAbsolute, join } from "node:path";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { ROOT } from "../../lib/cli/process.ts";
import type { BackendName } from "../../mod.ts";
import { clock, othersPercent, timedRun } from "./measure.ts";
import type { Configuration, MatmulResult, StepResult } from "./step.ts";

/** Names of the other systems, in the order of the table. */
export const PEERS = ["tf.function", "PyTorch"] as const;

/** One of {@linkcode PEERS}. */
export type PeerName = (typeof PEERS)[number];

/** Name of any system. */
export type SystemName = PeerName | "Forger";

/** Another system with the same training step: a script and its interpreter. */
export interface Peer {
  name: PeerName;
  /** A Python interpreter that has the package. */
  python: string;
  script: string;
}

/** Conditions of a measurement. */
export interface Circumstances {
  /** Backend that was used, if the system reports it: "tensorflow 2.21.0 on CPU, 2 threads". */
  computes?: string;
  /** Load of other processes, in percent of all processors. */
  others_percent: number;
}

/** Result that every system reports. */
export type Timing = Pick<StepResult, "median_ms" | "peak_rss_mb"> & Circumstances;

/** Prefix of the line in which useBackend() reports its choice. */
const BACKEND_LINE = "Backend: ";

/** Options shared by the measurements. */
export interface Timed {
  steps: number;
  backend?: BackendName | undefined;
}

/** Returns the peers whose interpreters are named by an option, or by FORGER_TENSORFLOW_PYTHON or FORGER_TORCH_PYTHON. */
export function peersOf({ tensorflow, torch }: { tensorflow?: string | undefined; torch?: string | undefined }): Peer[] {
  const named: [PeerName, string | undefined, string][] = [
    ["tf.function", tensorflow ?? Deno.env.get("FORGER_TENSORFLOW_PYTHON"), "pix2pix_tensorflow.py"],
    ["PyTorch", torch ?? Deno.env.get("FORGER_TORCH_PYTHON"), "pix2pix_torch.py"],
  ];
  return named.flatMap(([name, python, script]) =>
    python ? [{ name, python: program(python), script: join(import.meta.dirname!, script) }] : []
  );
}

/** Makes a path explicit, so that the shell does not search PATH for it; a bare name stays as it is. */
function program(python: string): string {
  if (!/[\\/]/.test(python)) return python;
  const path = fromWhereCalled(python);
  return isAbsolute(path) || path.startsWith(".") ? path : `./${path}`;
}

/** Times Forger's steps once.
 * @throws {Error} that quotes the last line of output, if the process fails. */
export async function timeForger(configuration: Configuration, timed: Timed): Promise<StepResult & Circumstances> {
  return await timeOwn("step", configuration, timed);
}

/** Times a peer's steps once.
 * @returns the result, with the peer's name and version if its script reports them.
 * @throws {Error} that quotes the last line of output, if the process fails. */
export async function timePeer(peer: Peer, configuration: Configuration, timed: Timed): Promise<Timing & { peer?: string }> {
  return await timeOnce(peer.name, peer.python, [peer.script, ...sizes(configuration, timed)]);
}

/** Times matrix products on the backend that Forger's step uses.
 * @throws {Error} that quotes the last line of output, if the process fails. */
export async function timeMatmul(timed: Timed): Promise<MatmulResult & Circumstances> {
  return await timeOnce("the matrix product", Deno.execPath(), own("matmul", timed));
}

function own(subject: string, { backend }: Timed): string[] {
  const permissions = ["--no-prompt", "--allow-read", "--allow-env", "--allow-ffi"];
  const script = join(import.meta.dirname!, "bench.ts");
  return ["run", ...permissions, script, subject, "--json", ...(backend ? ["--backend", backend] : [])];
}

/** Returns the arguments that describe a configuration. */
export function sizes({ size, filters, batch }: Configuration, { steps }: Timed): string[] {
  return ["--size", size, "--filters", filters, "--batch", batch, "--steps", steps].map(String);
}

/** Runs a benchmark of Forger alone in a new process. */
export async function timeOwn<T>(subject: string, configuration: Configuration, timed: Timed): Promise<T & Circumstances> {
  return await timeOnce("Forger", Deno.execPath(), [...own(subject, timed), ...sizes(configuration, timed)]);
}

/** Runs a program that prints its result as a line of JSON.
 * @throws {Error} that quotes the last line of output, if the program fails. */
export async function timeOnce<T>(
  name: string,
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<T & Circumstances> {
  const before = clock();
  const ended = await timedRun(program, args, { folder: ROOT, env });
  const others_percent = othersPercent(before, clock(), ended?.cpu ?? 0);
  const line = ended?.lines.findLast((line) => line.startsWith("{"));
  if (!ended?.success || !line) {
    throw new Error(`Cannot time ${name}: ${program} ${ended ? `ended with "${ended.lines.at(-1) ?? ""}"` : "does not start"}`);
  }
  const computes = ended.lines.find((line) => line.startsWith(BACKEND_LINE))?.slice(BACKEND_LINE.length).split(";")[0];
  return { ...JSON.parse(line), ...(computes ? { computes } : {}), others_percent };
}

/** A machine, and the systems that ran on it. */
export interface Machine {
  /** Date of the measurement in UTC: "2026-11-23". */
  date: string;
  /** Operating system and architecture: "linux x86_64". */
  os: string;
  /** Model name of the processor. */
  cpu: string;
  cores: number;
  /** Version of Deno. */
  deno: string;
  /** Backend and version of each system, as it reports them. */
  systems: Partial<Record<SystemName, string>>;
}

/** Describes this machine, without any systems yet. Needs `--allow-sys=cpus`. */
export function thisMachine(): Machine {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    os: `${Deno.build.os} ${Deno.build.arch}`,
    cpu: cpus[0]?.model.trim() || "unknown",
    cores: cpus.length,
    deno: Deno.version.deno,
    systems: {},
  };
}

/** Describes a machine in a sentence, without the final full stop. */
export function machineSentence({ date, os, cpu, cores, deno, systems }: Machine): string {
  const peers = PEERS.flatMap((peer) => systems[peer] ?? []).join(" and ");
  return `Measured on ${date}: ${os}, ${cores} ${cores === 1 ? "core" : "cores"} of ${cpu}; Forger on Deno ${deno} with ` +
    `${systems.Forger}${peers ? `; for comparison ${peers}` : ""}`;
}
