/** Learning rates that change as a training goes.
 * @module */

/** The learning rate of an epoch, counted from 0. */
export type Schedule = (epoch: number) => number;

/** When and from what a learning rate falls. */
export interface LinearDecay {
  /** The rate before it falls. CycleGAN: 0.0002. */
  rate: number;
  /** Epochs in all: the rate would be zero in the one after them. */
  epochs: number;
  /** Epochs before the fall. CycleGAN: 100 of 200. As many as `epochs`: it never falls. */
  from: number;
}

/** "We keep the same learning rate for the first 100 epochs and linearly decay the rate to zero over the next 100 epochs" (CycleGAN, Zhu et
 * al. 2017, arXiv:1703.10593, Sec. 4). As in the authors' code each of the later epochs has a rate of its own, the first one already a lower
 * one, and the last one not yet zero: with 100 of 200 they are 100/101, 99/101, ..., 1/101 of the rate.
 * @throws {RangeError} unless 0 <= from <= epochs. */
export function linearDecay({ rate, epochs, from }: LinearDecay): Schedule {
  if (!Number.isInteger(from) || from < 0 || from > epochs) {
    throw new RangeError(
      `Cannot lower the learning rate: expected 0 to ${epochs} epochs with the full rate, got ${from}; ${epochs} never lowers it`,
    );
  }
  return (epoch) => epoch < from ? rate : rate * Math.max(0, epochs - epoch) / (epochs - from + 1);
}
