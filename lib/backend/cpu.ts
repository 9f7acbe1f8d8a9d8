/** The backend "cpu": tfjs's kernels in plain JavaScript. It runs everywhere and is slow; what the others are checked against.
 * @module */
import * as tf from "../tf.ts";
import type { BackendInfo } from "./backend_info.ts";

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

/** Kernel `ResizeNearestNeighborGrad` of the backend "cpu", put right: tfjs 4.22 reads the gradient of every picture of a batch but
 * the first from the wrong place, so that networks with upsampling would learn something else. (WebAssembly, WebGPU and TensorFlow have
 * it right.) Registered when the backend is started, or when something is built that needs it.
 * (merged) */

/** For each pixel of a row or column of `enlarged`, the pixel of `size` that it was copied from. */
function sources(size: number, enlarged: number, { alignCorners, halfPixelCenters }: tf.ResizeNearestNeighborAttrs): number[] {
  const aligned = alignCorners && enlarged > 1;
  const scale = aligned ? (size - 1) / (enlarged - 1) : size / enlarged;
  return Array.from({ length: enlarged }, (_, i) => {
    const at = scale * (halfPixelCenters ? i + 0.5 : i);
    return Math.min(size - 1, alignCorners ? Math.round(at) : Math.floor(at));
  });
}

/** Every pixel's gradient goes back to the pixel that it was copied from.
 * @param dy `[batch, enlargedHeight, enlargedWidth, channels]`.
 * @param shape of the picture before: `[batch, height, width, channels]`. */
function scatter(dy: Float32Array, dyShape: number[], shape: number[], attributes: tf.ResizeNearestNeighborAttrs): Float32Array {
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const rows = sources(height, dyShape[1]!, attributes);
  const columns = sources(width, dyShape[2]!, attributes);
  const dx = new Float32Array(batch * height * width * channels);
  let next = 0;
  for (let n = 0; n < batch; n++) {
    for (const row of rows) {
      for (const column of columns) {
        const to = ((n * height + row) * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) dx[to + channel]! += dy[next++]!;
      }
    }
  }
  return dx;
}

const KERNEL: tf.KernelConfig = {
  kernelName: "ResizeNearestNeighborGrad",
  backendName: "cpu",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { images, dy } = inputs as { images: tf.TensorInfo; dy: tf.TensorInfo };
    const cpu = backend as CpuBackend;
    const values = cpu.readSync(dy.dataId) as Float32Array;
    const dx = scatter(values, dy.shape, images.shape, attrs as unknown as tf.ResizeNearestNeighborAttrs);
    return cpu.makeTensorInfo(images.shape, "float32", dx);
  },
};

/** Registers it, once. */
export function repairNearestGradient(): void {
  if (tf.getKernel(KERNEL.kernelName, "cpu")?.kernelFunc === KERNEL.kernelFunc) return;
  tf.unregisterKernel(KERNEL.kernelName, "cpu");
  tf.registerKernel(KERNEL);
}
