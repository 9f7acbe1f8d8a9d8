/** Event log of a training run, for scripts and experiment trackers: one line of JSON for each event. The option --log enables
 * the log.
 *
 * Each line is an object with `type`, `time` (ISO 8601) and the fields of the event (see events.ts). A sample event is
 * logged with the names of its images but without their pixels.
 * @module */
import { dirname } from "node:path";
import { oneLine } from "../data/errors.ts";
import { writeAll } from "../data/fetch.ts";
import type { TrainEvent } from "../events.ts";
import { isGone } from "./main.ts";
import { fromWhereCalled, isThere, makeFolder } from "./paths.ts";

export interface EventLog {
  /** Appends an event.
   * @returns Whether the event was written. If the event was not written, the program that reads the standard output has exited,
   * and the log has ended.
   * @throws {Error} If the event cannot be written. */
  write(event: TrainEvent): Promise<boolean>;
  /** Closes the log, and removes the file if this log created it and nothing was written. */
  close(): Promise<void>;
}

/** Opens a log for appending.
 * @param file Path of the log, "-" for standard output, or `undefined` for no log.
 * @throws {Error} If the file cannot be opened. */
export async function openLog(file: string | undefined): Promise<EventLog | undefined> {
  if (file === undefined) return undefined;
  const path = fromWhereCalled(file);
  const [target, close] = file === "-" ? [Deno.stdout, () => Promise.resolve()] : await openFile(path);
  const encoder = new TextEncoder();
  return {
    close,
    async write(event) {
      const bytes = encoder.encode(lineOf(event) + "\n");
      try {
        await writeAll(target, bytes);
        return true;
      } catch (error) {
        if (file === "-" && isGone(error)) return false;
        const place = file === "-" ? "standard output" : path;
        const cure = "free some space, or choose another file with --log";
        throw new Error(`Cannot write the log to ${place}: ${oneLine(error)}; ${cure}`);
      }
    },
  };
}

async function openFile(path: string): Promise<[Deno.FsFile, () => Promise<void>]> {
  const undo = await makeFolder(dirname(path), "--log");
  const isNew = !await isThere(path);
  const file = await Deno.open(path, { append: true, create: true }).catch((error) => {
    throw new Error(`Cannot open the log file ${path}: ${error.message}; choose another file with --log`);
  });
  const close = async () => {
    const isEmpty = isNew && (await file.stat()).size === 0;
    file.close();
    if (!isEmpty) return;
    await Deno.remove(path).catch(() => {});
    await undo();
  };
  return [file, close];
}

function lineOf(event: TrainEvent, time: Date = new Date()): string {
  const { type, ...rest } = event;
  const fields = event.type === "sample" ? { ...rest, rows: event.rows.map((row) => Object.keys(row)) } : rest;
  return JSON.stringify({ type, time: time.toISOString(), ...fields });
}
