/** Description of a running backend.
 * @module */

/** Properties of a running backend. */
export interface BackendInfo {
  /** Version of the library that runs the operations (TensorFlow or tfjs), such as "2.21.0". */
  version: string;
  /** Name of the device, for display: "CPU", or the name of the GPU. */
  device: string;
  /** Number of CPU threads that one operation may use. */
  threads: number;
}
