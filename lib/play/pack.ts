/** Packs the weights of a model for a page in the smallest precision whose cost is negligible.
 *
 * To measure the cost, the packed model is unpacked as on the page, and its outputs are compared with those of the original.
 * @module */
import type { SomeModel } from "../systems/registry.ts";
import * as tf from "../tf.ts";
import { unpackModel } from "./player.ts";
import type { PackedModel, Precision } from "./protocol.ts";
import { usedNetworks } from "./used_networks.ts";
import { packWeights, type Weight } from "./weights.ts";

export { usedNetworks };

/** A packed model, and its weights. */
export interface Packed {
  model: PackedModel;
  bytes: Uint8Array<ArrayBuffer>;
  /** Precision of the large weights. */
  precision: Precision;
}

/** Differences between the outputs of a packed model and those of the original model. */
export interface Cost {
  /** Mean and maximum absolute difference between the outputs: values in [-1, 1], the probabilities of a classifier, or the
   * coordinates of points. */
  mean: number;
  largest: number;
  /** Size of the range of the outputs. Default: 2, the size of [-1, 1]. */
  range?: number;
  /** The metric on held-out data, with the original and with the packed weights. */
  metric?: { name: string; before: number; after: number };
}

/** Functions that measure the cost of a precision. */
export interface Probe {
  /** Applies a model to examples. Each call gives the same outputs for the same weights. */
  outputs(model: SomeModel): Promise<tf.Tensor>;
  /** The metric of `deno task evaluate` on held-out data. */
  metric?: { name: string; of(model: SomeModel): Promise<number> };
}

/** Maximum cost of a precision, as a fraction of the range of values or of the metric. */
const NEGLIGIBLE = 0.01;
/** Size of the range of image values, [-1, 1]. */
const RANGE = 2;

/** Packs the networks that a page uses.
 * @throws {RangeError} If a weight is not finite. */
export function packModel(model: SomeModel, precision: Precision): Packed {
  const pieces: Uint8Array[] = [];
  const networks: PackedModel["networks"] = {};
  let start = 0;
  for (const name of usedNetworks(model)) {
    const { bytes, entries } = packWeights(weightsOf(name, model.networks[name]!), precision, start);
    networks[name] = entries;
    pieces.push(...bytes);
    start += bytes.reduce((sum, { length }) => sum + length, 0);
  }
  const bytes = new Uint8Array(start);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return { model: { kind: model.kind, settings: { ...model.settings }, networks }, bytes, precision };
}

/** Returns the weights of a network.
 * @param network Name of the network, for the error message.
 * @throws {RangeError} If a weight is not finite. */
export function weightsOf(network: string, { weights }: tf.LayersModel): Weight[] {
  return weights.map((variable): Weight => {
    const { originalName: name, shape } = variable;
    const values = variable.read().dataSync<"float32">();
    if (values.every(Number.isFinite)) return { name, shape: shape as number[], values };
    throw new RangeError(
      `Cannot export the model: expected finite weights, got non-finite weights in ${name} of the network "${network}"; ` +
        "its training diverged; train it again with a lower learning rate",
    );
  });
}

/** Measures the cost of packing. */
export async function costOf(model: SomeModel, { model: packed, bytes }: Packed, probe: Probe): Promise<Cost> {
  const other = unpackModel(packed, bytes);
  other.batch = model.batch;
  try {
    const [before, after] = [await probe.outputs(model), await probe.outputs(other)];
    const [mean, largest, spread] = tf.tidy(() => {
      const difference = tf.abs(tf.sub(before, after));
      return [tf.mean(difference), tf.max(difference), tf.sub(tf.max(before), tf.min(before))].map((one) => one.dataSync()[0]!);
    });
    const outputs = outputsOf(model);
    const range = outputs === "points" ? spread! : outputs === "probabilities" ? 1 : RANGE;
    tf.dispose([before, after]);
    const { name = "", of } = probe.metric ?? {};
    const metric = of && { name, before: await of(model), after: await of(other) };
    return { mean: mean!, largest: largest!, range, ...metric && { metric } };
  } finally {
    other.dispose();
  }
}

/** Returns the kind of a model's outputs. */
function outputsOf({ kind, settings: { shape } }: Pick<PackedModel, "kind" | "settings">): "probabilities" | "points" | "values" {
  if (kind === "classifier") return "probabilities";
  return Array.isArray(shape) && shape.length !== 3 ? "points" : "values";
}

/** Phrases that describe each kind of output. */
const OUTPUTS = { probabilities: "as probabilities", points: "as coordinates", values: "for values in [-1, 1]" } as const;

/** Returns whether a cost is negligible: at most 1% of the metric or, without a metric, on average at most 1% of the range of
 * values. */
export function isNegligible({ mean, range = RANGE, metric }: Cost): boolean {
  if (!metric) return mean <= NEGLIGIBLE * range;
  const { before, after } = metric;
  return Math.abs(after - before) <= NEGLIGIBLE * Math.abs(before);
}

/** Packs a model in the smallest precision whose cost is negligible.
 * @param forced Precision to use regardless of its cost.
 * @returns The packed model, and the cost of each precision that was tried. */
export async function packSmallest(
  model: SomeModel,
  probe: Probe,
  forced?: Precision,
): Promise<{ packed: Packed; costs: Partial<Record<Precision, Cost>> }> {
  const costs: Partial<Record<Precision, Cost>> = {};
  for (const precision of forced ? [forced] : ["uint8", "float16"] as const) {
    const packed = packModel(model, precision);
    if (precision === "float32") return { packed, costs };
    const cost = costs[precision] = await costOf(model, packed, probe);
    if (forced || isNegligible(cost)) return { packed, costs };
  }
  return { packed: packModel(model, "float32"), costs };
}

/** Describes the precision of a packed model and its cost in a sentence. */
export function describePrecision({ precision, model }: Packed, costs: Partial<Record<Precision, Cost>>): string {
  if (precision === "float32") return "float32, as in training";
  const { mean, largest, metric } = costs[precision]!;
  const round = (value: number) => Number(value.toPrecision(2));
  const outputs = `${precision}: outputs differ from those in float32 by ${round(mean)} on average and by at most ` +
    `${round(largest)}, ${OUTPUTS[outputsOf(model)]}`;
  if (!metric) return outputs;
  const [before, after] = [metric.before, metric.after].map((value) => Number(value.toPrecision(4)));
  return `${outputs}; ${metric.name} ${after} instead of ${before}`;
}
