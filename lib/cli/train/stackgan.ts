/** `deno task train stackgan`: pictures from captions, in two stages.
 * @module */
import { useBackend } from "../../backend/use_backend.ts";
import { allCaptions, embedCaptions, houses } from "../../../data/worlds/houses/mod.ts";
import { captionScores } from "../../metrics/captions.ts";
import { stackGan, STACKGAN_BATCH } from "../../train/stackgan.ts";
import { STACKGAN } from "../../train/stackgan_settings.ts";
import type { Command } from "../command.ts";
import { member } from "../family.ts";
import { choice, integer, number, type Values } from "../options.ts";
import { usageIfRange } from "../usage.ts";
import { libraryOptions, outOf, trainingOptions } from "./options.ts";
import { ended, runTraining } from "./training.ts";

const options = {
  data: choice(["houses"], {
    default: "houses",
    help: "What to learn: houses as captions say, drawn here. Sets of your own: from code, by stackGan() of mod.ts.",
  }),
  size: integer({ default: STACKGAN.size, min: 32, max: 256, unit: "pixels", help: "Height and width: 32, 64, 128 or 256." }),
  filters: integer({ default: STACKGAN.filters, min: 1, help: "Filters of the layers next to the pictures." }),
  blocks: integer({ default: STACKGAN.blocks, min: 0, help: "Residual blocks of stage II." }),
  klWeight: number({ default: STACKGAN.klWeight, min: 0, help: "Weight of conditioning augmentation's divergence." }),
  count: integer({ default: 2400, min: 24, max: 1_000_000, unit: "pictures", help: "How many houses to train on." }),
  sketchEpochs: integer({ default: undefined, min: 0, unit: "epochs", help: "How many are stage I's. Without it half of them." }),
  samples: integer({ default: 8, min: 0, max: 24, unit: "captions", help: "How many are shown as the training goes." }),
  ...trainingOptions({ epochs: 60, batch: STACKGAN_BATCH, unit: "pictures" }),
};

const command: Command<typeof options> = {
  name: "train stackgan",
  about:
    'Trains StackGAN (arXiv:1612.03242) to make pictures of captions such as "a red house with two windows": first sketches of a quarter of ' +
    "the side, then pictures. The results are a folder: the model, the losses, the samples, and index.html, a page that shows them. Ctrl-C " +
    "ends the training after the running step with everything kept.",
  options,
  examples: [
    { line: "train stackgan --size 32 --filters 16 --count 600 --epochs 20", does: "try it" },
    { line: "train stackgan --size 64 --filters 32 --epochs 60 --out runs/houses", does: "in earnest" },
  ],
};

/** Captions for the samples: every fifth, so that all colours and numbers come. */
function sampleCaptions(count: number): string[] {
  return Array.from({ length: count }, (_, i) => allCaptions[(i * 5) % allCaptions.length]!);
}

/** Trains.
 * @returns exit status. */
async function train(values: Values<typeof options>): Promise<number> {
  const { size, filters, blocks, klWeight, count, seed, sketchEpochs, epochs } = values;
  const data = usageIfRange(() => houses({ count, size, seed }), "--size");
  const backend = await useBackend(values.backend);
  const { conditionSize } = data;
  const model = usageIfRange(() => stackGan({ size, filters, blocks, klWeight, seed, conditionSize }), "--size");
  const out = outOf(values, "stackgan", values.data);
  const library = { ...libraryOptions(values), ...(sketchEpochs === undefined ? {} : { sketchEpochs }) };
  const names = sampleCaptions(values.samples);
  const samples = names.length > 0 ? embedCaptions(names) : undefined;
  const stopped = await runTraining({
    title: "StackGAN on houses",
    subtitle: `Trained on ${data.name}, ${data.count} pictures with captions`,
    settings: { data: data.name, pictures: data.count, ...model.settings, ...library },
    ...{ backend, out, epochs, resume: values.resume },
    ...(samples ? { samples: { names, note: "Captions, always with the same noise." } } : {}),
    train: (where) => model.train(data, { ...library, ...where, ...(samples ? { samples } : {}) }),
    save: (folder) => model.save(folder),
    measure: async (when) => {
      const { colour, windows, both } = await captionScores((conditions, seed) => model.generate({ conditions, seed }), {});
      const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
      console.log(
        `Of generated houses, ${when}: colour right ${percent(colour)}, number of windows ${percent(windows)}, both ${
          percent(both)
        }`,
      );
      return { [`share of generated houses that are as their caption says, ${when}`]: Number(both.toFixed(4)) };
    },
  });
  samples?.dispose();
  model.dispose();
  return ended(
    out,
    stopped,
    (model) => `deno task generate --model ${model} --output FOLDER --captions "a red house with two windows"`,
  );
}

/** The member of `deno task train`. */
export const trainStackGan = member("makes pictures of captions, in two stages (Zhang et al. 2017)", command, train);
