/** What a training has for itself: the model, for two trainings of it would change each other's weights, and the folder that it writes into.
 * @module */
import type * as tf from "../tf.ts";
import { takeFolder } from "./folder_lock.ts";

const inTraining = new WeakSet<tf.LayersModel>();

/** Takes networks, and a folder if there is one, for a training.
 * @returns what gives them back.
 * @throws {Error} if one of the networks is being trained already, or the folder is taken. */
export async function takeForTraining(networks: tf.LayersModel[], folder?: string): Promise<{ release(): Promise<void> }> {
  if (networks.some((network) => inTraining.has(network))) {
    throw new Error(
      "Cannot train: this model is being trained already; wait until that training ends, leave its loop, or build another model",
    );
  }
  const free = () => networks.forEach((network) => inTraining.delete(network));
  for (const network of networks) inTraining.add(network); // before the first await: the second one may begin meanwhile
  try {
    const lock = folder === undefined ? undefined : await takeFolder(folder);
    return { release: async () => await Promise.resolve(lock?.release()).finally(free) };
  } catch (error) {
    free();
    throw error;
  }
}
