/** `deno task train gan` and `deno task train conditional-gan`: pictures from noise, of a class that is asked for if it is conditional.
 * @module */
import { useBackend } from "../../backend/use_backend.ts";
import type { LabelledData } from "../../data/datasets.ts";
import { type ConditionalGan, conditionalGan } from "../../train/conditional_gan.ts";
import { type Gan, gan } from "../../train/gan.ts";
import { DIFF_AUGMENTATIONS, type DiffAugmentation } from "../../train/diff_augment.ts";
import { GAN_BATCH } from "../../train/gan_model.ts";
import { GAN, GAN_LOSSES, type GanLoss, type GanSettings } from "../../train/gan_settings.ts";
import type { Command } from "../command.ts";
import { type Member, member } from "../family.ts";
import { choice, integer, number, type Option, type Values } from "../options.ts";
import { tellBad } from "../skipped.ts";
import { usageIfRange } from "../usage.ts";
import { checkClasses, labelledData, labelledOptions } from "./labelled.ts";
import { libraryOptions, outOf, trainingOptions } from "./options.ts";
import { ended, runTraining } from "./training.ts";

const augmentationsOption: Option<readonly DiffAugmentation[]> = {
  help: `Changes that the discriminator sees all pictures through, for small sets: ${
    DIFF_AUGMENTATIONS.join(",")
  } or some of them.`,
  value: "LIST",
  default: [],
  read(list) {
    const kinds = list.split(",").map((kind) => kind.trim());
    const wrong = kinds.find((kind) => !(DIFF_AUGMENTATIONS as readonly string[]).includes(kind));
    if (wrong === undefined) return kinds as DiffAugmentation[];
    throw new RangeError(`wanted some of ${DIFF_AUGMENTATIONS.join(", ")}, with commas between`);
  },
};

const options = {
  ...labelledOptions,
  networks: choice(["mlp", "dcgan"], {
    default: "dcgan",
    help: "With convolutions, dcgan (arXiv:1511.06434), or without, mlp (arXiv:1406.2661).",
  }),
  filters: integer({ default: GAN.filters, min: 1, help: "Filters of the layers next to the picture; of dcgan." }),
  loss: choice(Object.keys(GAN_LOSSES) as GanLoss[], { default: GAN.loss, help: "The objectives of both networks." }),
  discriminatorSteps: integer({
    default: undefined,
    min: 1,
    help: "The discriminator's steps for each of the generator's. Without it 1, or 5 with the loss wasserstein.",
  }),
  labelSmoothing: number({
    default: GAN.labelSmoothing,
    min: 0,
    max: 0.5,
    help: "How far below 1 the target for real pictures is.",
  }),
  averageDecay: number({
    default: GAN.averageDecay,
    min: 0,
    max: 0.99999,
    help:
      "How much of the moving average of the generator's weights stays at each step, 0.999 say; pictures are then made with it.",
  }),
  diffAugment: augmentationsOption,
  clipNorm: number({ default: GAN.clipNorm, min: 0, help: "Longest gradient of a network; 0 for any." }),
  samples: integer({
    default: 8,
    min: 0,
    max: 32,
    unit: "pictures",
    help: "How many are made and shown as the training goes, of each class.",
  }),
  ...trainingOptions({ epochs: 20, batch: GAN_BATCH, unit: "pictures" }),
};

type GanValues = Values<typeof options>;

function commandOf(name: string, what: string, paper: string): Command<typeof options> {
  const line = `train ${name} --data`;
  return {
    name: `train ${name}`,
    usage: "--data FOLDER",
    about:
      `Trains a generator of ${what} and shows how it goes. The results are a folder: the model, the losses, the samples, and index.html, ` +
      `a page that shows them. Ctrl-C ends the training after the running step with everything kept. The paper: ${paper}.`,
    options,
    examples: [
      { line: `${line} digits --filters 16 --epochs 5`, does: "digits written here" },
      { line: `${line} mnist --filters 32 --epochs 10 --out runs/mnist`, does: "real ones" },
      { line: `${line} flowers --size 32 --batch 32 --epochs 200`, does: "a folder of your own, with a folder for each class" },
    ],
  };
}

function settingsOf(values: GanValues, { height, width, channels }: LabelledData): Partial<GanSettings> {
  const { networks, filters, loss, discriminatorSteps, labelSmoothing, averageDecay, diffAugment, clipNorm, seed } = values;
  const shape = [height, width, channels];
  const steps = discriminatorSteps === undefined ? {} : { discriminatorSteps };
  return { shape, networks, filters, loss, labelSmoothing, averageDecay, diffAugment, clipNorm, seed, ...steps };
}

/** Trains.
 * @param build the model.
 * @returns exit status. */
async function train<M extends Gan | ConditionalGan>(
  kind: string,
  values: GanValues,
  build: (settings: Partial<GanSettings>, data: LabelledData) => M,
): Promise<number> {
  const { name, set } = await labelledData(values);
  if (kind === "conditional-gan") checkClasses(set);
  const backend = await useBackend(values.backend);
  const model = usageIfRange(() => build(settingsOf(values, set), set), "--size");
  const out = outOf(values, kind, name);
  const library = { ...libraryOptions(values), samples: values.samples };
  const stopped = await runTraining({
    title: `${kind} on ${name}`,
    subtitle: `Trained on ${set.name}, ${set.count} pictures`,
    settings: { data: set.name, pictures: set.count, ...model.settings, ...library },
    ...{ backend, out, epochs: values.epochs, resume: values.resume },
    train: (where) => model.train(set, { ...library, ...where }),
    save: (folder) => model.save(folder),
  });
  tellBad(set.bad);
  model.dispose();
  const labels = kind === "gan" ? "" : " --labels 7,7,7";
  return ended(out, stopped, (model) => `deno task generate --model ${model} --output FOLDER${labels}`);
}

/** The members of `deno task train`. */
export const trainGan: Member = member(
  "makes pictures of noise (Goodfellow et al. 2014, Radford et al. 2016)",
  commandOf("gan", "pictures", "arXiv:1406.2661; with convolutions arXiv:1511.06434"),
  (values) => train("gan", values, (settings) => gan(settings)),
);
export const trainConditionalGan: Member = member(
  "makes pictures of a class that is asked for (Mirza and Osindero 2014)",
  commandOf("conditional-gan", "pictures of a class that is asked for", "arXiv:1411.1784"),
  (values) => train("conditional-gan", values, (settings, { classes }) => conditionalGan({ ...settings, classes })),
);
