import { assertAlmostEquals, assertGreater, assertLess } from "@std/assert";
import { compile, eachCall } from "../../lib/backend/compile.ts";
import { stackGanNetworks } from "../../lib/models/stackgan.ts";
import { variablesOf } from "../../lib/optimizers/optimizer.ts";
import { drawSketch, refineSketch, type Stage, stageStep } from "../../lib/systems/stackgan_step.ts";
import * as tf from "../../lib/tf.ts";
import { testOnBackends } from "../_backends.ts";
import { adamWith, errorOfChanges, type Fault, FAULTS, TOLERANCE } from "../oracle/_changes.ts";
import { giveWeights, tensorOf } from "../oracle/_load.ts";
import { stackGanOracle } from "../oracle/_stackgan.ts";

const oracle = await stackGanOracle();
const { condition, ...sizes } = oracle.settings;
type Networks = ReturnType<typeof stackGanNetworks>;

/** Takes the oracle's steps of both stages from the oracle's weights, with the oracle's draws.
 * @param use Called with the trained networks. */
function train<T>(compiled: boolean, fault: Fault, use: (networks: Networks, losses: Record<string, number>[]) => T): T {
  const networks = stackGanNetworks({ ...sizes, conditionSize: condition });
  for (const [name, network] of Object.entries(networks)) giveWeights(network, oracle.networks[name]!, (name) => name);
  const draws = [...oracle.sketch, ...oracle.image].flatMap(({ draws }) => draws);
  const random = { normal: (shape: number[]) => eachCall(shape, "float32", () => draws.shift()!.values) };
  const stage = (generator: tf.LayersModel, discriminator: tf.LayersModel, generate: Stage["generate"]): Stage => ({
    ...{ generate, discriminator, klWeight: 1 },
    generatorOptimizer: adamWith(fault, variablesOf(generator)),
    discriminatorOptimizer: adamWith(fault, variablesOf(discriminator)),
  });
  const sketch = stage(
    networks.sketcher,
    networks.sketchDiscriminator,
    (given, mode) => drawSketch(networks, sizes, random, given, mode),
  );
  const image = stage(
    networks.refiner,
    networks.discriminator,
    (given, mode) => refineSketch(networks, sizes, random, sketch.generate(given, {}).image, given, mode),
  );
  const images = tensorOf(oracle.images);
  const given = tf.tensor2d(oracle.conditions.values, oracle.conditions.shape as [number, number]);
  const small = tf.avgPool(images, 4, 4, "valid");
  const losses: Record<string, number>[] = [];
  for (const [stage, real, { length }] of [[sketch, small, oracle.sketch], [image, images, oracle.image]] as const) {
    const plain = (real: tf.Tensor4D, given: tf.Tensor2D) => stageStep(stage, real, given);
    const step = compiled ? compile(plain) : plain;
    for (let i = 0; i < length; i++) {
      const found = Object.entries(step(real, given)) as [string, tf.Scalar][];
      losses.push(Object.fromEntries(found.map(([name, loss]) => [name, loss.dataSync()[0]!])));
      tf.dispose(found.map(([, loss]) => loss));
    }
  }
  tf.dispose([images, small, given]);
  const result = use(networks, losses);
  const optimizers = [sketch, image].flatMap((stage) => [stage.generatorOptimizer, stage.discriminatorOptimizer]);
  for (const used of [...Object.values(networks), ...optimizers]) used.dispose();
  return result;
}

function errorsOf(networks: Networks): number[] {
  return Object.entries(networks).map(([name, network]) => errorOfChanges(network, name, oracle));
}

for (const compiled of [false, true]) {
  const how = compiled ? "compiled" : "uncompiled";
  testOnBackends(`stageStep() ${how} reproduces the oracle's losses, weights and running statistics of both stages`, () => {
    train(compiled, {}, (networks, losses) => {
      [...oracle.sketch, ...oracle.image].forEach(({ losses: wanted }, step) => {
        for (const [name, value] of Object.entries(wanted)) assertAlmostEquals(losses[step]![name]!, value, 1e-5, name);
      });
      for (const error of errorsOf(networks)) assertLess(error, TOLERANCE);
      for (const [key, { mean, variance }] of Object.entries(oracle.running)) {
        const [name, layer] = key.split("/") as [keyof Networks, string];
        const [, , movingMean, movingVariance] = networks[name].getLayer(layer).getWeights();
        mean!.values.forEach((value, i) => assertAlmostEquals(movingMean!.dataSync()[i]!, value, 1e-5, key));
        variance!.values.forEach((value, i) => assertAlmostEquals(movingVariance!.dataSync()[i]!, value, 1e-5, key));
      }
    });
  }, compiled ? ["tensorflow"] : undefined);
}

for (const [name, fault] of Object.entries(FAULTS)) {
  testOnBackends(`the oracle of StackGan notices ${name}`, () => {
    train(false, fault, (networks) => assertGreater(Math.max(...errorsOf(networks)), 2 * TOLERANCE));
  }, ["tensorflow"]);
}
