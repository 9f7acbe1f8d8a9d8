/** How large the examples of the notebooks are: one choice, the same for all of them.
 *
 * | size | when | what for |
 * |---|---|---|
 * | test | `FORGER_SIZE=test`, or where only plain JavaScript computes | seconds: that each cell runs |
 * | small | where WebAssembly computes | minutes: one can see what happens |
 * | default | where TensorFlow or a GPU computes | minutes: pictures worth looking at; the outputs in the notebooks |
 * | full | `FORGER_SIZE=full` | hours: real data at the sizes of the papers |
 *
 * Generated at every size is what has to be known to be measured: the sentences of chapter 11 and the colours of chapter 12; and
 * the folder of chapter 13, in whose place come pictures of one's own.
 *
 * @module */
import type { Backend } from "../mod.ts";

/** The sizes, the smallest first. */
export const SIZES = ["test", "small", "default", "full"] as const;

/** One of {@linkcode SIZES}. */
export type SizeName = (typeof SIZES)[number];

/** The size for this machine.
 * @param backend what computes here, from `useBackend`.
 * @param wanted a size by its name, which then decides. Default: the environment variable `FORGER_SIZE`.
 * @throws {RangeError} if there is no size of that name. */
export function chooseSize({ name }: Pick<Backend, "name">, wanted = Deno.env.get("FORGER_SIZE")): SizeName {
  if (!wanted) return name === "cpu" ? "test" : name === "wasm" ? "small" : "default";
  const size = SIZES.find((size) => size === wanted);
  if (size) return size;
  throw new RangeError(`Cannot choose the size: FORGER_SIZE must be ${SIZES.join(", ")}, got "${wanted}"; name one of them`);
}
