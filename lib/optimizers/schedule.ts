/** Learning rate schedules.
 * @module */

/** Returns the learning rate for an epoch; epochs are counted from 0. */
export type Schedule = (epoch: number) => number;

/** Parameters of {@linkcode linearDecay}. */
export interface LinearDecay {
  /** Initial learning rate. CycleGAN: 0.0002. */
  rate: number;
  /** Total number of epochs. The learning rate decreases so that it would reach zero one epoch after the last epoch. */
  epochs: number;
  /** Number of epochs before the decay begins. CycleGAN: 100 of 200. If this number equals `epochs`, the learning rate is
   * constant. */
  from: number;
}

/** Returns a schedule with a constant learning rate followed by a linear decay, as in CycleGAN (Zhu et al. 2017,
 * arXiv:1703.10593, Sec. 4). As in the authors' code, the learning rate is already lower in the first epoch of the decay, and
 * still above zero in the last epoch. If the decay begins after 100 of 200 epochs, the learning rate falls from 100/101 to 1/101
 * of the initial rate.
 * @throws {RangeError} If `from` is not an integer from 0 to `epochs`. */
export function linearDecay({ rate, epochs, from }: LinearDecay): Schedule {
  if (!Number.isInteger(from) || from < 0 || from > epochs) {
    const problem = `the epochs before its decay must be an integer from 0 to ${epochs}, got ${from}`;
    throw new RangeError(`Cannot schedule the learning rate: ${problem}; pass ${epochs} for a constant rate`);
  }
  return (epoch) => epoch < from ? rate : rate * Math.max(0, epochs - epoch) / (epochs - from + 1);
}
