/** The "webgpu" backend: tfjs's kernels, run as shaders on the GPU that Deno provides as `navigator.gpu`.
 *
 * tfjs requests a device with all optional features. In Deno, such requests have failed ("unknown device feature",
 * webgpu-examples#22), so Forger requests only the limits that the kernels need, and no features. tfjs reads values
 * synchronously through a canvas, which Deno does not support; {@linkcode makeReadSync} replaces this method.
 * @module */
import * as tf from "../../tf.ts";
import type { BackendInfo } from "../backend_info.ts";
import { tfjsWebgpu, type WebGPUBackend } from "../../packages.ts";

/** Limits that are raised from WebGPU's defaults to the adapter's maximum, because tfjs's kernels need more than the defaults. */
const LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
] as const;

/** Names of software renderers: Mesa's, Google's and Microsoft's. */
const SOFTWARE = /llvmpipe|lavapipe|softpipe|swiftshader|basic render|\bwarp\b/i;

function nameOf({ description, vendor, architecture }: GPUAdapterInfo): string {
  return description || [vendor, architecture].filter(Boolean).join(" ") || "unnamed GPU";
}

/** Returns whether an adapter computes on the CPU. Deno sets WebGPU's flag `isFallbackAdapter` for adapters whose Vulkan device
 * type is CPU; other CPU adapters are identified by name. */
export function isSoftware({ vendor, architecture, description, isFallbackAdapter }: AdapterInfo): boolean {
  return isFallbackAdapter === true || SOFTWARE.test(`${vendor} ${architecture} ${description}`);
}

type AdapterInfo = Pick<GPUAdapterInfo, "vendor" | "architecture" | "description"> & { isFallbackAdapter?: boolean };

async function findAdapter(software: boolean): Promise<GPUAdapter> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("WebGPU found no GPU; install a GPU driver");
  if (!software && isSoftware(adapter.info)) throw new Error(`${nameOf(adapter.info)} runs on the CPU`);
  return adapter;
}

async function start(adapter: GPUAdapter): Promise<BackendInfo> {
  const requiredLimits = Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const device = await adapter.requestDevice({ requiredLimits });
  const { WebGPUBackend } = await tfjsWebgpu();
  const backend = new WebGPUBackend(device, adapter.info);
  backend.readSync = await makeReadSync(backend, device);
  if (tf.findBackendFactory("webgpu")) tf.removeBackend("webgpu"); // tfjs's own, which would request another device
  tf.registerBackend("webgpu", () => backend, 3);
  return { version: tf.version_core, device: nameOf(adapter.info), threads: 1 };
}

let started: { info: BackendInfo; software: boolean } | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Starts WebGPU if needed and makes it the active backend. Concurrent calls run one after another.
 *
 * On WebGPU, tfjs 4.22 treats booleans as numbers, so `tf.any` and `tf.all` work only along the last axis. Use `tf.max`.
 * @param software Whether to accept an adapter that computes on the CPU. Such an adapter is slower than WebAssembly.
 * @throws {Error} With a one-line reason, if WebGPU cannot run on this machine. */
export function startWebgpu(software = false): Promise<BackendInfo> {
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

/** Size of the staging buffer in bytes. A few chunks of this size are enough to read the weights of a layer or a batch of
 * images. */
const CHUNK = 1 << 22;

/** Returns a replacement for the backend's `readSync`, which `dataSync()` calls.
 *
 * Reading a GPU buffer requires mapping it, and `mapAsync` returns a promise. However, Deno 2.9.6 waits for the GPU inside the
 * call to `mapAsync` (ext/webgpu/buffer.rs). The values are available when the call returns, although the promise resolves
 * milliseconds later. Deno waits only for buffers that have been mapped before, so values are copied in chunks through a single
 * staging buffer. If another version of Deno does not wait, synchronous reading throws an error, but `await tensor.data()` still
 * works. */
export async function makeReadSync(backend: WebGPUBackend, device: GPUDevice): Promise<WebGPUBackend["readSync"]> {
  const staging = device.createBuffer({ size: CHUNK, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  await staging.mapAsync(GPUMapMode.READ);
  staging.unmap();

  function chunk(from: GPUBuffer, offset: number, bytes: number): Uint8Array {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, offset, staging, 0, bytes);
    device.queue.submit([encoder.finish()]);
    staging.mapAsync(GPUMapMode.READ, 0, bytes).catch(() => {}); // unmapped before the promise resolves
    try {
      return new Uint8Array(staging.getMappedRange(0, bytes).slice(0));
    } catch (error) {
      throw new Error(`Cannot read a tensor synchronously from the GPU: ${(error as Error).message}; use await tensor.data()`);
    } finally {
      staging.unmap();
    }
  }

  return function readSync(id: object): tf.backend_util.BackendValues {
    const data = backend.tensorMap.get(id);
    if (data.values !== null && data.values !== undefined) return data.values;
    if (data.complexTensorInfos) {
      const { real, imag } = data.complexTensorInfos;
      return tf.backend_util.mergeRealAndImagArrays(readSync(real.dataId) as Float32Array, readSync(imag.dataId) as Float32Array);
    }
    backend.ensureCommandEncoderReady(); // submits pending work first
    backend.endComputePassEncoder();
    backend.submitQueue();
    const bytes = new Uint8Array(tf.util.sizeFromShape(data.shape) * 4); // bool also has four bytes per element
    for (let offset = 0; offset < bytes.length; offset += CHUNK) {
      bytes.set(chunk(data.resource as GPUBuffer, offset, Math.min(CHUNK, bytes.length - offset)), offset);
    }
    return data.values = tf.util.convertBackendValuesAndArrayBuffer(bytes.buffer, data.dtype);
  };
}
