/** Kernel `ResizeNearestNeighborGrad` of the backend "cpu", put right: tfjs 4.22 reads the gradient of every picture of a batch but
 * the first from the wrong place, so that networks with upsampling would learn something else. (WebAssembly, WebGPU and TensorFlow have
 * it right.) Registered when the backend is started, or when something is built that needs it.
 * @module */
import * as tf from "../tf.ts";
import type { CpuBackend } from "./cpu.ts";

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
