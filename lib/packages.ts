// deno-lint-ignore-file no-import-prefix -- a script without a deno.json must be able to import Forger by its path
/** Versions of the npm packages other than TensorFlow.js, and functions that load a package when it is first needed.
 *
 * Importing this file loads only ml-matrix. The versions of npm packages are specified only here and in tf.ts.
 * @module */
export { EigenvalueDecomposition, Matrix, solve } from "npm:ml-matrix@6.15.1";
export type { NodeJSKernelBackend } from "npm:@tensorflow/tfjs-node-gpu@4.22.0/dist/nodejs_kernel_backend.js";
export type { TensorMetadata, TFEOpAttr, TFJSBinding } from "npm:@tensorflow/tfjs-node-gpu@4.22.0/dist/tfjs_binding.js";
export type { BackendWasm } from "npm:@tensorflow/tfjs-backend-wasm@4.22.0";
export type { WebGPUBackend } from "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
export type { Metadata, Sharp } from "npm:sharp@0.35.5";

/** Version of this library; matches the version in deno.json. */
export const VERSION = "0.1.0";

/** tfjs-node's backend and kernels, which call TensorFlow's C library. */
export const tfjsNode = {
  backend: (): Promise<typeof import("npm:@tensorflow/tfjs-node-gpu@4.22.0/dist/nodejs_kernel_backend.js")> =>
    import("npm:@tensorflow/tfjs-node-gpu@4.22.0/dist/nodejs_kernel_backend.js"),
  register: (): Promise<unknown> => import("npm:@tensorflow/tfjs-node-gpu@4.22.0/dist/register_all_kernels.js"),
  /** URL of a file in the package. */
  url: (): string => import.meta.resolve("npm:@tensorflow/tfjs-node-gpu@4.22.0/dist/nodejs_kernel_backend.js"),
};

/** tfjs's WebAssembly backend. */
export const tfjsWasm = {
  load: (): Promise<typeof import("npm:@tensorflow/tfjs-backend-wasm@4.22.0")> =>
    import("npm:@tensorflow/tfjs-backend-wasm@4.22.0"),
  /** URL of the package's main file. */
  url: (): string => import.meta.resolve("npm:@tensorflow/tfjs-backend-wasm@4.22.0"),
};

/** tfjs's WebGPU backend. */
export const tfjsWebgpu = (): Promise<typeof import("npm:@tensorflow/tfjs-backend-webgpu@4.22.0")> =>
  import("npm:@tensorflow/tfjs-backend-webgpu@4.22.0");

/** sharp: decodes, resizes and encodes image files. */
export const loadSharp = async (): Promise<typeof import("npm:sharp@0.35.5")["default"]> =>
  (await import("npm:sharp@0.35.5")).default;

/** fast-png: reads the palette indices of PNG files. */
export const loadPng = (): Promise<typeof import("npm:fast-png@8.0.0")> => import("npm:fast-png@8.0.0");

/** tar: unpacks archives. */
export const loadTar = (): Promise<typeof import("npm:tar@7.5.23")> => import("npm:tar@7.5.23");

/** zip.js: reads zip archives. */
export const loadZip = (): Promise<typeof import("npm:@zip.js/zip.js@2.24.0")> => import("npm:@zip.js/zip.js@2.24.0");

/** jsdom: provides the document in which Plotly draws static figures. */
export const loadJsdom = (): Promise<unknown> => import("npm:jsdom@31.0.1");

/** opentype.js: reads fonts. */
export const loadOpentype = (): Promise<unknown> => import("npm:opentype.js@2.0.0");

/** URL of a Plotly file, which is downloaded into Deno's cache if necessary. */
export async function plotlyUrl(file: "plotly-basic.min.js" | "plotly-cartesian.min.js"): Promise<URL> {
  await import("npm:plotly.js@4.1.1/package.json", { with: { type: "json" } });
  return new URL(file, new URL("dist/", import.meta.resolve("npm:plotly.js@4.1.1/package.json")));
}

/** URL of an Open Sans font file, which is downloaded into Deno's cache if necessary. */
export async function openSansUrl(file: string): Promise<URL> {
  await import("npm:@fontsource/open-sans@5.3.0/package.json", { with: { type: "json" } });
  return new URL(file, import.meta.resolve("npm:@fontsource/open-sans@5.3.0/package.json"));
}
