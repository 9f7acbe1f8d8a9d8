/** The cluster that this process has joined.
 * @module */
import * as tf from "../../tf.ts";
import { activeTensorflow } from "./active.ts";
import type { Cluster } from "./cluster.ts";

let joined: Cluster | undefined;

/** Stores the cluster after the backend has joined it. */
export function setJoined(cluster: Cluster | undefined): void {
  joined = cluster;
}

/** Returns the cluster of workers that train together, if this process has joined one. */
export function activeCluster(): Cluster | undefined {
  return activeTensorflow() ? joined : undefined;
}

/** Applies a function to the whole batch of a training step, of which this worker has some rows.
 * @param x The rows of this worker; without a cluster, all rows.
 * @returns The rows of the result that belong to this worker. */
export function onWholeBatch<T extends tf.Tensor>(x: T, f: (whole: T) => T): T {
  const cluster = activeCluster();
  return cluster?.inStep ? tf.tidy(() => cluster.ownRows(f(cluster.wholeBatch(x)))) : f(x);
}
