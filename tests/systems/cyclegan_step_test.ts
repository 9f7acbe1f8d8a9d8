import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { cycle, identity } from "../../lib/losses/cycle.ts";
import { leastSquares } from "../../lib/losses/least_squares.ts";
import {
  type Both,
  convince,
  type CycleGanParts,
  cycleGanStep,
  exchangeFakes,
  moveGenerators,
  translateBack,
  translateBoth,
  updateDiscriminators,
} from "../../lib/systems/cyclegan_step.ts";
import { HistoryPool } from "../../lib/systems/history_pool.ts";
import { testOnBackends } from "../_backends.ts";
import { halvesOf, noise, numbersOf, partsOf, weightsOf } from "./_cyclegan.ts";

const SMALL = { size: 16, filters: 2, blocks: 1, layers: 1, seed: 3 };

/** A network that multiplies its input by a factor, which identifies the network. */
function marking(factor: number): tf.LayersModel {
  const input = tf.input({ shape: [2, 2, 1] });
  const layer = tf.layers.conv2d({
    filters: 1,
    kernelSize: 1,
    useBias: false,
    kernelInitializer: tf.initializers.constant({ value: factor }),
  });
  return tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
}

Deno.test("cycleGanStep() passes each image to the right network", async () => {
  await tf.setBackend("cpu");
  const [xToY, yToX, discriminatorX, discriminatorY] = [marking(2), marking(3), marking(5), marking(7)];
  const parts = { xToY, yToX, discriminatorX, discriminatorY } as unknown as CycleGanParts;
  const image = (value: number) => tf.fill([1, 2, 2, 1], value) as tf.Tensor4D;
  const value = (tensor: tf.Tensor) => tensor.dataSync()[0]!;
  const both = ({ x, y }: Both) => [value(x), value(y)];
  const given = { x: image(0.5), y: image(-0.25) };
  const { fakes, own } = translateBoth(parts, given);
  assertEquals(both(fakes), [3 * -0.25, 2 * 0.5]); // yToX translates y to an image of X
  assertEquals(both(translateBack(parts, fakes)), [3 * 2 * 0.5, 2 * 3 * -0.25]);
  assertEquals(both(own!), [3 * 0.5, 2 * -0.25]); // yToX receives x
  const { adversarialX, adversarialY } = convince(parts, fakes);
  assertEquals(value(adversarialX), (5 * 3 * -0.25 - 1) ** 2); // discriminatorX sees the translation of y
  assertEquals(value(adversarialY), (7 * 2 * 0.5 - 1) ** 2);
  const pools = { x: new HistoryPool(2, 1), y: new HistoryPool(2, 2) };
  assertEquals(both(exchangeFakes(pools, fakes)), both(fakes));
  const none = { variables: [discriminatorX, discriminatorY].flatMap(({ weights }) => weights.map((w) => w.read())), apply() {} };
  const learning = { ...parts, discriminatorOptimizer: none as unknown as CycleGanParts["discriminatorOptimizer"] };
  const older = { x: image(0.1), y: image(0.2) };
  const losses = updateDiscriminators(learning, given, older);
  assertAlmostEquals(value(losses.discriminatorX), 0.5 * ((5 * 0.5 - 1) ** 2 + (5 * 0.1) ** 2), 1e-6);
  assertAlmostEquals(value(losses.discriminatorY), 0.5 * ((7 * -0.25 - 1) ** 2 + (7 * 0.2) ** 2), 1e-6);
});

testOnBackends("moveGenerators() returns the terms of Eq. 3", () => {
  for (const weight of [0.5, 0]) {
    const { parts, dispose } = partsOf({ ...SMALL, lambda: 7, identity: weight });
    const given = noise(16, 1);
    tf.tidy(() => {
      const { fakes, own } = translateBoth({ ...parts, identity: 1 }, given);
      const again = translateBack(parts, fakes);
      const logits = parts.discriminatorY.apply(fakes.y) as tf.Tensor4D;
      const wanted = {
        adversarialY: leastSquares.generator(logits),
        cycle: cycle({ ...given, xAgain: again.x, yAgain: again.y }),
        identity: identity({ ...given, yToXOfX: own!.x, xToYOfY: own!.y }),
      };
      const { losses } = moveGenerators(parts, given);
      for (const [name, loss] of Object.entries(wanted)) {
        const got = losses[name as keyof typeof wanted];
        assertEquals(got === undefined, name === "identity" && weight === 0);
        if (got) assertAlmostEquals(got.dataSync()[0]!, loss.dataSync()[0]!, 1e-6, name);
      }
    });
    tf.dispose(given);
    dispose();
  }
}, ["cpu"]);

testOnBackends("moveGenerators() leaves a term out of the cycle loss", () => {
  const cycles = ["both", "forward", "backward"] as const;
  const [both, forward, backward] = cycles.map((cycles) => {
    const { parts, dispose } = partsOf({ ...SMALL, cycles });
    const given = noise(16, 1);
    const { cycle } = numbersOf(moveGenerators(parts, given).losses as Record<string, tf.Scalar>);
    tf.dispose(given);
    dispose();
    return cycle!;
  });
  assertAlmostEquals(forward! + backward!, both!, 1e-6);
  assertNotEquals(forward, backward);
}, ["cpu"]);

testOnBackends(
  "moveGenerators() updates running statistics on images of the source domain only",
  () => {
    const settings = { ...SMALL, norm: "batch" } as const;
    const [moved, twin] = [partsOf(settings), partsOf(settings)];
    const given = noise(16, 1);
    tf.dispose(moveGenerators(moved.parts, given) as unknown as tf.TensorContainer);
    tf.dispose(translateBoth(twin.parts, given) as unknown as tf.TensorContainer);
    const statistics = ({ model: { networks: { xToY, yToX } } }: typeof moved) => {
      const learnt = [xToY, yToX].flatMap(({ nonTrainableWeights }) => nonTrainableWeights);
      assert(learnt.length > 0);
      return learnt.map((weight) => [...weight.read().dataSync()]);
    };
    assertEquals(statistics(moved), statistics(twin));
    tf.dispose(given);
    moved.dispose();
    twin.dispose();
  },
  ["cpu"],
);

for (const compiled of [false, true]) {
  const how = compiled ? "compiled" : "not compiled";
  testOnBackends(`moveGenerators() and updateDiscriminators() ${how} do not change the other networks by one bit`, () => {
    const { parts, model, dispose } = partsOf({ ...SMALL, norm: "batch", dropout: 0.5 });
    const halves = halvesOf(parts, compiled);
    const all = () => Object.values(model.networks).map(weightsOf);
    const given = noise(16, 1);
    const before = all();
    const { losses, fakes } = halves.generators(given);
    const between = all();
    assertNotEquals(between.slice(0, 2), before.slice(0, 2));
    assertEquals(between.slice(2), before.slice(2));
    const ofDiscriminators = halves.discriminators(given, fakes);
    const after = all();
    assertEquals(after.slice(0, 2), between.slice(0, 2));
    assertNotEquals(after[2], between[2]);
    assertNotEquals(after[3], between[3]);
    tf.dispose([given, fakes, losses, ofDiscriminators] as unknown as tf.TensorContainer);
    halves.dispose();
    dispose();
  }, compiled ? ["tensorflow"] : ["cpu"]);
}

testOnBackends("cycleGanStep() returns the same losses compiled and uncompiled for 20 steps, and leaks no tensors", () => {
  const [size, steps] = [16, 20];
  const run = (compiled: boolean) => {
    const { parts, dispose } = partsOf({ ...SMALL, size });
    const halves = halvesOf(parts, compiled);
    const pools = { x: new HistoryPool(4, 1), y: new HistoryPool(4, 2) };
    let tensors = 0;
    const losses = Array.from({ length: steps }, (_, step) => {
      const given = noise(size, step);
      const numbers = numbersOf(cycleGanStep(halves, pools, given) as Record<string, tf.Scalar>);
      tf.dispose(given);
      if (step === 5) tensors = tf.memory().numTensors; // the pools are full
      return numbers;
    });
    assertEquals(tf.memory().numTensors, tensors);
    for (const pool of Object.values(pools)) pool.dispose();
    halves.dispose();
    dispose();
    return losses;
  };
  const [eager, compiled] = [run(false), run(true)];
  eager.forEach((losses, step) => {
    // Rounding differences grow from step to step; the first steps show whether the computations agree.
    const tolerance = step < 5 ? 1e-4 : 5e-2;
    for (const [name, loss] of Object.entries(losses)) {
      assertLess(Math.abs(compiled[step]![name]! - loss), tolerance * Math.abs(loss), `${name} at step ${step + 1}`);
    }
  });
}, ["tensorflow"]);

testOnBackends("cycleGanStep() passes the images of the pools to the discriminators", () => {
  const { parts, dispose } = partsOf(SMALL);
  const own = halvesOf(parts, true);
  const seen: number[][] = [];
  const sum = (image: tf.Tensor) => tf.tidy(() => tf.sum(image).dataSync()[0]!);
  const made: number[][] = [];
  const halves = {
    generators: (given: Both) => {
      const result = own.generators(given);
      made.push([sum(result.fakes.x), sum(result.fakes.y)]);
      return result;
    },
    discriminators: (real: Both, fakes: Both) => {
      seen.push([sum(fakes.x), sum(fakes.y)]);
      return own.discriminators(real, fakes);
    },
  };
  const pools = { x: new HistoryPool(1, 1), y: new HistoryPool(1, 2) };
  for (let step = 0; step < 12; step++) {
    const given = noise(16, step);
    tf.dispose(cycleGanStep(halves, pools, given) as unknown as tf.TensorContainer);
    tf.dispose(given);
  }
  assertEquals(seen[0], made[0]);
  for (const side of [0, 1]) {
    // With a pool of size 1, the discriminator sees either the newest image or the image that the last exchange stored.
    let inside = made[0]![side]!;
    let older = 0;
    for (let step = 1; step < 12; step++) {
      if (seen[step]![side] === made[step]![side]) continue;
      assertEquals(seen[step]![side], inside);
      inside = made[step]![side]!;
      older++;
    }
    assert(older > 0 && older < 11, `${older} exchanges`);
  }
  for (const pool of Object.values(pools)) pool.dispose();
  own.dispose();
  dispose();
}, ["tensorflow"]);
