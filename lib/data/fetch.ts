/** Fetching a large file so that a cut line costs nothing: what has come stays in a `.part` file, and the next try goes on from there (HTTP Range,
 * RFC 9110, Section 14).
 * @module */
import { createHash } from "node:crypto";
import { firstLine } from "./image.ts";

/** What to fetch, and how patiently. */
export interface FetchOptions {
  /** Size of the whole file, if known. */
  bytes?: number;
  /** SHA-256 of the whole file in hexadecimal, if known. */
  sha256?: string;
  /** So many tries at one address may bring nothing before the next address is taken. Default 3. */
  tries?: number;
  /** Wait before the second try, in milliseconds; doubled each time. Default 500. */
  pause?: number;
  /** A try that brings nothing for so many milliseconds is cut off. Default 30,000. */
  patience?: number;
  /** Is told, a line at a time, what happens. Default: nobody. */
  report?: (line: string) => void;
}

/** Fetches a file from the first of the addresses that gives it, whole and right. A file that is there already is not fetched again, but looked at.
 * @param path where the file shall be; while it is incomplete it is `path` + ".part".
 * @returns the file's SHA-256 in hexadecimal.
 * @throws {Error} if no address gives it (one line with each address and what was wrong there), or the file cannot be written. */
export async function fetchFile(addresses: string[], path: string, options: FetchOptions = {}): Promise<string> {
  if (await sizeOf(path) > 0) {
    const { digest, wrong } = await inspect(path, options);
    if (wrong) throw new Error(`Cannot use ${path}: ${wrong}; move it away, and try again`);
    return digest;
  }
  const part = `${path}.part`;
  const failures: string[] = [];
  for (const address of addresses) {
    try {
      const digest = await fetchFrom(address, part, options);
      await Deno.rename(part, path);
      return digest;
    } catch (error) {
      if (error instanceof WriteError) throw error;
      failures.push(`${address}: ${reason(error)}`);
      options.report?.(`No luck at ${failures.at(-1)}`);
    }
  }
  throw new Error(
    `Cannot fetch ${path}: no address gave it (${failures.join("; ")}); see whether this machine reaches the network`,
  );
}

/** The SHA-256 of a file in hexadecimal, read in pieces. */
export function sha256Of(path: string): Promise<string> {
  return digestOf(path, "sha256");
}

/** A checksum of a file in hexadecimal, read in pieces. */
export async function digestOf(path: string, kind: "sha256" | "md5"): Promise<string> {
  const hash = createHash(kind);
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 16);
  for (let count; (count = await file.read(buffer)) !== null;) hash.update(buffer.subarray(0, count));
  return hash.digest("hex");
}

/** What fetch() says is little, and what is behind its error repeats the address: its last part is what a person can use. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${firstLine(error.cause).split(": ").at(-1)})` : "";
  return firstLine(error) + cause;
}

/** An answer that no second try at this address will mend. */
class Refused extends Error {}
/** A trouble of this machine, which no other address will mend. */
class WriteError extends Error {}

async function fetchFrom(address: string, part: string, options: FetchOptions): Promise<string> {
  const { tries = 3, pause = 500, report } = options;
  const goneOn = await sizeOf(part) > 0;
  for (let fruitless = 0;;) {
    const before = await sizeOf(part);
    try {
      await receive(address, part, before, options);
      break;
    } catch (error) {
      if (error instanceof Refused || error instanceof WriteError) throw error;
      fruitless = await sizeOf(part) > before ? 0 : fruitless + 1;
      if (fruitless >= tries) throw error;
      report?.(`Trying ${address} again: ${reason(error)}`);
      await new Promise((resolve) => setTimeout(resolve, pause * 2 ** fruitless));
    }
  }
  const { digest, wrong } = await inspect(part, options);
  if (!wrong) return digest;
  await Deno.remove(part);
  // An old part can have been of another file: once more from the start.
  if (goneOn) return await fetchFrom(address, part, options);
  throw new Refused(wrong);
}

async function inspect(part: string, { bytes, sha256 }: FetchOptions): Promise<{ digest: string; wrong?: string }> {
  const digest = await sha256Of(part);
  const size = await sizeOf(part);
  if (bytes !== undefined && size !== bytes) return { digest, wrong: `it has ${size} bytes, not ${bytes}` };
  if (sha256 !== undefined && digest !== sha256) return { digest, wrong: `its SHA-256 is ${digest}, not ${sha256}` };
  return { digest };
}

/** One request, written to the end of the part as it comes. */
async function receive(address: string, part: string, from: number, options: FetchOptions): Promise<void> {
  if (options.bytes !== undefined && from === options.bytes) return;
  const { patience = 30_000 } = options;
  const cut = new AbortController();
  const stalled = () => cut.abort(new Error(`nothing came for ${patience / 1000} s`));
  let alarm = setTimeout(stalled, patience);
  // Bytes as they are stored: a decoded stream would have other positions.
  const headers = { "accept-encoding": "identity", ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
  try {
    const response = await fetch(address, { headers, signal: cut.signal });
    let received = await startOf(response, part, from);
    const whole = received + Number(response.headers.get("content-length") ?? NaN);
    using file = await openPart(part, received);
    for await (const bytes of response.body ?? []) {
      clearTimeout(alarm);
      alarm = setTimeout(stalled, patience);
      await writeAll(file, bytes, part);
      const line = progress(received, received += bytes.length, options.bytes ?? whole);
      if (line) options.report?.(line);
    }
    if (received < whole) throw new Error(`the line was cut after ${received} of ${whole} bytes`);
  } finally {
    clearTimeout(alarm);
  }
}

/** Where in the file the answer's bytes begin. */
async function startOf(response: Response, part: string, from: number): Promise<number> {
  if (response.status === 200) return 0; // also from a server that ignores Range and sends all of it
  if (response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${from}-`)) return from;
  await response.body?.cancel();
  const status = `${response.status} ${response.statusText}`.trim();
  if (response.status === 416 || response.status === 206) {
    await Deno.remove(part); // it does not fit the file there: begin anew
    throw new Error(`the server would not go on from byte ${from} (${status})`);
  }
  const passing = response.status >= 500 || response.status === 408 || response.status === 429;
  throw new (passing ? Error : Refused)(`the server answered ${status}`);
}

async function openPart(part: string, from: number): Promise<Deno.FsFile> {
  try {
    return await Deno.open(part, from > 0 ? { append: true } : { write: true, create: true, truncate: true });
  } catch (error) {
    throw new WriteError(`Cannot write ${part}: ${firstLine(error)}; check the folder`);
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array, part: string): Promise<void> {
  try {
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
  } catch (error) {
    throw new WriteError(`Cannot write ${part}: ${firstLine(error)}; make room and start again, what has come is kept`);
  }
}

/** A line at each tenth of the way. */
function progress(before: number, after: number, whole: number): string | undefined {
  const tenth = (received: number) => Math.floor(received / whole * 10);
  if (!(tenth(after) > tenth(before))) return undefined;
  return `${(after / 1e6).toFixed(1)} of ${(whole / 1e6).toFixed(1)} MB`;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw new WriteError(`Cannot read ${path}: ${firstLine(error)}; check the folder`);
  }
}
