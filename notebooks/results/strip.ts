/** Writes the strip of images at the top of the README: a label map, what a model made of it after several epochs, and the
 * target. It shows the first sample of a run of generated facades. Usage:
 *
 *     deno run -A notebooks/results/strip.ts --run runs/facades-by-day
 * @module */
import { join } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { ROOT } from "../../lib/cli/process.ts";
import { readImageBytes } from "../../lib/data/image.ts";
import { loadSharp } from "../../lib/packages.ts";
import { imageGrid } from "../../lib/plot/grid.ts";
import { text, type Values } from "../../lib/settings.ts";
import { writeFile, writeTextFile } from "../../lib/train/files.ts";
import { readDescription } from "../../lib/train/model_folder.ts";
import { RunSamples } from "../../lib/train/run_samples.ts";
import { whole } from "./card.ts";
import { finishedRun } from "./history.ts";

/** Epochs that are shown, besides the last one. */
const EPOCHS = [0, 1, 10];

const options = {
  run: text({ value: "FOLDER", default: "runs/facades-by-day", help: "Folder of the run." }),
  out: text({
    value: "FOLDER",
    default: join(ROOT, "notebooks", "results"),
    help: "Folder for strip.png and its caption, strip.txt.",
  }),
};

const command: Command<typeof options> = {
  name: "strip.ts",
  about: "Writes a strip of images: a label map, what a model made of it after several epochs, and the target.",
  options,
  examples: [],
};

/** Writes the strip and its caption. */
export async function strip({ run, out }: Values<typeof options>): Promise<void> {
  const [folder, to] = [fromWhereCalled(run), fromWhereCalled(out)];
  const stored = (await new RunSamples(join(folder, "samples")).stored()).map(({ epoch }) => epoch);
  const { settings: { epochs: last } } = await finishedRun(folder);
  const epochs = [...new Set([...EPOCHS, last])].filter((epoch) => stored.includes(epoch));
  const { training } = await readDescription(folder);
  const image = (place: string, name: string) => readImageBytes(join(folder, "samples", place, `1-${name}.png`));
  const columns = ["label map", ...epochs.map((epoch) => `epoch ${epoch}`), "target"];
  const row = await Promise.all([
    image("given", "input"),
    ...epochs.map((epoch) => image(`epoch-${String(epoch).padStart(4, "0")}`, "generated")),
    image("given", "target"),
  ]);
  const { png } = await imageGrid([row], { columns });
  const sharp = await loadSharp();
  const small = await sharp(png).resize(1100).png({ palette: true, colours: 160, effort: 10, dither: 0.5 }).toBuffer();
  await writeFile(join(to, "strip.png"), [small]);
  const caption =
    `A label map of a facade that the model has never seen, what pix2pix makes of it after ${epochs.slice(1).join(", ")} ` +
    `epochs of ${whole(training!.count)} drawn pairs and before training, and the target.`;
  await writeTextFile(join(to, "strip.txt"), caption.replace(/, (\d+) epochs/, " and $1 epochs") + "\n");
}

if (import.meta.main) await runCommand(command, strip);
