/** Freeing networks, as often as one likes.
 * @module */
import type * as tf from "../tf.ts";

const gone = new WeakSet<tf.LayersModel>();

/** Frees the weights of a model's networks; again it does nothing, as with tensors, where tfjs's own models throw. */
export function disposeNetworks(networks: Record<string, tf.LayersModel>): void {
  for (const network of Object.values(networks)) {
    if (gone.has(network)) continue;
    gone.add(network);
    network.dispose();
  }
}
