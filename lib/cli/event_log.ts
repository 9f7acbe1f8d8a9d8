/** Event log of a training run, for scripts and experiment trackers: one line of JSON for each event. It is enabled with --log.
 *
 * Each line is an object with `type`, `time` (ISO 8601) and the fields of the event (see events.ts). A sample event is
 * logged with the names of its images but without their pixels.
 * @module */
import { dirname } from "node:path";
import type { TrainEvent } from "../events.ts";
import { fromWhereCalled, makeFolder } from "./paths.ts";

/** An open log file. */
export interface EventLog {
  write(event: TrainEvent): Promise<void>;
  close(): Promise<void>;
}

/** Opens a log for appending.
 * @param file path, "-" for standard output, or `undefined` for no log.
 * @throws {Error} if the file cannot be opened. */
export async function openLog(file: string | undefined): Promise<EventLog | undefined> {
  if (file === undefined) return undefined;
  const encoder = new TextEncoder();
  const [write, close] = file === "-" ? [writeAll(Deno.stdout), async () => {}] : await openFile(fromWhereCalled(file));
  return { write: (event) => write(encoder.encode(lineOf(event) + "\n")), close };
}

async function openFile(path: string): Promise<[(bytes: Uint8Array) => Promise<void>, () => Promise<void>]> {
  await makeFolder(dirname(path), "--log");
  const file = await Deno.open(path, { append: true, create: true }).catch((error) => {
    throw new Error(`Cannot open the log file ${path}: ${error.message}; choose another file with --log`);
  });
  return [writeAll(file), () => Promise.resolve(file.close())];
}

function writeAll(target: { write(bytes: Uint8Array): Promise<number> }): (bytes: Uint8Array) => Promise<void> {
  return async (bytes) => {
    for (let done = 0; done < bytes.length;) done += await target.write(bytes.subarray(done));
  };
}

/** Formats an event as JSON. */
export function lineOf(event: TrainEvent, time: Date = new Date()): string {
  const { type, ...rest } = event;
  const fields = event.type === "sample" ? { ...rest, rows: event.rows.map((row) => Object.keys(row)) } : rest;
  return JSON.stringify({ type, time: time.toISOString(), ...fields });
}
