/** How this folder gets at sharp: late, so that importing Forger loads no native library.
 * @module */
import { loadSharp as load, type Sharp } from "../packages.ts";

/** The function that the package gives. */
export type SharpModule = Awaited<ReturnType<typeof load>>;
/** One chain of sharp's operations. */
export type Pipeline = Sharp;

/** What sharp calls trouble while it decodes; "warning" is its strictest: a cut or damaged picture is an error, never half a picture. */
export const failOn = "warning";

let loaded: Promise<SharpModule> | undefined;

/** Loads sharp once. Its cache of decoded files is turned off: each file is read once an epoch, and a file that was replaced would be shown as it was. */
export function loadSharp(): Promise<SharpModule> {
  loaded ??= load().then((sharp) => {
    sharp.cache(false);
    return sharp;
  }).catch((error) => {
    loaded = undefined;
    throw new Error(`Cannot read or write pictures: the package sharp does not load (${firstLine(error)}); run deno install`);
  });
  return loaded;
}

/** Why sharp could not decode something, on one line. */
export function decodeReason(error: unknown): string {
  const reason = firstLine(error);
  // sharp's own words for what `failOn` found tell a person nothing.
  return /failOn/.test(reason) ? "damaged or cut short" : reason;
}

/** An error's message on one line. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n").find((line) => line.trim()) ?? "no reason given").trim();
}
