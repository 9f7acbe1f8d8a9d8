/** A model of any kind that translates, for `deno task translate`.
 * @module */
import type * as tf from "../../tf.ts";
import { BicycleGan } from "../../train/bicyclegan.ts";
import { CycleGan } from "../../train/cyclegan.ts";
import { loadModel } from "../../train/load_model.ts";
import { Pix2Pix } from "../../train/pix2pix.ts";
import { UsageError } from "../options.ts";

/** How to translate, of translate's options. */
export interface How {
  /** Without the model's noise. */
  noDropout: boolean;
  /** Batch norm with the averages of the training. */
  runningStatistics: boolean;
  /** Pictures of each. */
  variants: number;
  /** Of the first code. */
  seed: number | undefined;
  /** From the second kind of picture to the first. */
  back: boolean;
}

/** A model that translates, and the way it is to be used. */
export interface OneWay {
  /** Height and width, pixels. */
  size: number;
  /** Of what it is given. */
  channels: number;
  /** @param seed of what is chance, if it is a BicycleGAN. */
  translate(images: tf.Tensor4D, seed: number): Promise<tf.Tensor4D>;
  /** Frees the model. */
  dispose(): void;
}

/** Loads a model that translates.
 * @throws {UsageError} if it is of another kind, or an option says nothing to it. */
export async function loadOneWay(folder: string, how: How): Promise<OneWay> {
  const model = await loadModel<"pix2pix" | "cyclegan" | "bicyclegan">(folder);
  const dispose = () => model.dispose();
  if (!(model instanceof CycleGan || model instanceof BicycleGan || model instanceof Pix2Pix)) {
    throw new UsageError(
      `Option --model: ${folder} does not translate pictures; if it makes them of noise, use deno task generate`,
    );
  }
  refuseUseless(folder, model, how);
  const mode = { dropout: !how.noDropout, batchStatistics: !how.runningStatistics };
  if (model instanceof CycleGan) {
    const { size, xChannels, yChannels } = model.settings;
    const direction = how.back ? "yToX" : "xToY";
    const translate = (images: tf.Tensor4D) => model.translate(images, { ...mode, direction });
    return { size, channels: how.back ? yChannels : xChannels, translate, dispose };
  }
  const { size, inputChannels: channels } = model.settings;
  const translate = (images: tf.Tensor4D, seed: number) =>
    model instanceof BicycleGan ? model.translate(images, { seed }) : model.translate(images, mode);
  return { size, channels, translate, dispose };
}

/** An option that changes nothing is a misunderstanding, and its picture would be taken for something else.
 * @throws {UsageError} */
function refuseUseless(folder: string, model: CycleGan | BicycleGan | Pix2Pix, how: How): void {
  const refuse = (option: string, why: string): never => {
    throw new UsageError(`Option ${option}: ${folder} ${why}; leave it out`);
  };
  if (how.back && !(model instanceof CycleGan)) refuse("--back", "goes one way only");
  if (model instanceof BicycleGan) {
    if (how.noDropout) refuse("--no-dropout", "has none, its noise is a code");
    if (how.runningStatistics) refuse("--running-statistics", "always takes those of the picture itself");
    return;
  }
  const { dropout, norm } = model.settings;
  if (how.runningStatistics && norm !== "batch") refuse("--running-statistics", "has no batch norm");
  if (how.seed !== undefined) refuse("--seed", "is no BicycleGAN and has no codes");
  if (how.variants > 1 && dropout === 0) refuse("--variants", "has no noise and makes one picture of each");
  if (how.variants > 1 && how.noDropout) refuse("--variants", "makes one picture of each without its dropout");
}
