/** The machine of a training, and what a training costs: energy and money. Power and prices are assumptions, stated here; times
 * are measured.
 * @module */
import { cpus } from "node:os";

/** Power of a busy core with its share of memory, fans and power supply, in watts. An assumption: 40 W for two busy cores, as in
 * notebooks/14_being_honest.ipynb. */
export const CORE_WATTS = 20;
/** Price of electricity in dollars per kWh. An assumption. */
export const DOLLARS_PER_KWH = 0.3;
/** A rented GPU. The durations of a pix2pix step with PyTorch, keyed by the image size, are from tests/bench/README.md: there, at
 * 256 pixels, networks have 64 filters, at smaller sizes 32. Power and price are assumptions. */
export const GPU = {
  name: "NVIDIA H100",
  watts: 700,
  dollarsPerHour: 3,
  milliseconds: { 64: 13, 128: 10, 256: 15 } as Readonly<Record<number, number>>,
} as const;

/** Describes the processor of this machine. */
export function machineOf(): string {
  const processors = cpus();
  return `${processors.length} cores, ${processors[0]?.model.trim() ?? "unknown processor"}`;
}

/** Times of a training run. */
export interface RunTimes {
  seconds: number;
  cpuSeconds?: number;
  /** As {@linkcode machineOf} returns it. */
  machine: string;
}

/** Energy of a training run. */
export interface Energy {
  /** Processor time in hours, summed over the cores. */
  cpuHours: number;
  wattHours: number;
  dollars: number;
  /** Whether the processor time was measured. Otherwise, it is that of all cores for the whole time, which is an upper bound. */
  isMeasured: boolean;
}

/** Estimates the energy of a run on processors from its processor time. */
export function energyOf({ seconds, cpuSeconds, machine }: RunTimes): Energy {
  const cpuHours = (cpuSeconds ?? seconds * parseInt(machine)) / 3600;
  const wattHours = cpuHours * CORE_WATTS;
  return { cpuHours, wattHours, dollars: wattHours / 1000 * DOLLARS_PER_KWH, isMeasured: cpuSeconds !== undefined };
}

/** Estimates what a pix2pix run would take on a rented GPU.
 * @returns `undefined` for other systems and sizes, whose steps have not been timed there. */
export function onGpu(
  { kind, size, steps }: { kind: string; size: unknown; steps: number },
): { hours: number; wattHours: number; dollars: number } | undefined {
  const milliseconds = kind === "pix2pix" ? GPU.milliseconds[Number(size)] : undefined;
  if (milliseconds === undefined) return undefined;
  const hours = steps * milliseconds / 3.6e6;
  return { hours, wattHours: hours * GPU.watts, dollars: hours * GPU.dollarsPerHour };
}
