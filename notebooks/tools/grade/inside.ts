/** Runs in the sandbox, with the code of a student: checks an answer, and reports to the process that grades.
 * @module */
import { data, tf, useBackend } from "../../../mod.ts";
import type { Verdict } from "../../checks/verdict.ts";
import type { Variant } from "./variant.ts";
import { VARIANTS } from "./variants.ts";

/** What an answer did. The student's code can forge it, and yet gains nothing: an answer in numbers is checked outside, and to
 * pass, a function needs what is right in `given`. */
export interface Report {
  /** The answer, if it is no function, or if its check has no hidden variant. */
  answer?: unknown;
  /** Verdict of the check, for a function with a hidden variant. */
  verdict?: Verdict;
  /** What the function gives for the numbers of the hidden variant. */
  given?: unknown;
}

/** The line of stdout with the report begins with this. */
export const MARK = "forger-grade:";

type Check = (answer: unknown) => Promise<Verdict>;

/** Returns a function that takes the place of a check in a notebook. */
export function reporting(chapter: string, name: string, check: Check, seed: number): (answer: unknown) => Promise<never> {
  const variant = VARIANTS[chapter]?.[name];
  return async (answer) => {
    await useBackend("cpu", { quiet: true }); // the same everywhere
    if (typeof answer !== "function" || !variant) return report({ answer });
    report({ verdict: await check(answer), given: await gives(variant, answer, seed) });
  };
}

async function gives(variant: Variant, answer: unknown, seed: number): Promise<unknown> {
  try {
    return await variant.ask(answer, data.seededRandom(seed));
  } catch (error) {
    return { error: String(error) };
  }
}

function report(what: Report): never {
  Deno.stdout.writeSync(new TextEncoder().encode(`\n${MARK}${JSON.stringify(plain(what))}\n`));
  Deno.exit(0);
}

/** Makes JSON of a value: tensors become their values, and what JSON cannot express becomes text in an object. */
function plain(value: unknown): unknown {
  // Checks of scalars accept the shape [1], too.
  if (value instanceof tf.Tensor) return { shape: value.size === 1 ? [] : value.shape, values: plain([...value.dataSync()]) };
  if (typeof value === "number" && !Number.isFinite(value)) return { number: String(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  }
  return typeof value === "function" || typeof value === "symbol" || value === undefined ? { kind: typeof value } : value;
}
