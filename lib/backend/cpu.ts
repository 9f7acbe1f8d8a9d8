/** The backend "cpu": tfjs's kernels in plain JavaScript. The backend is slow, but it runs everywhere and serves as a reference
 * implementation.
 * @module */
import * as tf from "../tf.ts";
import type { BackendInfo } from "./backend_info.ts";

/** Members of the backend object that kernels use. */
export interface CpuBackend extends tf.KernelBackend {
  /** Creates a tensor that tfjs's engine does not track. */
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.backend_util.TypedArray): tf.TensorInfo;
}

let quiet: CpuBackend | undefined;

/** Returns tfjs's plain JavaScript backend, and suppresses tfjs's notice about a native add-on. tfjs prints the notice when the
 * first tensor is written, unless production mode is on, so the first tensor is written in production mode. */
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

/** Returns whether plain JavaScript is the active backend. Its results are the same bits on all processors, and must stay the
 * same in later versions, so that unfinished training runs can be resumed; faster orders of summation are used on other backends
 * only. */
export function isPlainJavaScript(): boolean {
  return tf.getBackend() === "cpu";
}

/** Makes plain JavaScript the active backend. Always succeeds. */
export async function startCpu(): Promise<BackendInfo> {
  quietCpu();
  repairNearestGradient();
  await tf.setBackend("cpu");
  return { version: tf.version["tfjs-backend-cpu"], device: "CPU (plain JavaScript)", threads: 1 };
}

/** Returns the index of the source pixel, from 0 to `size - 1`, for each pixel of an enlarged row or column. */
function sources(size: number, enlarged: number, { alignCorners, halfPixelCenters }: tf.ResizeNearestNeighborAttrs): number[] {
  const aligned = alignCorners && enlarged > 1;
  const scale = aligned ? (size - 1) / (enlarged - 1) : size / enlarged;
  return Array.from({ length: enlarged }, (_, i) => {
    const at = scale * (halfPixelCenters ? i + 0.5 : i);
    return Math.min(size - 1, alignCorners ? Math.round(at) : Math.floor(at));
  });
}

/** Adds the gradient of each output pixel to the gradient of its source pixel.
 * @param dy Gradient of the output: `[batch, enlargedHeight, enlargedWidth, channels]`.
 * @param shape Dimensions of the input: `[batch, height, width, channels]`. */
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

const NEAREST_GRADIENT: tf.KernelConfig = {
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

/** Replaces the `ResizeNearestNeighborGrad` kernel. In tfjs 4.22, this kernel reads gradients at the wrong offsets for all images
 * of a batch except the first, so networks with upsampling layers train on incorrect gradients. The other backends compute the
 * gradients correctly. Forger calls this function when the backend starts and when an upsampling layer is built. Repeated calls
 * have no effect. */
export function repairNearestGradient(): void {
  if (tf.getKernel(NEAREST_GRADIENT.kernelName, "cpu")?.kernelFunc === NEAREST_GRADIENT.kernelFunc) return;
  tf.unregisterKernel(NEAREST_GRADIENT.kernelName, "cpu");
  tf.registerKernel(NEAREST_GRADIENT);
}
