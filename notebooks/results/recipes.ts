/** The pretrained models of data/models: how each is trained, what it is for, and what it cannot do.
 *
 * All of them learn from data that Forger draws. The sizes of the networks are chosen such that all models together take at most
 * 24 MB, and no file more than 8 MB: a U-Net of depth 6 with 16 filters takes 1.9 MB with weights in uint8.
 * @module */
import type { DrawnWorld } from "../../lib/cli/model.ts";

/** How a pretrained model is made. */
export interface Recipe {
  /** What the model does, in one sentence. */
  about: string;
  /** What the model cannot do. */
  limits: string;
  /** Why the model is preliminary, if it is; printed in bold after "Preliminary:". */
  preliminary?: string;
  /** What a reader of the metrics during training must know. */
  history?: string;
  /** Training data, if `deno task train` does not know it by name. */
  world?: DrawnWorld;
  /** Arguments of `deno task train`, without the folder of `world`, which is the first data set. */
  train: string;
  /** Key of the most important metric: see scores.ts. */
  metric: string;
  /** For GANs: name of the pretrained classifier that judges the images. */
  judge?: string;
  /** Whether the labels are recovered from the photos, as in the pix2pix paper, Sec. 4.2. */
  readsLabels?: boolean;
  /** Commands that use the model. */
  use: readonly string[];
}

const HELD_OUT = "It imitates Forger's drawings only: it makes any other input resemble them, and it invents details.";

/** Draws a scene, and translates one half of it. */
function translates(name: string, half: "left" | "right", world = ""): string[] {
  return [
    `deno task world --count 1 --test 0 ${world}--out scene`,
    `deno task translate --model ${name} --input scene/train --half ${half} --output translated`,
    `deno task play --model ${name}`,
  ];
}

const DIGITS = "--data digits --count 20000";
const DIGITS_GAN = `${DIGITS} --filters 32 --epochs 40 --average-decay 0.999 --seed 1`;

/** The recipes, keyed by the names of the models, in the order in which they are made: a model comes after its judge. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  "digit-classifier": {
    about: "Tells which digit an image of a drawn digit shows, and judges images of digits from GANs.",
    limits:
      "It always answers with one of ten digits, even for an image that shows none, and then it may be sure of its answer. " +
      "It was trained only on digits that Forger drew, and has not been tested on photographs of handwriting.",
    train: `classifier ${DIGITS} --epochs 5 --seed 1 --keep-epochs 1,2,3,4`,
    metric: "accuracy",
    use: [
      "deno task evaluate --model digit-classifier --data digits --seed 1",
      "deno task evaluate --model digits-by-class --data digits --classifier digit-classifier --seed 1",
      "deno task play --model digit-classifier",
    ],
  },
  digits: {
    about: "Generates images of digits from noise (DCGAN); which digit an image shows is left to chance.",
    limits: "It generates nothing but digits of 28 x 28 pixels in white on black, and the digit cannot be chosen. Some images " +
      "show no digit: the metrics say how many.",
    train: `gan ${DIGITS_GAN} --keep-epochs 1,5,10,20,40`,
    metric: "sure",
    judge: "digit-classifier",
    use: ["deno task generate --model digits --output generated", "deno task play --model digits"],
  },
  "digits-by-class": {
    about: "Generates images of the digit that you ask for (conditional GAN).",
    limits: "It generates nothing but digits of 28 x 28 pixels in white on black. Some images show another digit or none: the " +
      "metrics say how many.",
    train: `conditional-gan ${DIGITS_GAN} --samples 2 --keep-epochs 1,5,10,20,40`,
    metric: "right",
    judge: "digit-classifier",
    use: [
      "deno task generate --model digits-by-class --labels 7,7,7 --output sevens",
      "deno task play --model digits-by-class",
    ],
  },
  "facades-by-day": {
    about: "Turns label maps of facades into photos by day (pix2pix).",
    limits: `${HELD_OUT} Label maps must have toytown's 14 colours. The colours of a house are those that suit its labels on ` +
      "average; dropout changes them little.",
    preliminary: "this is the model after epoch 60 of the 200 epochs of the command below. The final model replaces it.",
    train: "pix2pix --data toytown --count 800 --size 256 --filters 24 --epochs 200 --decay-from 100 --seed 1 --samples 6 " +
      "--keep-epochs 1,5,10,30,60,90,120,150,200",
    metric: "l1",
    readsLabels: true,
    use: translates("facades-by-day", "right"),
  },
  "facades-by-night": {
    about: "Turns label maps of facades into photos by night (pix2pix).",
    limits: `${HELD_OUT} Label maps must have toytown's 14 colours. Which windows are lit does not depend on the labels: the ` +
      "model cannot know it, and lights windows more evenly than the drawings do.",
    world: { scene: "facade", left: "labels", right: "night", count: 300, size: 256 },
    train: "pix2pix --direction AtoB --size 256 --filters 16 --depth 6 --upsample resize --epochs 20 --decay-from 10 --seed 1 " +
      "--samples 6 --keep-epochs 1,2,5,10",
    metric: "l1",
    use: translates("facades-by-night", "left", "--left labels --right night "),
  },
  "edges-to-photo": {
    about: "Turns line drawings of facades into photos by day (pix2pix).",
    limits: `${HELD_OUT} Lines must be black on white and about two pixels wide, at 256 x 256 pixels.`,
    world: { scene: "facade", left: "edges", right: "photo", count: 300, size: 256 },
    train: "pix2pix --direction AtoB --size 256 --filters 16 --depth 6 --upsample resize --epochs 20 --decay-from 10 --seed 1 " +
      "--samples 6 --keep-epochs 1,2,5,10",
    metric: "l1",
    use: translates("edges-to-photo", "left", "--left edges --right photo "),
  },
  "town-colours": {
    about: "Colours greyscale aerial photos of towns (pix2pix).",
    limits: `${HELD_OUT} The colours of roofs cannot be known from their brightness: the model chooses likely ones.`,
    world: { scene: "town", left: "grey", right: "aerial", count: 300, size: 256 },
    train: "pix2pix --direction AtoB --unconditional --size 256 --filters 12 --depth 6 --upsample resize --epochs 30 " +
      "--decay-from 15 --seed 1 --samples 6 --keep-epochs 1,2,5,10,20",
    metric: "l1",
    use: translates("town-colours", "left", "--scene town --left grey --right aerial "),
  },
  "brick-to-plaster": {
    about: "Turns brick houses into plaster houses and back, learned without pairs (CycleGAN).",
    limits: `${HELD_OUT} L1 and SSIM hardly see the style: by these metrics, an untranslated photo may be nearer to the true ` +
      "one than its translation is.",
    train: "cyclegan --data toytown --size 128 --filters 16 --count 300 --epochs 25 --decay-from 12 --learning-rate 0.0004 " +
      "--seed 1 --keep-epochs 1,2,5,10,15,20",
    metric: "x_to_y_frechet",
    use: [
      "deno task world --count 1 --test 0 --size 128 --left brick --right plaster --out scene",
      "deno task translate --model brick-to-plaster --input scene/train --half left --output plaster",
      "deno task translate --model brick-to-plaster --back --input scene/train --half right --output brick",
      "deno task play --model brick-to-plaster",
    ],
  },
  "varied-facades": {
    about: "Turns a label map of a facade into several different photos (BicycleGAN).",
    limits: `${HELD_OUT} Label maps must have toytown's 14 colours. A latent code changes the colours and the light, but not ` +
      "what the labels say.",
    preliminary: "this model's images with different codes resemble each other, and the Fréchet distance rises after epoch 5.",
    train: "bicyclegan --data toytown --size 128 --filters 16 --upsample resize --count 400 --latent-weight 1 --epochs 30 " +
      "--seed 1 --keep-epochs 1,2,5,10,20",
    metric: "best_l1", // noise is diverse, too: training lowers the diversity
    use: [
      "deno task world --count 1 --test 0 --size 128 --out scene",
      "deno task translate --model varied-facades --input scene/train --half right --variants 4 --output translated",
      "deno task play --model varied-facades",
    ],
  },
  "captioned-houses": {
    about: "Draws houses from captions such as “a red house with two windows” (StackGAN).",
    limits: "It knows 24 captions: six colours, and one to four windows. It often draws another number of windows than the " +
      "caption says: the metrics say how often.",
    history:
      "Stage I learns in the first half of the epochs, and its images are not measured: the metrics are those of stage II, " +
      "which learns in the second half. `frechet` and `kernel` compare with houses that were not used for training; the " +
      "captions are those of the training.",
    train: "stackgan --size 64 --filters 24 --count 1440 --batch 32 --epochs 60 --learning-rate 0.0005 --seed 1 " +
      "--keep-epochs 1,30,35,40,50",
    metric: "caption_both",
    use: [
      'deno task generate --model captioned-houses --captions "a red house with two windows" --output houses',
      "deno task play --model captioned-houses",
    ],
  },
};

/** Returns the value of an option in the arguments of `deno task train`. */
export function optionOf({ train }: Recipe, name: string): string | undefined {
  const words = train.split(" ");
  const at = words.indexOf(name);
  return at < 0 ? undefined : words[at + 1];
}

/** Returns the arguments of `deno task train`, without the run folder.
 * @param folder Folder of the data that `deno task world` has drawn. */
export function trainArguments({ train, world }: Recipe, folder: string): string[] {
  const [kind, ...rest] = train.split(" ");
  return [kind!, ...world ? ["--data", folder] : [], ...rest];
}

/** Returns the command that draws the data of a recipe, if it needs one.
 * @param folder Folder for the data. */
export function worldCommand({ world }: Recipe, folder: string): string | undefined {
  if (!world) return undefined;
  const { scene, left, right, count, size } = world;
  return `deno task world --scene ${scene} --left ${left} --right ${right} --count ${count} --test ${TEST} --size ${size} ` +
    `--out ${folder}`;
}

/** Number of held-out scenes on which a model that translates images is tested. */
export const TEST = 32;
