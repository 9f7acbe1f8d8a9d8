/** On what was measured: without it a table says nothing.
 * @module */
import os from "node:os";
import type { SystemName } from "./systems.ts";

/** A machine, and what ran on it. */
export interface Machine {
  /** The day of the measurement, by UTC: "2026-11-23". */
  date: string;
  /** "linux x86_64". */
  os: string;
  /** The processor's own name. */
  cpu: string;
  cores: number;
  /** Deno's version. */
  deno: string;
  /** What each system computes with, and its version, as it says itself. */
  systems: Partial<Record<SystemName, string>>;
}

/** This machine; nothing has run yet. Needs `--allow-sys=cpus`. */
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

/** The machine for a person. */
export function machineSentence({ date, os, cpu, cores, deno, systems }: Machine): string {
  const peers = [systems["tf.function"], systems.PyTorch].filter(Boolean).join(" and ");
  return `Measured on ${date}: ${os}, ${cores} ${
    cores === 1 ? "core" : "cores"
  } of ${cpu}; Forger on Deno ${deno} with ${systems.Forger}` +
    (peers ? `; beside it ${peers}` : "");
}
