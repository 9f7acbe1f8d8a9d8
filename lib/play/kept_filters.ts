/** Filters that kernels have derived from the weights of a page, which never change. Each is computed once.
 * @module */
import type * as tf from "../tf.ts";
import type { BackendWasm } from "../packages.ts";

/** Derived filters, keyed by the data of the whole filter. */
const kept = new WeakMap<object, Map<string, tf.TensorInfo>>();
const watched = new WeakSet<BackendWasm>();

/** Frees the derived filters when the whole filter is freed. */
function watch(backend: BackendWasm): void {
  if (watched.has(backend)) return;
  watched.add(backend);
  const dispose = backend.disposeData.bind(backend);
  backend.disposeData = (dataId, force) => {
    const gone = dispose(dataId, force);
    if (!gone) return gone;
    kept.get(dataId)?.forEach((filter) => dispose(filter.dataId));
    kept.delete(dataId);
    return gone;
  };
}

/** Returns a filter that is derived from another one, and computes it at the first call.
 * @param filter The whole filter.
 * @param key Name of the derived filter. */
export function keptFilter(
  backend: BackendWasm,
  filter: tf.TensorInfo,
  key: string,
  derive: () => tf.TensorInfo,
): tf.TensorInfo {
  watch(backend);
  let filters = kept.get(filter.dataId);
  if (!filters) kept.set(filter.dataId, filters = new Map());
  let found = filters.get(key);
  if (!found) filters.set(key, found = derive());
  return found;
}
