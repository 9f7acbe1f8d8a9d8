/** `deno task train classifier`: the judge of generated pictures.
 * @module */
import { useBackend } from "../../backend/use_backend.ts";
import { classifier, CLASSIFIER_BATCH, CLASSIFIER_RATE } from "../../train/classifier.ts";
import type { Command } from "../command.ts";
import { member } from "../family.ts";
import { integer, type Values } from "../options.ts";
import { tellBad } from "../skipped.ts";
import { usageIfRange } from "../usage.ts";
import { checkClasses, labelledData, labelledOptions } from "./labelled.ts";
import { libraryOptions, outOf, trainingOptions } from "./options.ts";
import { ended, runTraining } from "./training.ts";

const options = {
  ...labelledOptions,
  filters: integer({ default: 64, min: 1, help: "Filters of the first layer." }),
  ...trainingOptions({ epochs: 5, batch: CLASSIFIER_BATCH, unit: "pictures", learningRate: CLASSIFIER_RATE }),
};

const command: Command<typeof options> = {
  name: "train classifier",
  usage: "--data FOLDER",
  about:
    "Trains a small classifier on pictures with classes and measures it on those held back, if there are any. evaluate asks it what generated pictures show, and " +
    "compares sets of pictures by its features.",
  options,
  examples: [
    { line: "train classifier --data mnist --out runs/mnist-classifier", does: "a judge of digits" },
    { line: "train classifier --data digits --count 5000 --epochs 2", does: "without any data" },
  ],
};

/** Trains.
 * @returns exit status. */
async function train(values: Values<typeof options>): Promise<number> {
  const { name, set } = await labelledData(values);
  checkClasses(set);
  const { set: test, heldBack } = await labelledData(values, "test");
  const trainedOn = heldBack ? "" : ", on which it trains";
  const backend = await useBackend(values.backend);
  const { height: size, channels, classes } = set;
  const model = usageIfRange(() => classifier({ size, channels, classes, filters: values.filters, seed: values.seed }), "--size");
  const out = outOf(values, "classifier", name);
  const library = libraryOptions(values);
  const stopped = await runTraining({
    title: `Classifier of ${name}`,
    subtitle: `Trained on ${set.name}, ${set.count} pictures`,
    settings: { data: set.name, pictures: set.count, ...model.settings, ...library },
    ...{ backend, out, epochs: values.epochs, resume: values.resume },
    train: ({ checkpoint }) => model.train(set, { ...library, checkpoint }),
    save: (folder) => model.save(folder),
    measure: async (when) => {
      const accuracy = await model.accuracy(test);
      console.log(`On the ${test.count} pictures of ${test.name}${trainedOn}, ${when}: ${(100 * accuracy).toFixed(2)}% right`);
      return { [`share that is right, on ${test.name}${trainedOn}, ${when}`]: Number(accuracy.toFixed(4)) };
    },
  });
  tellBad(set.bad);
  model.dispose();
  return ended(out, stopped, (model) => `deno task evaluate --model MODEL --data ${values.data} --classifier ${model}`);
}

/** The member of `deno task train`. */
export const trainClassifier = member("tells classes apart: the judge of generated pictures", command, train);
