/** Held-out data for the page of a model: the examples, and the data for measuring the cost of less precise weights.
 * @module */
import { toytown } from "../../../data/worlds/toytown/mod.ts";
import type { PairData } from "../../data/datasets.ts";
import { meaningOf } from "../../data/side.ts";
import * as tf from "../../tf.ts";
import type { HeldOut } from "../../play/examples.ts";
import { dimensionsOf, sizeFrom } from "../../settings.ts";
import { type SomeModel, systemOf } from "../../systems/registry.ts";
import { UsageError } from "../command.ts";
import { LABELLED_SETS, openLabelled } from "../data/labelled.ts";
import { lookAtClasses, lookAtUnpaired } from "../data/look.ts";
import { lookAtPairs } from "../data/look_pairs.ts";
import { openPairs } from "../data/pairs.ts";
import { type CropChoice, folderBeforeSet, isDataSet, refuseGiven } from "../data/source.ts";
import { openUnpaired } from "../data/unpaired.ts";
import { directionFor } from "../evaluate/translations.ts";
import type { DrawnWorld } from "../model.ts";

/** Values of the options that select held-out data. */
export interface HeldOutChoice {
  data: string | undefined;
  targets: string | undefined;
  others: string | undefined;
  colourise: boolean;
  direction: "AtoB" | "BtoA" | undefined;
}

/** Options that apply to each kind of data. */
const APPLY: Record<string, readonly (keyof HeldOutChoice)[]> = {
  pairs: ["data", "targets", "colourise", "direction"],
  unpaired: ["data", "others"],
  labelled: ["data"],
};

/** Number of pairs that are drawn for a page. */
const DRAWN_PAIRS = 8;
/** Names of the synthetic data sets, as models record them. */
const DRAWN = /^(toytown \((train|facade, brick and plaster, train)\)|digits \()/;

/** Throws if an option has no effect on a model.
 * @param folder The model's folder, as the user typed it.
 * @throws {UsageError} If an option has no effect. */
export function refuseUnused(folder: string, kind: string, choice: HeldOutChoice): void {
  const system = systemOf(kind);
  if (!system) return; // loadModel() reports it
  const { data, uses } = system;
  const apply = uses.includes("generate") ? [] : APPLY[data] ?? [];
  const unused = (["data", "targets", "others", "colourise", "direction"] as const).find((name) =>
    choice[name] !== undefined && choice[name] !== false && (!apply.includes(name) || choice.data === undefined)
  );
  if (unused === undefined) return;
  if (apply.includes(unused)) {
    throw new UsageError(`Option --${unused} has an effect only with --data; add --data, or omit --${unused}`);
  }
  const why = uses.includes("generate") ? ", whose page shows no examples" : "";
  throw new UsageError(`Option --${unused} does not apply to ${folder}, which is a ${kind} model${why}; omit it`);
}

/** Opens held-out data for a model: the data of `--data` or, without this option, the synthetic data set on which the model was
 * trained.
 * @param world The data of a pretrained model, if it was drawn to files.
 * @returns The data, or `undefined` if there is none.
 * @throws {UsageError} If the data does not fit the model, or the options conflict. */
export async function openHeldOut(model: SomeModel, choice: HeldOutChoice, world?: DrawnWorld): Promise<HeldOut | undefined> {
  const { kind, provenance } = model;
  const source = systemOf(kind)!;
  if (source.uses.includes("generate")) return undefined;
  if (choice.data === undefined) {
    if (world) return { pairs: drawnPairs(world, DRAWN_PAIRS) };
    // A user's folder may have the name of a synthetic data set; the images of that data set may not fit the model.
    const [drawn] = provenance?.reading ? [] : provenance?.data.match(DRAWN) ?? [];
    return drawn === undefined
      ? undefined
      : await open(model, { ...choice, data: drawn.replace(/ .*/, "") }).catch(() => undefined);
  }
  const data = await folderBeforeSet(choice.data, console.error);
  if (isDataSet(data)) {
    if (choice.colourise) refuseGiven(new Set(["colourise"]), data, ["colourise"]);
  } else {
    const options = { ...choice, count: undefined, say: console.error };
    if (source.data === "pairs") await lookAtPairs(data, options);
    if (source.data === "unpaired") await lookAtUnpaired(data, choice.others, options);
    if (source.data === "labelled") await lookAtClasses(data, options);
  }
  return await open(model, { ...choice, data });
}

/** Draws the pairs that `deno task world` writes to the subfolder test. Greyscale channels are repeated, as in these files. */
export function drawnPairs({ scene, left: input, right: target, size }: DrawnWorld, count: number): PairData {
  const pairs = toytown({ scene, input, target, size, count, split: "test" });
  const colours = (images: tf.Tensor4D) =>
    tf.tidy(() => {
      const three = images.shape[3] === 3 ? images.clone() : tf.tile(images, [1, 1, 1, 3]);
      images.dispose();
      return three;
    });
  return Object.assign(Object.create(pairs) as PairData, {
    ...{ inputChannels: 3, targetChannels: 3 },
    async *batches(options: Parameters<PairData["batches"]>[0]) {
      for await (const { input, target, names } of pairs.batches(options)) {
        yield { input: colours(input), target: colours(target), names };
      }
    },
  });
}

async function open(model: SomeModel, choice: HeldOutChoice): Promise<HeldOut> {
  const { settings, provenance, kind } = model;
  const { sides, scale } = provenance?.reading ?? {};
  const crops: CropChoice = scale === undefined ? {} : { crop: true, scale };
  const common = { ...choice, ...crops, count: undefined, seed: 0, skipBad: true, sides };
  const { data } = systemOf(kind)!;
  if (data === "pairs") {
    const direction = directionFor(choice, provenance);
    const { test: pairs } = await openPairs({ ...common, direction, size: settings.size });
    checkSides(model, pairs, {
      input: [settings.inputChannels, pairs.inputChannels],
      target: [settings.outputChannels, pairs.targetChannels],
    });
    return { pairs };
  }
  if (data === "unpaired") {
    const { train, test } = await openUnpaired({ ...common, size: settings.size });
    const unpaired = test ?? train;
    checkSides(model, unpaired, { a: [settings.xChannels, unpaired.aChannels], b: [settings.yChannels, unpaired.bChannels] });
    return { unpaired };
  }
  const named = LABELLED_SETS.includes(choice.data!);
  const { height, width } = dimensionsOf(settings.size);
  const shape = { size: sizeFrom({ height, width }), channels: settings.channels === 1 ? "1" as const : "3" as const };
  const { set: labelled } = await openLabelled(
    { ...common, ...named ? { crop: undefined, scale: undefined } : {}, ...shape },
    "test",
  );
  const [own, other] = [
    [height, width, settings.channels, settings.classes],
    [labelled.height, labelled.width, labelled.channels, labelled.classes],
  ].map(([height, width, channels, classes]) => `${width}x${height}x${channels} in ${classes} classes`);
  if (own === other) return { labelled };
  throw new UsageError(`Option --data: expected images like those of the model, ${own}, got ${other}; choose other data`);
}

/** Throws if the channels of the data do not have the same meaning as in training.
 * @param channels Number of channels of the model and of the data, for the input and the target or for each domain. */
function checkSides(
  { provenance }: SomeModel,
  { name, reading }: { name: string; reading?: NonNullable<SomeModel["provenance"]>["reading"] },
  channels: Record<string, [expected: number, got: number]>,
): void {
  for (const [side, [expected, got]] of Object.entries(channels)) {
    const [trained, given] = [provenance?.reading, reading].map((reading) => meaningOf(reading?.sides[side] ?? {}));
    if (expected === got && trained === given) continue;
    throw new UsageError(
      `Option --data: for "${side}", the model expects ${expected} channels of ${trained}, but ${name} has ${got} of ${given}; ` +
        "choose data of the kind on which the model was trained",
    );
  }
}
