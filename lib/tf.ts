/** TensorFlow.js at the version that this library is written for. The address names the version, not the import map of deno.json,
 * so that a script without a deno.json can import Forger by its path.
 * @module */
export * from "npm:@tensorflow/tfjs@4.22.0";
