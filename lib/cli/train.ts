/** `deno task train`: a model of any kind, from pictures.
 * @module */
import { type Family, runFamily } from "./family.ts";
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
    "Trains a model on pictures and shows how it goes. The results are a folder with the model, its losses, its samples, and a page.",
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

if (import.meta.main) await runFamily(TRAIN);
