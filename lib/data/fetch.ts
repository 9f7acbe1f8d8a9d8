/** Resumable downloads of large files: received bytes are kept in a `.part` file, and the next attempt resumes from there (HTTP
 * range requests, RFC 9110, Section 14).
 * @module */
import { createHash } from "node:crypto";
import { firstLine } from "./errors.ts";

/** Options for a download. */
export interface FetchOptions {
  /** Size of the complete file in bytes, if known. */
  bytes?: number;
  /** SHA-256 checksum of the complete file in hexadecimal, if known. */
  sha256?: string;
  /** Number of consecutive attempts without progress after which the next URL is tried. Default 3. */
  tries?: number;
  /** Pause before the next attempt, in milliseconds; doubled for each consecutive attempt without progress. Default 500. */
  pause?: number;
  /** Time in milliseconds after which an attempt that receives no data is aborted. Default 30,000. */
  patience?: number;
  /** Called with one line of text for each step of the download. By default, nothing is reported. */
  report?: (line: string) => void;
}

/** Downloads a file from the first URL that serves a complete and correct copy. If the file exists, it is verified and not
 * downloaded again.
 * @param path The path of the file; during the download, the incomplete file has the additional extension `.part`.
 * @returns The SHA-256 checksum of the file, in hexadecimal.
 * @throws {Error} If no URL serves the file (the message lists the error for each URL), or if the file cannot be written. */
export async function fetchFile(urls: string[], path: string, options: FetchOptions = {}): Promise<string> {
  if (await sizeOf(path) > 0) {
    const { digest, mismatch } = await verify(path, options);
    if (mismatch) throw new Error(`Cannot use ${path}: ${mismatch}; move or delete the file and try again`);
    return digest;
  }
  const part = `${path}.part`;
  const failures: string[] = [];
  for (const url of urls) {
    try {
      const digest = await fetchFrom(url, part, options);
      await Deno.rename(part, path);
      return digest;
    } catch (error) {
      if (error instanceof LocalError) throw error;
      failures.push(`${url}: ${reasonOf(error)}`);
      options.report?.(`Failed: ${failures.at(-1)}`);
    }
  }
  const reasons = failures.join("; ");
  throw new Error(`Cannot download ${path}: every URL failed (${reasons}); check the network connection`);
}

/** Computes the hexadecimal SHA-256 checksum of a file, which is read in chunks. */
export function sha256Of(path: string): Promise<string> {
  return digestOf(path, "sha256");
}

/** Computes the hexadecimal checksum of a file, which is read in chunks. */
export async function digestOf(path: string, kind: "sha256" | "md5"): Promise<string> {
  const hash = createHash(kind);
  const { readable } = await Deno.open(path);
  for await (const bytes of readable) hash.update(bytes);
  return hash.digest("hex");
}

/** Returns the message of a fetch() error, followed by the last part of its cause; the rest of the cause repeats the URL. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${firstLine(error.cause).split(": ").at(-1)})` : "";
  return firstLine(error) + cause;
}

/** An HTTP error that cannot be fixed by retrying. */
class PermanentError extends Error {}
/** A local file system error, which would recur with any other URL. */
class LocalError extends Error {}

async function locally<Result>(action: string, cure: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new LocalError(`Cannot ${action}: ${firstLine(error)}; ${cure}`);
  }
}

async function fetchFrom(url: string, part: string, options: FetchOptions): Promise<string> {
  const { tries = 3, pause = 500, report } = options;
  const resumed = await sizeOf(part) > 0;
  for (let fruitless = 0;;) {
    const before = await sizeOf(part);
    try {
      await receive(url, part, before, options);
      break;
    } catch (error) {
      if (error instanceof PermanentError || error instanceof LocalError) throw error;
      fruitless = await sizeOf(part) > before ? 0 : fruitless + 1;
      if (fruitless >= tries) throw error;
      report?.(`Retrying ${url}: ${reasonOf(error)}`);
      await new Promise((resolve) => setTimeout(resolve, pause * 2 ** fruitless));
    }
  }
  const { digest, mismatch } = await verify(part, options);
  if (!mismatch) return digest;
  await Deno.remove(part);
  // The old .part file may belong to a different file: download again from the start.
  if (resumed) return await fetchFrom(url, part, options);
  throw new PermanentError(mismatch);
}

async function verify(path: string, { bytes, sha256 }: FetchOptions): Promise<{ digest: string; mismatch?: string }> {
  const digest = await sha256Of(path);
  const size = await sizeOf(path);
  if (bytes !== undefined && size !== bytes) return { digest, mismatch: `its size is ${size} bytes, expected ${bytes}` };
  if (sha256 !== undefined && digest !== sha256) return { digest, mismatch: `its SHA-256 is ${digest}, expected ${sha256}` };
  return { digest };
}

/** Sends one request and appends the response body to the .part file as it arrives. */
async function receive(url: string, part: string, from: number, options: FetchOptions): Promise<void> {
  if (options.bytes !== undefined && from === options.bytes) return;
  const { patience = 30_000 } = options;
  const controller = new AbortController();
  const abort = () => controller.abort(new Error(`received no data for ${patience / 1000} s`));
  let timer = setTimeout(abort, patience);
  // Content encoding is disabled, since offsets in a decoded stream would differ from those in the file.
  const headers = { "accept-encoding": "identity", ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
  try {
    const response = await fetch(url, { headers, signal: controller.signal });
    let received = await startOf(response, part, from);
    const whole = received + Number(response.headers.get("content-length") ?? NaN);
    const mode = received > 0 ? { append: true } : { write: true, create: true, truncate: true };
    using file = await locally(`write ${part}`, "check the folder", () => Deno.open(part, mode));
    for await (const bytes of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(abort, patience);
      const cure = "free some space and try again, the download continues";
      await locally(`write ${part}`, cure, () => writeAll(file, bytes));
      const line = progress(received, received += bytes.length, options.bytes ?? whole);
      if (line) options.report?.(line);
    }
    if (received < whole) throw new Error(`the connection was closed after ${received} of ${whole} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the offset in the file at which the response body begins. */
async function startOf(response: Response, part: string, from: number): Promise<number> {
  if (response.status === 200) return 0; // also if the server ignores the Range header and sends the whole file
  if (response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${from}-`)) return from;
  await response.body?.cancel();
  const status = `${response.status} ${response.statusText}`.trim();
  if (response.status === 416 || response.status === 206) {
    await Deno.remove(part); // does not match the file on the server: start again
    throw new Error(`the server cannot resume from byte ${from} (${status})`);
  }
  const temporary = response.status >= 500 || response.status === 408 || response.status === 429;
  throw new (temporary ? Error : PermanentError)(`the server responded with ${status}`);
}

/** Writes all bytes; a single call to `write` may write only some of them. */
export async function writeAll(file: Pick<Deno.FsFile, "write">, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
}

/** Returns a progress line if another tenth of the file has been received, and undefined otherwise. */
function progress(before: number, after: number, whole: number): string | undefined {
  const tenth = (received: number) => Math.floor(received / whole * 10);
  if (!(tenth(after) > tenth(before))) return undefined;
  return `${(after / 1e6).toFixed(1)} of ${(whole / 1e6).toFixed(1)} MB`;
}

/** Returns the size of a file, or 0 if it does not exist. */
async function sizeOf(path: string): Promise<number> {
  const missing = (error: unknown) => {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  };
  return await locally(`read ${path}`, "check the folder", () => Deno.stat(path).then(({ size }) => size, missing));
}
