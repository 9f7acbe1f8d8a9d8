/** Captioned images, as selected by command-line options.
 * @module */
import { allCaptions, embedCaptions, houses } from "../../../data/worlds/houses/mod.ts";
import { captionScores } from "../../../data/worlds/houses/scores.ts";
import { choice, integer, type Values } from "../../settings.ts";
import type { Models, SomeModel } from "../../systems/registry.ts";
import { usageIfRange } from "../command.ts";
import { type OpenedData, samplesOption } from "./source.ts";

const options = {
  data: choice("houses", ["houses"], {
    help: "Training data: generated houses with captions. To train on your own captioned images, use stackGan() from mod.ts.",
  }),
  count: integer(2400, { min: 24, max: 1_000_000, unit: "images", help: "Number of generated houses to train on." }),
  samples: samplesOption(8, 24, "captions", "Number of samples, each from a different caption."),
};

export const CAPTIONED = {
  unit: "images",
  options: () => options,
  open({ data, count, size, seed, samples }: Values<typeof options> & { size: number; seed: number }): Promise<OpenedData> {
    const set = usageIfRange(() => houses({ count, size, seed }), "--size");
    return Promise.resolve({
      name: data,
      train: set,
      counted: `${set.count} images with captions`,
      about: { data: set.name, images: set.count },
      settings: { conditionSize: set.conditionSize, channels: set.channels },
      samples() {
        if (samples === 0) return Promise.resolve(undefined);
        // Every fifth caption, so that all colours and all numbers of windows occur.
        const names = Array.from({ length: samples }, (_, i) => allCaptions[(i * 5) % allCaptions.length]!);
        return Promise.resolve({
          value: embedCaptions(names),
          names,
          note: "One image per caption, always generated from the same noise.",
        });
      },
      measure: reportCaptions,
    });
  },
};

async function reportCaptions(model: SomeModel, when: string): Promise<Record<string, unknown>> {
  const { generate } = model as unknown as Models["stackgan"];
  const { colour, windows, both } = await captionScores((conditions, seed) => generate.call(model, { conditions, seed }), {});
  const percent = (fraction: number) => `${(100 * fraction).toFixed(1)}%`;
  const parts = `correct colour ${percent(colour)}, correct number of windows ${percent(windows)}, both ${percent(both)}`;
  console.log(`Generated houses, ${when}: ${parts}`);
  return { [`fraction of generated houses that match their captions, ${when}`]: Number(both.toFixed(4)) };
}
