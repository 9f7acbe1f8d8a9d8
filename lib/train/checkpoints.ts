/** Tracks the position of a training run, saves its checkpoints, and restores them to resume or to roll back.
 * @module */
import type { WarningEvent } from "../events.ts";
import { describe, NonFiniteLossError, refuseNonFinite } from "./diagnostics.ts";
import type { TrainOptions } from "./options.ts";
import { checkpointFile, hasState, loadState, type Position, saveState, type Trained } from "./state.ts";
import type { Workers } from "./together.ts";

/** Maximum number of rollbacks, each of which skips one batch; if more are needed, the data is unlikely to be the cause. */
const MOST_ROLLBACKS = 5;

/** Position of a run, and the checkpoint from which it can be restored. */
export class Checkpoints {
  /** Position of the run. */
  position: Position = { epoch: 0, stepInEpoch: 0, step: 0, sums: {} };
  /** Whether any steps have been taken since the last checkpoint. */
  unsaved = false;
  readonly #trained: Trained;
  readonly #settings: Record<string, unknown>;
  readonly #options: TrainOptions;
  readonly #workers: Workers;

  /** @param settings Settings that must be unchanged when the run resumes. */
  constructor(trained: Trained, settings: Record<string, unknown>, options: TrainOptions, workers: Workers) {
    [this.#trained, this.#settings, this.#options, this.#workers] = [trained, settings, options, workers];
  }

  /** Loads the checkpoint, if there is one.
   * @returns Whether the run was resumed.
   * @throws {Error} If the checkpoint belongs to another run. */
  async resume(): Promise<boolean> {
    const { checkpoint, resume = false, acceptData } = this.#options;
    const bytes = await this.#readCheckpoint();
    if (!checkpoint || !bytes) return false;
    if (!resume) {
      const file = checkpointFile(checkpoint);
      throw new Error(
        `Cannot write the run to ${checkpoint}: ${file} belongs to an earlier training run; resume it, or choose another folder`,
      );
    }
    this.position = await loadState(checkpoint, this.#trained, this.#settings, acceptData, bytes);
    return true;
  }

  /** Reads the checkpoint of worker 0; returns `undefined` if there is none. */
  async #readCheckpoint(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { checkpoint } = this.#options;
    const has = checkpoint && this.#workers.isFirst && await hasState(checkpoint);
    return this.#workers.send(has ? await Deno.readFile(checkpointFile(checkpoint)) : undefined);
  }

  /** Saves the initial state, so that a rollback is possible before the first regular checkpoint. */
  async saveStart(): Promise<void> {
    const { onNan, checkpoint } = this.#options;
    if (onNan !== "rollback" || !checkpoint || await hasState(checkpoint)) return;
    this.unsaved = true;
    await this.save();
  }

  /** Restores the last checkpoint, and marks the batch that had the non-finite loss, so that the run skips it. Rethrows the
   * error if no rollback is possible. */
  async rollback(error: unknown): Promise<WarningEvent> {
    const { onNan = "stop", checkpoint } = this.#options;
    if (!(error instanceof NonFiniteLossError) || onNan !== "rollback" || !checkpoint) throw error;
    const bytes = await this.#readCheckpoint();
    if (!bytes) throw error;
    const { epoch, stepInEpoch, leftOut = [], data } = this.position;
    if (leftOut.length >= MOST_ROLLBACKS) throw error;
    const loaded = await loadState(checkpoint, this.#trained, this.#settings, true, bytes); // the data has been compared
    this.position = { ...loaded, leftOut: [...leftOut, [epoch, stepInEpoch]], ...data && { data } };
    const message = `${describe(error.found)}: returned to step ${this.position.step}; the batch will be skipped`;
    return { type: "warning", epoch: epoch + 1, step: this.position.step, message };
  }

  /** Whether the next batch is skipped because of an earlier non-finite loss. */
  isSkipped(): boolean {
    const { epoch, stepInEpoch, leftOut = [] } = this.position;
    return leftOut.some(([inEpoch, place]) => inEpoch === epoch && place === stepInEpoch);
  }

  /** Saves a checkpoint.
   * @param together Whether all workers have reached this point, so that their states can be compared. If one is lost meanwhile,
   * the steps that all have taken are still saved. */
  async save(together = false): Promise<void> {
    const { checkpoint } = this.#options;
    if (!checkpoint || !this.unsaved) return;
    this.unsaved = false;
    await refuseNonFinite(this.#trained.networks, this.position.step);
    let lost: unknown;
    try {
      if (together) await this.#workers.compareState(this.#trained);
    } catch (error) {
      if (error instanceof RangeError) throw error; // the states differ
      lost = error;
    }
    if (this.#workers.isFirst) await saveState(checkpoint, this.#trained, this.position, this.#settings);
    if (lost) throw lost;
  }
}
