/** Weights of losses, checked before anything is built.
 * @module */

/** @param what is being built, for the message.
 * @throws {RangeError} if the weight of a loss is no number from 0: what it would teach is the contrary, or nothing. */
export function checkWeights(what: string, weights: Record<string, number>): void {
  for (const [name, weight] of Object.entries(weights)) {
    if (Number.isFinite(weight) && weight >= 0) continue;
    throw new RangeError(`Cannot build ${what}: ${name} must be a number from 0, got ${weight}; change ${name}`);
  }
}
