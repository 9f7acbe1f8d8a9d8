/** The backend "cpu": tfjs's kernels in plain JavaScript. It runs everywhere and is slow; what the others are checked against.
 * @module */
import * as tf from "../tf.ts";
import { repairNearestGradient } from "./cpu_resize.ts";
import type { BackendInfo } from "./use_backend.ts";

/** What kernels use of the backend. */
export interface CpuBackend extends tf.KernelBackend {
  /** A tensor of the backend that the engine does not track. */
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.backend_util.TypedArray): tf.TensorInfo;
}

let quiet: CpuBackend | undefined;

/** tfjs's plain JavaScript backend, without the advertisement that it prints the first time that it is given a value: it would
 * recommend the add-on that Forger does without. tfjs prints nothing in its production mode, so that is on for one value. */
export function quietCpu(): CpuBackend {
  const cpu = tf.findBackend("cpu") as CpuBackend;
  if (cpu === quiet) return cpu;
  const production = tf.env().getBool("PROD");
  tf.env().set("PROD", true);
  try {
    cpu.disposeData(cpu.write(new Float32Array(1), [1], "float32"), true);
  } finally {
    tf.env().set("PROD", production);
  }
  return quiet = cpu;
}

/** Takes plain JavaScript for all that follows. It works everywhere. */
export async function startCpu(): Promise<BackendInfo> {
  quietCpu();
  repairNearestGradient();
  await tf.setBackend("cpu");
  return { version: tf.version["tfjs-backend-cpu"], device: "CPU (plain JavaScript)", threads: 1 };
}
