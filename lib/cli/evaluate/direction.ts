/** Direction of the pairs that a model is measured on.
 * @module */
import { basename, resolve } from "node:path";
import { pairedArchives } from "../../data/archives.ts";
import type { Direction } from "../../data/datasets.ts";
import type { Provenance } from "../../train/provenance.ts";

/** The requested direction, or else the one that the model was trained with. The latter does not apply to other data, which may
 * have something else on the left: toytown and pix2pix's data sets have directions of their own, and a model of them says nothing
 * about a folder of one's own.
 * @returns nothing if the default of the data applies, as for models without a recorded direction. */
export function directionFor(
  { data, direction }: { data: string | undefined; direction: Direction | undefined },
  training: Provenance | undefined,
): Direction | undefined {
  if (direction !== undefined || data === undefined || training?.direction === undefined) return direction;
  const name = data === "toytown" ? data : basename(resolve(data));
  const trainedOn = training.data.replace(/ \(.*\)$/, "");
  return layoutOf(name, data === "toytown") === layoutOf(trainedOn, true) ? training.direction : undefined;
}

/** @param generated whether a data set called toytown is the generated one, not a folder of this name. */
function layoutOf(name: string, generated: boolean): string {
  return generated && name === "toytown" || Object.hasOwn(pairedArchives, name) ? name : "own";
}
