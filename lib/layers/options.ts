/** How a network is to be run: what differs between training and using it.
 * @module */

/** Given to `model.apply(input, mode)`. tfjs hands it on to every layer. */
export interface Mode {
  /** Train: dropout drops, batch norm uses the batch's statistics and remembers them. Default false. */
  training?: boolean;
  /** Dropout drops, whatever `training` says. */
  dropout?: boolean;
  /** Batch norm uses the batch's own statistics, whatever `training` says. */
  batchStatistics?: boolean;
  /** Batch norm remembers the batch's statistics. Default: as `training`. */
  updateStatistics?: boolean;
}
