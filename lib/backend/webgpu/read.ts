/** Reading a tensor's values from the GPU at once, as `dataSync()` must. tfjs's backend "webgpu" does that by drawing them into a
 * canvas, which works in browsers only.
 *
 * A GPU buffer is read by mapping it, and `mapAsync` gives a promise. But Deno waits for the GPU within the call of `mapAsync` (seen in
 * its source, ext/webgpu/buffer.rs, and in version 2.9.6), so that the values are there when it returns; the promise is only told some
 * milliseconds later. That holds for a buffer that has been mapped once in the ordinary way before, so one such buffer is kept, and
 * values pass through it piece by piece. Should another version of Deno not wait, reading is an error, and `await data()` still works.
 * @module */
import * as tf from "../../tf.ts";
import type { WebGPUBackend } from "../../packages.ts";

/** Bytes of the buffer that values pass through: a layer's weights or a batch of pictures in one or a few pieces. */
const PIECE = 1 << 22;

/** Makes what replaces the backend's `readSync`. */
export async function makeReadSync(backend: WebGPUBackend, device: GPUDevice): Promise<WebGPUBackend["readSync"]> {
  const passage = device.createBuffer({ size: PIECE, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  await passage.mapAsync(GPUMapMode.READ);
  passage.unmap();

  function piece(from: GPUBuffer, offset: number, bytes: number): Uint8Array {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, offset, passage, 0, bytes);
    device.queue.submit([encoder.finish()]);
    passage.mapAsync(GPUMapMode.READ, 0, bytes).catch(() => {}); // it is read and unmapped before the promise is told
    try {
      return new Uint8Array(passage.getMappedRange(0, bytes).slice(0));
    } catch (error) {
      throw new Error(`Cannot read a tensor from the GPU at once (${(error as Error).message}); use "await tensor.data()"`);
    } finally {
      passage.unmap();
    }
  }

  return function readSync(id: object): tf.backend_util.BackendValues {
    const data = backend.tensorMap.get(id);
    if (data.values !== null && data.values !== undefined) return data.values;
    if (data.complexTensorInfos) {
      const { real, imag } = data.complexTensorInfos;
      return tf.backend_util.mergeRealAndImagArrays(readSync(real.dataId) as Float32Array, readSync(imag.dataId) as Float32Array);
    }
    backend.ensureCommandEncoderReady(); // what is still to be computed goes to the GPU first
    backend.endComputePassEncoder();
    backend.submitQueue();
    const bytes = new Uint8Array(tf.util.sizeFromShape(data.shape) * 4); // bool, too, has four bytes an element there
    for (let offset = 0; offset < bytes.length; offset += PIECE) {
      bytes.set(piece(data.resource as GPUBuffer, offset, Math.min(PIECE, bytes.length - offset)), offset);
    }
    return data.values = tf.util.convertBackendValuesAndArrayBuffer(bytes.buffer, data.dtype);
  };
}
