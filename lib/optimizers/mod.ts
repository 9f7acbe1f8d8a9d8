/** Learning rate schedules, gradient clipping, weight averaging, and optimizers whose entire state can be saved.
 * @module */
export { Adam, type AdamSettings } from "./adam.ts";
export { decayAt, followWeights } from "./average.ts";
export { clipByNorm, Optimizer, type Slot, variablesOf } from "./optimizer.ts";
export { type LinearDecay, linearDecay, type Schedule } from "./schedule.ts";
export { RmsProp, type RmsPropSettings, Sgd, type SgdSettings } from "./sgd.ts";
