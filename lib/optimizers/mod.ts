/** Optimizers whose entire state can be saved, along with learning rate schedules, gradient clipping and weight averaging.
 * @module */
export { Adam, type AdamSettings } from "./adam.ts";
export { decayAt, followWeights } from "./average.ts";
export { clipByNorm, Optimizer, type Slot, variablesOf } from "./optimizer.ts";
export { type LinearDecay, linearDecay, type Schedule } from "./schedule.ts";
export { RmsProp, type RmsPropSettings, Sgd, type SgdSettings } from "./sgd.ts";
