/** The networks of a model that a page uses.
 * @module */
import type { SomeModel } from "../systems/registry.ts";

/** Networks that each system uses for inference. */
const USED: Readonly<Record<string, readonly string[]>> = {
  pix2pix: ["generator"],
  bicyclegan: ["generator", "encoder"],
  cyclegan: ["xToY", "yToX"],
  stackgan: ["sketcher", "refiner"],
  classifier: ["classifier"],
};

/** Returns the names of the networks that a page uses. For unknown systems, these are all networks. */
export function usedNetworks({ kind, networks }: Pick<SomeModel, "kind" | "networks">): string[] {
  if (kind === "gan" || kind === "conditional-gan") return [networks["average"] ? "average" : "generator"];
  return [...USED[kind] ?? Object.keys(networks)];
}
