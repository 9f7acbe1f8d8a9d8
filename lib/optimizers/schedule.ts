/** Learning rate schedules.
 * @module */

/** Returns the learning rate for an epoch; epochs are counted from 0. */
export type Schedule = (epoch: number) => number;

/** Parameters of {@linkcode linearDecay}. */
export interface LinearDecay {
  /** Initial learning rate. CycleGAN: 0.0002. */
  rate: number;
  /** Total number of epochs. The rate would reach zero one epoch after the last. */
  epochs: number;
  /** Number of epochs before the decay begins. CycleGAN: 100 of 200. If equal to `epochs`, the rate is constant. */
  from: number;
}

/** Returns a schedule with a constant rate followed by a linear decay: "We keep the same learning rate for the first 100 epochs
 * and linearly decay the rate to zero over the next 100 epochs" (CycleGAN, Zhu et al. 2017, arXiv:1703.10593, Sec. 4). As in the
 * authors' code, the rate is already lower in the first epoch of the decay and not yet zero in the last one: if the decay begins
 * after 100 of 200 epochs, the rate takes the values 100/101, 99/101, ..., 1/101 of the initial rate.
 * @throws {RangeError} if `from` is not an integer from 0 to `epochs`. */
export function linearDecay({ rate, epochs, from }: LinearDecay): Schedule {
  if (!Number.isInteger(from) || from < 0 || from > epochs) {
    const problem = `the epochs before its decay must be an integer from 0 to ${epochs}, got ${from}`;
    throw new RangeError(`Cannot schedule the learning rate: ${problem}; ${epochs} keeps the rate constant`);
  }
  return (epoch) => epoch < from ? rate : rate * Math.max(0, epochs - epoch) / (epochs - from + 1);
}
