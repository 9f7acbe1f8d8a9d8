/** Makes the sample in data/toytown, and data/SHA256SUMS for it:
 *
 *     deno run -A data/sample.ts
 *
 * @module */
import * as tf from "@tensorflow/tfjs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { sha256Of } from "../lib/data/fetch.ts";
import { toytown, writePairs } from "../lib/data/mod.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
await tf.setBackend("cpu");
const lines: string[] = [];
for (const [split, count] of [["train", 4], ["val", 1], ["test", 1]] as const) {
  const pairs = toytown({ split, count, size: 64, direction: "AtoB" });
  for (const path of await writePairs(`${here}toytown/${split}`, pairs)) {
    lines.push(`${await sha256Of(path)}  ${relative(here, path)}\n`);
  }
}
await Deno.writeTextFile(`${here}SHA256SUMS`, lines.join(""));
