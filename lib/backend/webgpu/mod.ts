/** The backend "webgpu": tfjs's kernels as shaders on the GPU that Deno's `navigator.gpu` gives.
 *
 * tfjs starts a device by itself, and asks for every feature that it knows, which has failed in Deno ("unknown device feature",
 * webgpu-examples#22). Here the device is asked for the limits that kernels need, and for no optional feature. And tfjs reads values
 * back at once through a canvas, which Deno cannot draw into: read.ts does it instead.
 * @module */
import * as tf from "../../tf.ts";
import type { BackendInfo } from "../backend_info.ts";
import { tfjsWebgpu, type WebGPUBackend } from "../../packages.ts";

/** Limits that tfjs's kernels use in full where there are more than WebGPU's minimum. */
const LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/** What software rasterisers call themselves: Mesa's, Google's, and Windows's. */
const SOFTWARE = /llvmpipe|lavapipe|softpipe|swiftshader|basic render|\bwarp\b/i;

/** How to start it. */
export interface WebgpuOptions {
  /** Also take an adapter that computes on the CPU, which is slower than WebAssembly. Default false. */
  software?: boolean;
}

function nameOf({ description, vendor, architecture }: GPUAdapterInfo): string {
  return description || [vendor, architecture].filter(Boolean).join(" ") || "unnamed GPU";
}

/** Whether an adapter computes on the CPU. WebGPU's own word for it is "fallback adapter", which Deno sets for Vulkan's device type
 * CPU; the names are for those that do not say so. */
export function isSoftware(
  info: Pick<GPUAdapterInfo, "vendor" | "architecture" | "description"> & { isFallbackAdapter?: boolean },
): boolean {
  return info.isFallbackAdapter === true || SOFTWARE.test(`${info.vendor} ${info.architecture} ${info.description}`);
}

async function findAdapter(software: boolean): Promise<GPUAdapter> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("no GPU is visible to navigator.gpu; install the GPU's driver");
  if (!software && isSoftware(adapter.info)) throw new Error(`${nameOf(adapter.info)} computes on the CPU`);
  return adapter;
}

async function start(adapter: GPUAdapter): Promise<BackendInfo> {
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const device = await adapter.requestDevice({ requiredLimits });
  const { WebGPUBackend } = await tfjsWebgpu();
  const backend = new WebGPUBackend(device, adapter.info);
  backend.readSync = await makeReadSync(backend, device);
  if (tf.findBackendFactory("webgpu")) tf.removeBackend("webgpu"); // tfjs's own, which would ask for another device
  tf.registerBackend("webgpu", () => backend, 3);
  return { version: tf.version_core, device: nameOf(adapter.info), threads: 1 };
}

let started: { info: BackendInfo; software: boolean } | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Starts WebGPU, once, and takes it for all that follows. Who asks while it starts waits.
 *
 * tfjs 4.22 takes tensors of bool for numbers there: `tf.any` and `tf.all` along any axis but the last are wrong, `tf.max` of numbers is right.
 * @throws {Error} with one line that says why it cannot run here. */
export function startWebgpu({ software = false }: WebgpuOptions = {}): Promise<BackendInfo> {
  const next = last.then(() => startOnce(software));
  last = next.catch(() => {});
  return next;
}

async function startOnce(software: boolean): Promise<BackendInfo> {
  if (!started || (started.software && !software)) {
    const adapter = await findAdapter(software);
    started = { info: await start(adapter), software: isSoftware(adapter.info) };
  }
  await tf.setBackend("webgpu");
  return started.info;
}

/** Reading a tensor's values from the GPU at once, as `dataSync()` must. tfjs's backend "webgpu" does that by drawing them into a
 * canvas, which works in browsers only.
 *
 * A GPU buffer is read by mapping it, and `mapAsync` gives a promise. But Deno waits for the GPU within the call of `mapAsync` (seen in
 * its source, ext/webgpu/buffer.rs, and in version 2.9.6), so that the values are there when it returns; the promise is only told some
 * milliseconds later. That holds for a buffer that has been mapped once in the ordinary way before, so one such buffer is kept, and
 * values pass through it piece by piece. Should another version of Deno not wait, reading is an error, and `await data()` still works.
 * (merged) */

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
