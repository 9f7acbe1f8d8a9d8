/** Small CycleGANs and their parts, for the tests.
 * @module */
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { variablesOf } from "../../lib/optimizers/optimizer.ts";
import { type CycleGan, cycleGan, type CycleGanSettings } from "../../lib/systems/cyclegan.ts";
import {
  type Both,
  type CycleGanHalves,
  type CycleGanParts,
  moveGenerators,
  updateDiscriminators,
} from "../../lib/systems/cyclegan_step.ts";
import { adamWith, type Fault } from "../oracle/_changes.ts";

/** A small model and the parts of its step.
 * @param fault Fault of the optimizers. Default: none. */
export function partsOf(
  settings: Partial<CycleGanSettings>,
  fault: Fault = {},
): { model: CycleGan; parts: CycleGanParts; dispose: () => void } {
  const model = cycleGan(settings);
  const optimizer = (...networks: tf.LayersModel[]) => adamWith(fault, variablesOf(...networks));
  const { lambda, identity, cycles } = model.settings;
  const { xToY, yToX, discriminatorX, discriminatorY } = model.networks;
  const generatorOptimizer = optimizer(xToY, yToX);
  const discriminatorOptimizer = optimizer(discriminatorX, discriminatorY);
  const dispose = () => {
    for (const used of [model, generatorOptimizer, discriminatorOptimizer]) used.dispose();
  };
  return { model, parts: { ...model.networks, lambda, identity, cycles, generatorOptimizer, discriminatorOptimizer }, dispose };
}

/** The two halves of a step, compiled or uncompiled. */
export function halvesOf(parts: CycleGanParts, compiled: boolean): CycleGanHalves & { dispose(): void } {
  const generators = (given: Both) => moveGenerators(parts, given);
  const discriminators = (real: Both, fakes: Both) => updateDiscriminators(parts, real, fakes);
  if (!compiled) return { generators, discriminators, dispose: () => {} };
  const halves = { generators: compile(generators), discriminators: compile(discriminators) };
  return { ...halves, dispose: () => Object.values(halves).forEach((half) => half.dispose()) };
}

/** The values of a network's weights. */
export function weightsOf(network: tf.LayersModel): number[][] {
  return network.getWeights().map((weight) => [...weight.dataSync()]);
}

/** Noise images of both domains. */
export function noise(size: number, seed: number, batch = 1): Both {
  const image = (seed: number) => tf.randomUniform([batch, size, size, 3], -1, 1, "float32", seed) as tf.Tensor4D;
  return { x: image(2 * seed + 1), y: image(2 * seed + 2) };
}

/** Reads the values of scalars, and disposes of the scalars. */
export function numbersOf(losses: Record<string, tf.Scalar>): Record<string, number> {
  const numbers = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
  tf.dispose(losses);
  return numbers;
}
