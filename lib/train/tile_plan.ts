/** Determines which feature maps of a network are stored during a translation in tiles, and on which regions of other feature
 * maps a region of one feature map depends.
 *
 * A feature map that takes much longer to compute than to read is stored in a temporary file; other feature maps are
 * recomputed when they are needed. The largest feature maps, which have the highest resolution, take little time to compute.
 * @module */
import type { GridFile } from "../data/grid_file.ts";
import type { Mode } from "../layers/batch_norm.ts";
import type * as tf from "../tf.ts";
import { ruleOf } from "./layer_rules.ts";
import { area, hull, type Norm, type Place, type Rule, type Size } from "./regions.ts";

/** Number of multiplications that take as long as writing a value to a file and reading it back. Measured on 2 cores. */
const KEPT = 1000;
/** Number of multiplications that take as long as reading a value from a file. */
const READ = 250;
/** A layer of the network and its output. */
export interface FeatureMap {
  rule: Rule;
  inputs: number[];
  size: Size;
  channels: number;
  /** Normalization layers that use statistics of this layer's output. */
  norms: Norm[];
  /** Number of multiplications per output position, including those for recomputing inputs that are not stored. */
  work: number;
  /** Whether the output is stored. */
  kept: boolean;
  /** Index of the last stage that reads the stored output. */
  lastUse: number;
  file?: GridFile;
}

/** Decides which feature maps of a network are stored.
 * @param whole Height and width of the image.
 * @returns The feature maps, in the order of the layers.
 * @throws {RangeError} If the network contains a layer that cannot be applied to a part of an image. */
export function planOf(network: tf.LayersModel, whole: Size, mode: Mode): FeatureMap[] {
  if (network.inputs.length !== 1 || network.outputs[0]!.sourceLayer !== network.layers.at(-1)) {
    throw new RangeError(
      "Cannot translate in tiles: expected a network with one input and one output; translate the image in one piece",
    );
  }
  const maps: FeatureMap[] = [];
  for (const layer of network.layers) maps.push(mapOf(layer, network.layers, maps, whole, mode));
  maps.forEach((map, i) => {
    for (const input of leavesOf(maps, i)) maps[input]!.lastUse = i;
    map.lastUse = i;
  });
  return maps;
}

function mapOf(layer: tf.layers.Layer, layers: tf.layers.Layer[], maps: FeatureMap[], whole: Size, mode: Mode): FeatureMap {
  const channels = (layer.outputShape as tf.Shape)[3]!;
  const common = { channels, norms: [], kept: false, lastUse: 0 };
  const [{ inboundLayers: sources } = { inboundLayers: [] }, ...others] = layer.inboundNodes;
  if (others.length > 0) {
    throw new RangeError(
      `Cannot translate in tiles: the network uses the layer ${layer.name} twice; translate the image in one piece`,
    );
  }
  if (sources.length === 0) {
    const rule = { work: 0 } as Rule; // its region is read from the source
    return { ...common, rule, inputs: [], size: whole, work: READ * channels };
  }
  const rule = ruleOf(layer, mode);
  const inputs = sources.map((source) => layers.indexOf(source));
  const before = inputs.map((i) => maps[i]!);
  const size = before[0]!.size.map((length, axis) => rule.length(length, axis as 0 | 1)) as [number, number];
  if (rule.norm) before[0]!.norms.push(rule.norm);
  const costOf = (map: FeatureMap) => (map.kept ? READ * map.channels : map.work) * area(map.size) / area(size);
  const work = rule.work + before.reduce((sum, map) => sum + costOf(map), 0);
  // Without storing sums, the last block of a ResNet would read the outputs of all blocks.
  const joins = inputs.length > 1 && rule.work === 0 && channels === before[0]!.channels;
  const final = layers.slice(-2).includes(layer); // the last convolution, whose output nothing but the tanh uses, or the tanh
  const kept = !final && (joins || rule.work > 0) && work > (joins ? 1.5 * READ : KEPT) * channels;
  return { ...common, rule, inputs, size, work, kept };
}

/** Returns the stored feature maps from which a feature map is computed. */
export function leavesOf(maps: readonly FeatureMap[], target: number): Set<number> {
  const found = new Set<number>();
  const visit = (i: number): void => {
    if (i !== target && maps[i]!.kept) found.add(i);
    else maps[i]!.inputs.forEach(visit);
  };
  visit(target);
  return found;
}

/** Whether a feature map is read rather than computed. */
export function isRead(maps: readonly FeatureMap[], i: number, target: number): boolean {
  return maps[i]!.inputs.length === 0 || (i !== target && maps[i]!.kept);
}

/** Finds the regions of all other feature maps on which a region of one feature map depends. */
export function regionsFor(
  maps: readonly FeatureMap[],
  target: number,
  place: Place,
): { places: Map<number, Place>; needs: Map<number, Place> } {
  const places = new Map([[target, place]]);
  const needs = new Map<number, Place>(); // regions of the inputs, which several maps may share
  for (let i = target; i >= 0; i--) {
    const at = places.get(i);
    if (!at || isRead(maps, i, target)) continue;
    const { rule, inputs } = maps[i]!;
    const { size } = maps[inputs[0]!]!;
    const need: Place = [rule.needs(at[0], size[0], 0), rule.needs(at[1], size[1], 1)];
    needs.set(i, need);
    for (const input of inputs) {
      const other = places.get(input) ?? need;
      places.set(input, [hull(other[0], need[0]), hull(other[1], need[1])]);
    }
  }
  return { places, needs };
}
