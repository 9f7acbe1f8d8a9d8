/** `deno task train`: a model of any kind, from pictures.
 * @module */
import { type Family, familyStatus } from "./family.ts";
import { end, report } from "./main.ts";
import { UsageError } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";
import { resumeCommand, startedBy } from "./train/again.ts";
import { trainBicycleGan } from "./train/bicyclegan.ts";
import { trainClassifier } from "./train/classifier.ts";
import { trainCycleGan } from "./train/cyclegan.ts";
import { trainConditionalGan, trainGan } from "./train/gan.ts";
import { trainStackGan } from "./train/stackgan.ts";
import { trainPix2Pix } from "./train/pix2pix.ts";

/** What can be trained. */
export const TRAIN: Family = {
  name: "train",
  noun: "model",
  about:
    "Trains a model on pictures and shows how it goes. The results are a folder with the model, its losses, its samples, and a page. " +
    "deno task train --resume FOLDER goes on with one that was interrupted; options behind it replace those of then.",
  members: {
    gan: trainGan,
    "conditional-gan": trainConditionalGan,
    pix2pix: trainPix2Pix,
    bicyclegan: trainBicycleGan,
    cyclegan: trainCycleGan,
    stackgan: trainStackGan,
    classifier: trainClassifier,
  },
};

/** Trains, or goes on with `--resume FOLDER` and nothing else.
 * @returns exit status. */
export async function train(args: readonly string[]): Promise<number> {
  const [first, folder, ...more] = [...(args[0]?.split(/(?<=^--resume)=/) ?? []), ...args.slice(1)];
  if (first !== "--resume") {
    startedBy(args);
    return await familyStatus(TRAIN, args);
  }
  try {
    if (folder === undefined || folder.startsWith("--")) {
      throw new UsageError("Option --resume: wanted the folder of a training; write --resume FOLDER");
    }
    const place = fromWhereCalled(folder);
    const { args: again, from } = await resumeCommand(place, more);
    startedBy(again, from);
    Deno.env.set("INIT_CWD", from);
    return await familyStatus(TRAIN, again);
  } catch (error) {
    return report(error);
  }
}

if (import.meta.main) await end(() => train(Deno.args));
