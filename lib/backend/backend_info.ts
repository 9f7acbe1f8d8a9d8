/** Description of a running backend.
 * @module */

/** Properties of a running backend. */
export interface BackendInfo {
  /** Version of the library that runs the operations: TensorFlow (such as "2.21.0") or tfjs. */
  version: string;
  /** Device name for display: "CPU", or the name of the GPU. */
  device: string;
  /** Number of CPU threads that one operation may use. */
  threads: number;
}
