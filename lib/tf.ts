/** Re-exports the version of TensorFlow.js that this library uses. The version is specified here rather than in the import map
 * in deno.json, so that a script without a deno.json can import Forger by its path.
 * @module */
export * from "npm:@tensorflow/tfjs@4.22.0";
