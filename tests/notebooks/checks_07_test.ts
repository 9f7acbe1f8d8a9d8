import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkFrozenStep, checkObjective, checkVerdicts, type FrozenStep, type Objective } from "../../notebooks/checks/07.ts";
import { judged, type Verdict } from "../../notebooks/checks/verdict.ts";
import { losses, type Pix2PixParts } from "../../mod.ts";

/** Each answer gets the verdict that names what is wrong with it. */
async function hints<A>(check: (answer: A) => Promise<Verdict>, answers: [answer: A, hint: string][]): Promise<void> {
  await tf.setBackend("cpu");
  for (const [answer, hint] of answers) {
    const { right, message } = await check(answer);
    assertStringIncludes(message, hint);
    assertEquals(right, message.startsWith("Right: "));
    assertEquals(right, hint.startsWith("Right: "));
  }
}

const notDone = (): never => {
  throw new Error("Your turn");
};

Deno.test("judged() returns a verdict for an answer that throws, which a notebook shows as text", async () => {
  const verdict = await judged(notDone);
  assertEquals(verdict, { right: false, message: 'Not yet: "Your turn"' });
  const display = (verdict as unknown as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")]!;
  assertEquals(display(), { "text/plain": 'Not yet: "Your turn"' });
});

Deno.test("checkVerdicts() accepts 34 and 14, and explains near misses", async () => {
  await hints(checkVerdicts, [
    [{ field: NaN, across: NaN }, "put a number in the place of each NaN"],
    [{ field: 34, across: NaN }, "put a number"],
    [{ field: 70, across: 14 }, "70 is what three layers of stride 2 see"],
    [{ field: 16, across: 14 }, "16 is what one layer of stride 2 sees"],
    [{ field: 33, across: 14 }, "does not see 33 pixels"],
    [{ field: 34, across: 16 }, "34 pixels is right; 16 is the width after the two layers of stride 2"],
    [{ field: 34, across: 15 }, "there are not 15 outputs in a row"],
    [{ field: 34, across: 14 }, "Right: each of the 14 × 14 outputs sees 34 × 34 pixels"],
  ]);
});

const { nonSaturating, minimax, l1, l2 } = losses;
const sum = (adversarial: tf.Tensor, distance: tf.Tensor, lambda: number) =>
  tf.add<tf.Scalar>(adversarial, tf.mul(distance, lambda));

Deno.test("checkObjective() accepts (7.5), and explains near misses", async () => {
  await hints<Objective>(checkObjective, [
    [notDone, '"Your turn"'],
    [(logits) => logits as unknown as tf.Scalar, "return a scalar"],
    [(logits, fake, target) => sum(nonSaturating.generator(logits), l1(fake, target), 1), "where is λ?"],
    [(logits, fake, target, lambda) => sum(l1(fake, target), nonSaturating.generator(logits), lambda), "λ weighs L1"],
    [(logits) => nonSaturating.generator(logits), "where is L1?"],
    [(_, fake, target, lambda) => tf.mul(l1(fake, target), lambda), "where is the adversarial term?"],
    [
      (logits, fake, target, lambda) => sum(nonSaturating.generator(logits), tf.sum(tf.abs(tf.sub(fake, target))), lambda),
      "a mean over all",
    ],
    [
      (logits, fake, target, lambda) => sum(nonSaturating.generator(logits), l2(fake, target), lambda),
      "the squared difference",
    ],
    [(logits, fake, target, lambda) => sum(minimax.generator(logits), l1(fake, target), lambda), "the saturating loss"],
    [
      (logits, fake, target, lambda) => sum(tf.mean(tf.softplus(logits)), l1(fake, target), lambda),
      "that is D's loss on generated images",
    ],
    [
      (logits, fake, target, lambda) => sum(tf.neg(tf.mean(tf.log(tf.sigmoid(logits)))), l1(fake, target), lambda),
      "-300 it is Infinity",
    ],
    [(logits, fake, target) => sum(nonSaturating.generator(logits), l1(fake, target), 100), "with λ = 7 it should be"],
    [
      (logits, fake, target, lambda) => tf.scalar(sum(nonSaturating.generator(logits), l1(fake, target), lambda).dataSync()[0]!),
      "the value is right, but its gradient",
    ],
    [(logits, fake, target, lambda) => sum(nonSaturating.generator(logits), l1(fake, target), lambda), "Right: "],
  ]);
});

const JUDGING = { training: true, updateStatistics: false };

/** A step of D, with room for mistakes. */
function step(
  parts: Pix2PixParts,
  input: tf.Tensor4D,
  target: tf.Tensor4D,
  slips: { halved?: boolean; swapped?: boolean } = {},
): tf.Scalar {
  const { halved = true, swapped = false } = slips;
  const { value, grads } = tf.variableGrads(() => {
    const fake = parts.generator.apply(input, JUDGING) as tf.Tensor4D;
    const [real, made] = [target, fake].map((picture) => parts.discriminator.apply([input, picture], JUDGING) as tf.Tensor4D);
    return swapped
      ? nonSaturating.discriminator(made!, real!, { halved })
      : nonSaturating.discriminator(real!, made!, { halved });
  }, parts.discriminatorOptimizer.variables);
  parts.discriminatorOptimizer.apply(grads);
  return value;
}

/** The step without a list of variables: everything that the loss depends on moves. */
const careless: FrozenStep = ({ generator, discriminator }, input, target) =>
  tf.train.adam(2e-4).minimize(() => {
    const fake = generator.apply(input, JUDGING) as tf.Tensor4D;
    const judge = (picture: tf.Tensor4D) => discriminator.apply([input, picture], JUDGING) as tf.Tensor4D;
    return nonSaturating.discriminator(judge(target), judge(fake), { halved: true });
  }, true)!;

Deno.test("checkFrozenStep() accepts a step of D alone, and explains near misses", async () => {
  await hints<FrozenStep>(checkFrozenStep, [
    [notDone, '"Your turn"'],
    [(() => Promise.resolve()) as unknown as FrozenStep, "from a function without async"],
    [(parts, input, target) => step(parts, input, target, { halved: false }), "halve it, as in (7.2)"],
    [(parts, input, target) => step(parts, input, target, { swapped: true }), "the real image comes first"],
    [(parts, input, target) => tf.mul(step(parts, input, target), 1.1), "it is (7.2) on D's outputs"],
    [careless, "moved by 2.0e-4; did you pass the variable list to variableGrads?"],
    [(parts, input, target) => step({ ...parts, discriminatorOptimizer: stuck(parts) }, input, target), "but D did not move"],
    [
      (parts, input, target) => step({ ...parts, discriminatorOptimizer: uphill(parts) }, input, target),
      "take one step, against the gradient",
    ],
    [
      (parts, input, target) => step({ ...parts, discriminatorOptimizer: stranger(parts) }, input, target),
      "the optimizer does not know the variable",
    ],
    [(parts, input, target) => step(parts, input, target), "Right: the loss agrees"],
  ]);
});

/** An optimizer in the place of D's. */
function instead(parts: Pix2PixParts, apply: (gradients: tf.NamedTensorMap) => void): Pix2PixParts["discriminatorOptimizer"] {
  return { variables: parts.discriminatorOptimizer.variables, apply } as unknown as Pix2PixParts["discriminatorOptimizer"];
}
const stuck = (parts: Pix2PixParts) => instead(parts, () => {});
const stranger = (parts: Pix2PixParts) => instead(parts, (gradients) => parts.generatorOptimizer.apply(gradients));
const uphill = (parts: Pix2PixParts) =>
  instead(parts, (gradients) => {
    const upwards = Object.entries(gradients).map(([name, gradient]): [string, tf.Tensor] => [name, tf.neg(gradient)]);
    parts.discriminatorOptimizer.apply(Object.fromEntries(upwards));
  });

Deno.test("checkFrozenStep() leaks no tensors", async () => {
  await tf.setBackend("cpu");
  await checkFrozenStep(notDone);
  const before = tf.memory().numTensors;
  await checkFrozenStep(notDone);
  assert(tf.memory().numTensors <= before, `${tf.memory().numTensors - before} tensors more`);
});
