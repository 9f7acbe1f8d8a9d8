/** Optimizers whose whole state can be saved, and what goes with them: learning rate schedules, gradient clipping, averages of
 * weights.
 * @module */
export { Adam, type AdamSettings } from "./adam.ts";
export { decayAt, followWeights } from "./average.ts";
export { clipByNorm } from "./optimizer.ts";
export { Optimizer, type Slot, variablesOf } from "./optimizer.ts";
export { RmsProp, type RmsPropSettings } from "./sgd.ts";
export { type LinearDecay, linearDecay, type Schedule } from "./schedule.ts";
export { Sgd, type SgdSettings } from "./sgd.ts";
