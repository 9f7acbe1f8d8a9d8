/** The systems that the benchmark compares: how each of them times a row, in a process of its own.
 * @module */
import { isAbsolute, join } from "node:path";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { ROOT } from "../../lib/cli/process.ts";
import type { BackendName } from "../../mod.ts";
import { clock, othersPercent, type Result, timedRun } from "./measure.ts";
import { nameOf, PAPER, type Row, SYSTEMS } from "./rows.ts";

/** Python interpreters that have the packages of the peers. */
export interface Interpreters {
  torch?: string | undefined;
  tensorflow?: string | undefined;
}

/** Choices that apply to all rows. */
export interface Choices {
  /** Interpreters that {@linkcode interpreters} returns. */
  pythons: Interpreters;
  /** Whether to time the peers also with the settings that make them fastest. */
  tuned: boolean;
  /** Whether to time only Forger. */
  quick?: boolean;
  backend?: BackendName | undefined;
}

/** A system that times a row. */
export interface Contender {
  /** "Forger", or the name of the peer: "PyTorch, tuned". */
  name: string;
  /** Forger itself, a peer as a user gets it, or a tuned peer. */
  kind: "own" | "stock" | "tuned";
  program: string;
  args: string[];
  env: Record<string, string>;
}

/** Result of a measurement, and the conditions in which it was made. */
export interface Timing extends Result {
  kind: Contender["kind"];
  /** Time from the start of the process to the end of the first step, in milliseconds. */
  start_ms: number;
  /** Load of other processes, in percent of all processors. */
  others_percent: number;
  /** Backend that Forger used: "tensorflow 2.21.0 on CPU, 2 threads". */
  computes?: string;
}

/** Variables of glibc that keep memory in the process. Without them, PyTorch returns memory to the operating system after each
 * op, and loses a third of a step to page faults. */
const MALLOC = { MALLOC_MMAP_MAX_: "0", MALLOC_TRIM_THRESHOLD_: `${2 ** 34}`, MALLOC_TOP_PAD_: `${2 ** 28}` };

/** Returns the interpreters that are named by an option, or by FORGER_TENSORFLOW_PYTHON or FORGER_TORCH_PYTHON. */
export function interpreters({ tensorflow, torch }: Interpreters): Interpreters {
  const path = (given: string | undefined, variable: string) => {
    const python = given ?? Deno.env.get(variable);
    return python ? program(python) : undefined;
  };
  return { torch: path(torch, "FORGER_TORCH_PYTHON"), tensorflow: path(tensorflow, "FORGER_TENSORFLOW_PYTHON") };
}

/** Makes a path explicit, so that the shell does not search PATH for it; a bare name stays as it is. */
function program(python: string): string {
  if (!/[\\/]/.test(python)) return python;
  const path = fromWhereCalled(python);
  return isAbsolute(path) || path.startsWith(".") ? path : `./${path}`;
}

/** Returns the contenders of a row, beginning with Forger. */
export function contendersOf(row: Row, { pythons, tuned, quick, backend }: Choices): Contender[] {
  const own = (name: string, row: Row): Contender => ({
    ...{ name, kind: "own", program: Deno.execPath(), env: {} },
    args: ["run", ...PERMISSIONS, join(import.meta.dirname!, "bench.ts"), ...ownSubject(row), "--json", ...sizesOf(row)],
  });
  const all = [own("Forger", { ...row, backend: row.backend ?? backend })];
  if (quick) return all;
  if (row.precision !== "float32") all.push(own("Forger, float32", { ...row, backend, precision: "float32" }));
  const peers = row.backend || backend ? [] : peersOf(row, pythons);
  return [...all, ...peers.filter(({ kind }) => tuned || kind !== "tuned")];
}

const PERMISSIONS = ["--no-prompt", "--allow-read", "--allow-write", "--allow-env", "--allow-ffi", "--allow-run"];

function systemOf({ what }: Row): string | undefined {
  return what === "start" ? PAPER.what : SYSTEMS.find((system) => system === what);
}

function ownSubject(row: Row): string[] {
  const system = systemOf(row);
  const backend = row.backend ? ["--backend", row.backend] : [];
  const rounds = row.what === "pipeline" ? ["--rounds", "2"] : []; // in both orders
  return [...system ? ["step", "--system", system] : [row.what], ...rounds, ...backend];
}

/** Returns the arguments that describe a row. */
function sizesOf({ size, filters, batch, steps, precision }: Row): string[] {
  return Object.entries({ size, filters, batch, steps, precision }).flatMap(([name, value]) => [`--${name}`, `${value}`]);
}

/** Returns the peers of a row: PyTorch for all systems, and TensorFlow for pix2pix. */
function peersOf(row: Row, { torch, tensorflow }: Interpreters): Contender[] {
  const system = systemOf(row);
  const threads = ["--threads", `${navigator.hardwareConcurrency}`];
  const peer = (python: string | undefined, script: string, more: string[]) => (name: string, ...flags: string[]) => {
    const kind = name.includes("tuned") ? "tuned" : "stock";
    const args = [join(import.meta.dirname!, "peers", script), ...sizesOf(row), ...threads, ...more, ...flags];
    return python ? [{ name, kind, program: python, args, env: kind === "tuned" ? MALLOC : {} } as const] : [];
  };
  if (row.what === "use") {
    const use = peer(torch, "use.py", []);
    return [
      ...use("PyTorch", "--engine", "eager"),
      ...use("OpenVINO", "--engine", "openvino"),
      ...use("PyTorch, tuned", "--engine", "eager"),
      ...use("PyTorch, tuned, compiled", "--engine", "compiled"),
    ];
  }
  if (!system) return [];
  const inTorch = peer(torch, "step_torch.py", ["--system", system]);
  const inTensorflow = system === PAPER.what ? peer(tensorflow, "step_tensorflow.py", []) : () => [];
  return [
    ...inTorch("PyTorch"),
    ...inTensorflow("tf.function"),
    ...row.what === "start" ? [] : [
      ...inTorch("PyTorch, tuned", "--fused"),
      ...inTorch("PyTorch, tuned, contiguous", "--fused", "--layout", "contiguous"),
      ...inTensorflow("tf.function, tuned"),
    ],
  ];
}

/** Prefix of the line in which useBackend() reports its choice. */
const BACKEND_LINE = "Backend: ";

/** Times a row once with one contender.
 * @throws {Error} that quotes the last line of output, if the process fails. */
export async function timeOnce(row: Row, { name, kind, program, args, env }: Contender): Promise<Timing> {
  const [before, started] = [clock(), Date.now()];
  const ended = await timedRun(program, args, { folder: ROOT, env });
  const others_percent = othersPercent(before, clock(), ended?.cpu ?? 0);
  const line = ended?.lines.findLast((line) => line.startsWith("{"));
  if (!ended?.success || !line) {
    const why = ended ? `ended with "${ended.lines.at(-1) ?? ""}"` : "does not start";
    throw new Error(`Cannot time ${nameOf(row)} with ${name}: ${program} ${why}`);
  }
  const result = JSON.parse(line) as Result;
  const computes = ended.lines.find((line) => line.startsWith(BACKEND_LINE))?.slice(BACKEND_LINE.length).split(";")[0];
  return { ...result, kind, start_ms: result.first_at - started, others_percent, ...computes ? { computes } : {} };
}

/** Checks that a peer trains the same number of weights as Forger.
 * @throws {Error} if it does not. */
export function checkWeights(row: Row, forger: Result, name: string, peer: Result): void {
  for (const [network, count] of Object.entries(peer.weights)) {
    const expected = forger.weights[network];
    if (count === expected) continue;
    throw new Error(`Cannot compare ${nameOf(row)} with ${name}: ${network} has ${count} weights instead of ${expected}`);
  }
}
