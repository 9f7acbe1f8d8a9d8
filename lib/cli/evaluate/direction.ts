/** Translation direction in which a model is evaluated.
 * @module */
import { basename, resolve } from "node:path";
import { pairedArchives } from "../../data/archives.ts";
import type { Direction } from "../../data/datasets.ts";
import type { Provenance } from "../../train/provenance.ts";

/** Returns the requested direction, or else the training direction, which applies only to data with the same layout as
 * the training data. Toytown and each of the pix2pix data sets have a layout of their own; all other folders are
 * assumed to share one layout.
 * @returns `undefined` if the default direction of the data applies, as for models without a recorded direction. */
export function directionFor(
  { data, direction }: { data: string | undefined; direction: Direction | undefined },
  training: Provenance | undefined,
): Direction | undefined {
  if (direction !== undefined || data === undefined || training?.direction === undefined) return direction;
  const name = data === "toytown" ? data : basename(resolve(data));
  const trainedOn = training.data.replace(/ \(.*\)$/, "");
  return layoutOf(name, data === "toytown") === layoutOf(trainedOn, true) ? training.direction : undefined;
}

/** @param generated whether the name toytown stands for the generated data set rather than for a folder of that name. */
function layoutOf(name: string, generated: boolean): string {
  return generated && name === "toytown" || Object.hasOwn(pairedArchives, name) ? name : "own";
}
