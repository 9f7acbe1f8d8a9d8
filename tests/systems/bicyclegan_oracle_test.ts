import { assertAlmostEquals, assertGreater, assertLess } from "@std/assert";
import { compile, eachCall } from "../../lib/backend/compile.ts";
import { variablesOf } from "../../lib/optimizers/optimizer.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { type BicycleGanParts, bicycleGanStep } from "../../lib/systems/bicyclegan_step.ts";
import * as tf from "../../lib/tf.ts";
import { testOnBackends } from "../_backends.ts";
import { bicycleGanOracle } from "../oracle/_bicyclegan.ts";
import { adamWith, errorOfChanges, type Fault, FAULTS, TOLERANCE } from "../oracle/_changes.ts";
import { giveWeights, tensorOf } from "../oracle/_load.ts";

const oracle = await bicycleGanOracle();

/** Takes the oracle's steps from the oracle's weights, with the oracle's draws.
 * @returns The losses of each step, and the error of the changes of each network's weights. */
function train(compiled: boolean, fault: Fault = {}) {
  const { size, filters, depth, layers, latent } = oracle.settings;
  const model = bicycleGan({ size, filters, depth, layers, latent });
  const { generator, encoder, ownDiscriminator, drawnDiscriminator } = model.networks;
  for (const [name, network] of Object.entries(model.networks)) giveWeights(network, oracle.networks[name]!, (name) => name);
  const draws = oracle.steps.flatMap(({ epsilon, code }) => [epsilon, code]);
  const parts: BicycleGanParts = {
    ...model.networks,
    generatorOptimizer: adamWith(fault, variablesOf(generator, encoder)),
    discriminatorOptimizer: adamWith(fault, variablesOf(ownDiscriminator, drawnDiscriminator)),
    random: { normal: (shape) => eachCall(shape, "float32", () => draws.shift()!.values) },
    settings: model.settings,
  };
  const [input, target] = [tensorOf(oracle.a), tensorOf(oracle.b)];
  const plain = (input: tf.Tensor4D, target: tf.Tensor4D) => bicycleGanStep(parts, input, target);
  const step = compiled ? compile(plain) : plain;
  const losses = oracle.steps.map(() =>
    tf.tidy(() =>
      Object.fromEntries(Object.entries(step(input, target)).map(([name, loss]) => [name, (loss as tf.Scalar).dataSync()[0]!]))
    )
  );
  const errors = Object.entries(model.networks).map(([name, network]) => errorOfChanges(network, name, oracle));
  tf.dispose([input, target]);
  for (const used of [model, parts.generatorOptimizer, parts.discriminatorOptimizer]) used.dispose();
  return { losses, errors };
}

for (const compiled of [false, true]) {
  const how = compiled ? "compiled" : "uncompiled";
  testOnBackends(`bicycleGanStep() ${how} reproduces the oracle's losses and weights for four steps`, () => {
    const { losses, errors } = train(compiled);
    oracle.steps.forEach(({ losses: wanted }, step) => {
      for (const [name, value] of Object.entries(wanted)) assertAlmostEquals(losses[step]![name]!, value, 1e-5, name);
    });
    for (const error of errors) assertLess(error, TOLERANCE);
  }, compiled ? ["tensorflow"] : undefined);
}

for (const [name, fault] of Object.entries(FAULTS)) {
  testOnBackends(`the oracle of BicycleGan notices ${name}`, () => {
    assertGreater(Math.max(...train(false, fault).errors), 2 * TOLERANCE);
  }, ["tensorflow"]);
}
