/** Replaces the parts of Node and Deno that the player needs in a browser. bundle.json maps the imports of `node:` modules, and
 * of modules for files alone, to this file. This file also defines the global `Deno`, which modules read while they are loaded,
 * and must therefore be imported first.
 * @module */

/** Replaces a function of Node that only code for files uses, since a page has no files. */
function absent(name: string): () => never {
  return () => {
    throw new Error(`Cannot call ${name} in a browser: the page has no files; use Forger on Deno`);
  };
}

export const [basename, createHash, dirname, isAbsolute, join, modelFolder, relative, resolve] = [
  "basename",
  "createHash",
  "dirname",
  "isAbsolute",
  "join",
  "modelFolder",
  "relative",
  "resolve",
].map(absent);

export { afterEvents as setImmediate } from "./tick.ts";

const scope = globalThis as unknown as { Deno?: unknown };
const stream = { isTerminal: () => false };
scope.Deno ??= {
  build: { os: "browser" },
  permissions: { querySync: () => ({ state: "denied" }) },
  stdin: stream,
  stdout: stream,
  stderr: stream,
};
