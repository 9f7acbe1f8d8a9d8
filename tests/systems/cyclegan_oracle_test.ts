import { assertAlmostEquals, assertGreater, assertLess } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import {
  type Both,
  type CycleGanParts,
  moveGenerators,
  translateBack,
  translateBoth,
  updateDiscriminators,
} from "../../lib/systems/cyclegan_step.ts";
import { testOnBackends } from "../_backends.ts";
import { errorOfChanges, type Fault, FAULTS, TOLERANCE } from "../oracle/_changes.ts";
import { cycleGanOracle, type OracleLoss, oracleName } from "../oracle/_cyclegan.ts";
import { giveWeights, type OracleArray, tensorOf } from "../oracle/_load.ts";
import { halvesOf, numbersOf, partsOf } from "./_cyclegan.ts";

const oracle = await cycleGanOracle();

function oracleParts(fault?: Fault): ReturnType<typeof partsOf> {
  const { size, filters, blocks, layers } = oracle.settings;
  const made = partsOf({ size, filters, blocks, layers }, fault);
  for (const [name, network] of Object.entries(made.model.networks)) {
    giveWeights(network, oracle.networks[name]!, oracleName);
  }
  return made;
}

function assertClose(got: tf.Tensor, wanted: OracleArray, tolerance: number): void {
  assertLess(tf.tidy(() => tf.max(tf.abs(tf.sub(got, tensorOf(wanted)))).dataSync()[0]!), tolerance);
}

testOnBackends("CycleGan reproduces the oracle's images and logits", () => {
  const { parts, dispose } = oracleParts();
  tf.tidy(() => {
    const given = { x: tensorOf(oracle.x), y: tensorOf(oracle.y) };
    const { fakes } = translateBoth(parts, given);
    assertClose(fakes.x, oracle.fakeX, 1e-5);
    assertClose(fakes.y, oracle.fakeY, 1e-5);
    const again = translateBack(parts, fakes);
    assertClose(again.x, oracle.xAgain, 2e-5);
    assertClose(again.y, oracle.yAgain, 2e-5);
    assertClose(parts.discriminatorX.apply(given.x) as tf.Tensor, oracle.logitsOfX, 1e-5);
    assertClose(parts.discriminatorY.apply(fakes.y) as tf.Tensor, oracle.logitsOfFakeY, 1e-5);
  });
  dispose();
});

/** Records the norms of the gradients that are passed to an optimizer. */
function noteGradients(optimizer: CycleGanParts["generatorOptimizer"], norms: Map<string, number>): void {
  const apply = optimizer.apply.bind(optimizer);
  optimizer.apply = (gradients) => {
    for (const [name, gradient] of Object.entries(gradients)) norms.set(name, tf.norm(gradient).dataSync()[0]!);
    apply(gradients);
  };
}

testOnBackends("CycleGan reproduces the oracle's gradient norms", () => {
  const { parts, model, dispose } = oracleParts();
  const norms = new Map<string, number>();
  noteGradients(parts.generatorOptimizer, norms);
  noteGradients(parts.discriminatorOptimizer, norms);
  tf.tidy(() => {
    const given = { x: tensorOf(oracle.x), y: tensorOf(oracle.y) };
    const { fakes } = moveGenerators(parts, given);
    updateDiscriminators(parts, given, fakes);
  });
  for (const [name, network] of Object.entries(model.networks)) {
    for (const weight of network.trainableWeights) {
      const key = `${name}/${oracleName(weight.originalName)}`;
      const wanted = oracle.gradientNorms[key]!;
      assertAlmostEquals(norms.get((weight.read() as tf.Variable).name)!, wanted, 1e-4 * Math.max(1, wanted), key);
    }
  }
  dispose();
}, ["tensorflow", "cpu"]);

/** Takes the oracle's steps.
 * @returns The losses of each step, and the error of the changes of each network's weights. */
function train(compiled: boolean, fault?: Fault) {
  const { model, parts, dispose } = oracleParts(fault);
  const halves = halvesOf(parts, compiled);
  const given = { x: tensorOf(oracle.x), y: tensorOf(oracle.y) };
  const made: Both[] = [];
  const losses = oracle.seen.map((seen) => {
    const { losses, fakes } = halves.generators(given);
    made.push(fakes);
    return numbersOf({ ...losses, ...halves.discriminators(given, made[seen]!) });
  });
  const errors = Object.entries(model.networks).map(([name, network]) => errorOfChanges(network, name, oracle, oracleName));
  tf.dispose([given, made] as unknown as tf.TensorContainer);
  halves.dispose();
  dispose();
  return { losses, errors };
}

for (const compiled of [false, true]) {
  const how = compiled ? "compiled" : "uncompiled";
  testOnBackends(`cycleGanStep() ${how} reproduces the oracle's losses and weights for four steps`, () => {
    const { losses, errors } = train(compiled);
    oracle.steps.forEach((wanted, step) => {
      for (const [name, got] of Object.entries(losses[step]!)) assertAlmostEquals(got, wanted[name as OracleLoss], 1e-4, name);
    });
    for (const error of errors) assertLess(error, TOLERANCE);
  }, compiled ? ["tensorflow"] : undefined);
}

for (const [name, fault] of Object.entries(FAULTS)) {
  testOnBackends(`the oracle of CycleGan notices ${name}`, () => {
    assertGreater(Math.max(...train(false, fault).errors), 2 * TOLERANCE);
  }, ["tensorflow"]);
}
