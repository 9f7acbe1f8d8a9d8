/** Which options of `deno task evaluate` say something of which models.
 * @module */
import type { Models } from "../../train/load_model.ts";
import { optionName } from "../command.ts";
import { UsageError } from "../options.ts";

/** The options that say nothing of some models. */
const SOME = ["data", "targets", "colourise", "direction", "others", "skipBad", "classifier", "count", "seed"] as const;

const PAIRS: readonly (typeof SOME)[number][] = ["data", "targets", "colourise", "direction", "skipBad", "seed"];
const LABELLED: readonly (typeof SOME)[number][] = ["data", "skipBad", "classifier", "count", "seed"];

/** By the kind of model; a kind that is not measured at all is told of elsewhere. */
const APPLY: { [Kind in keyof Models]?: readonly (typeof SOME)[number][] } = {
  pix2pix: PAIRS,
  bicyclegan: PAIRS,
  cyclegan: ["data", "others", "skipBad", "seed"],
  gan: LABELLED,
  "conditional-gan": LABELLED,
  stackgan: ["count"],
};

/** An option that changes nothing is a misunderstanding, and the numbers would be taken for something else.
 * @param kind of the model.
 * @param values of evaluate's options; one that is not given is `undefined` or false.
 * @throws {UsageError} if one is given that says nothing of this kind. */
export function refuseUseless(kind: string, values: { model: string } & { [Name in (typeof SOME)[number]]: unknown }): void {
  const apply = Object.hasOwn(APPLY, kind) ? APPLY[kind as keyof Models] : undefined;
  const useless = SOME.find((name) => values[name] !== undefined && values[name] !== false && apply && !apply.includes(name));
  if (useless === undefined) return;
  throw new UsageError(`Option ${optionName(useless)}: ${values.model} is a ${kind}, of which it says nothing; leave it out`);
}
