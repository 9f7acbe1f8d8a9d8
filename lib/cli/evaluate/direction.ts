/** Which way round the pairs are that a model is measured on.
 * @module */
import { basename, resolve } from "node:path";
import { pairedArchives } from "../../data/archives.ts";
import type { Direction } from "../../data/datasets.ts";
import type { Provenance } from "../../train/provenance.ts";

/** The direction that is asked for, or else the one that the model was trained with. That one says nothing of other data, where other things may stand on
 * the left: toytown and pix2pix's sets have their own, and a model of them says nothing of a person's folder.
 * @returns nothing where the default of the data holds, as for models of before directions were kept. */
export function directionFor(
  { data, direction }: { data: string | undefined; direction: Direction | undefined },
  training: Provenance | undefined,
): Direction | undefined {
  if (direction !== undefined || data === undefined || training?.direction === undefined) return direction;
  const name = data === "toytown" ? data : basename(resolve(data));
  const trainedOn = training.data.replace(/ \(.*\)$/, "");
  return layoutOf(name, data === "toytown") === layoutOf(trainedOn, true) ? training.direction : undefined;
}

/** @param drawn whether a set called toytown is the one that is drawn, and no folder of this name. */
function layoutOf(name: string, drawn: boolean): string {
  return drawn && name === "toytown" || Object.hasOwn(pairedArchives, name) ? name : "own";
}
