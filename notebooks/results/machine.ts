/** The machine of a training, and what a training costs: energy and money.
 * @module */
import { cpus } from "node:os";

/** Describes the processor of this machine. */
export function machineOf(): string {
  const processors = cpus();
  return `${processors.length} cores, ${processors[0]?.model.trim() ?? "unknown processor"}`;
}
