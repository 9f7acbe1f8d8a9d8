import { assertThrows } from "@std/assert";
import { checkWeights } from "../../lib/train/check_weights.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { gan } from "../../lib/systems/gan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { stackGan } from "../../lib/systems/stackgan.ts";

Deno.test("checkWeights() takes 0 and more", () => checkWeights("a model", { lambda: 0, klWeight: 0.01 }));

Deno.test("every builder refuses a weight that is no number from 0, and names it", () => {
  for (const wrong of [NaN, -1, Infinity]) {
    const builders: [name: string, build: () => unknown][] = [
      ["lambda", () => pix2pix({ size: 32, filters: 1, lambda: wrong })],
      ["lambda", () => cycleGan({ size: 32, filters: 1, lambda: wrong })],
      ["identity", () => cycleGan({ size: 32, filters: 1, identity: wrong })],
      ["lambda", () => bicycleGan({ size: 32, filters: 1, lambda: wrong })],
      ["latentWeight", () => bicycleGan({ size: 32, filters: 1, latentWeight: wrong })],
      ["klWeight", () => bicycleGan({ size: 32, filters: 1, klWeight: wrong })],
      ["penaltyWeight", () => gan({ loss: "wasserstein", penaltyWeight: wrong })],
      ["klWeight", () => stackGan({ conditionSize: 2, filters: 1, klWeight: wrong })],
    ];
    for (const [name, build] of builders) {
      assertThrows(build, RangeError, `${name} must be a number from 0, got ${wrong}; change ${name}`);
    }
  }
});
