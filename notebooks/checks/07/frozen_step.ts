/** Exercise 5: a training step of the discriminator that leaves the generator unchanged.
 * @module */
import { discriminatorStep, losses, optimizers, patchDiscriminator, type Pix2PixParts, tf, unet } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. It returns D's loss before the step, Eq. (7.2). */
export type FrozenStep = (parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D) => tf.Scalar;

const SIZE = 16;
/** Maximum mean difference from the library's weights: enough for rounding errors, and small compared with steps of 2e-4. */
const ROUNDING = 1e-6;

/** Checks the loss, that the generator's weights are unchanged, and that the discriminator's equal those of the library. */
export function checkFrozenStep(yours: FrozenStep): Promise<Verdict> {
  return judged(() => {
    const [own, reference] = [smallParts(), smallParts()];
    const input = tf.randomUniform<tf.Rank.R4>([1, SIZE, SIZE, 3], -1, 1, "float32", 1);
    const target = tf.randomUniform<tf.Rank.R4>([1, SIZE, SIZE, 3], -1, 1, "float32", 2);
    try {
      const generator = valuesOf(own.generator);
      const discriminator = valuesOf(own.discriminator);
      const loss = yours(own, input, target);
      if (!(loss instanceof tf.Tensor) || loss.size !== 1) {
        return notYet("return D's loss, a scalar, from a function without async");
      }
      const wrong = wrongLoss(loss.dataSync()[0]!, reference, input, target) ?? movedGenerator(own, generator) ??
        wrongMove(own, reference, discriminator);
      return wrong
        ? notYet(wrong)
        : right("the loss agrees with the library's, D moved as it does, and no weight of G moved by a bit");
    } finally {
      tf.dispose([input, target]);
      dispose(own);
      dispose(reference);
    }
  });
}

/** Creates two small networks and their optimizers, with the same weights in each call. Without dropout, so that G's output is
 * deterministic. */
function smallParts(): Pix2PixParts {
  const generator = unet({ size: SIZE, filters: 2, dropout: 0, seed: 3 });
  const discriminator = patchDiscriminator({ size: SIZE, filters: 2, layers: 1, seed: 4 });
  const optimizer = (network: tf.LayersModel) => new optimizers.Adam({ learningRate: 2e-4 }, variablesOf(network));
  return {
    generator,
    discriminator,
    generatorOptimizer: optimizer(generator),
    discriminatorOptimizer: optimizer(discriminator),
    lambda: 100,
  };
}

function dispose(parts: Pix2PixParts): void {
  parts.generator.dispose();
  parts.discriminator.dispose();
  parts.generatorOptimizer.dispose();
  parts.discriminatorOptimizer.dispose();
}

function variablesOf(network: tf.LayersModel): tf.Variable[] {
  return network.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

function valuesOf(network: tf.LayersModel): Float32Array[] {
  return variablesOf(network).map((variable) => variable.dataSync<"float32">().slice());
}

/** Takes the library's step with `reference`, and compares its loss with `got`. */
function wrongLoss(got: number, reference: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D): string | undefined {
  return tf.tidy(() => {
    const fake = reference.generator.apply(input, { training: true, updateStatistics: false }) as tf.Tensor4D;
    const judge = (picture: tf.Tensor4D) =>
      reference.discriminator.apply([input, picture], { training: true, updateStatistics: false }) as tf.Tensor4D;
    const swapped = losses.nonSaturating.discriminator(judge(fake), judge(target), { halved: true }).dataSync()[0]!;
    const wanted = discriminatorStep(reference, input, target, fake).dataSync()[0]!;
    if (Math.abs(got - wanted) < 1e-5) return undefined;
    const said = `the loss should be ${wanted.toFixed(5)}, yours is ${got.toFixed(5)}`;
    if (Math.abs(got - 2 * wanted) < 1e-5) return `${said}; halve it, as in (7.2)`;
    if (Math.abs(got - swapped) < 1e-5) return `${said}; the real image comes first, then the generated one`;
    return `${said}; it is (7.2) on D's outputs, with { training: true }`;
  });
}

/** Returns an error message that names the weight of G that changed most, or `undefined` if none changed. */
function movedGenerator({ generator }: Pix2PixParts, before: Float32Array[]): string | undefined {
  const moves = valuesOf(generator).map((after, i) => furthest(after, before[i]!));
  const most = Math.max(...moves);
  if (most === 0) return undefined;
  const name = generator.trainableWeights[moves.indexOf(most)]!.originalName;
  return `the loss is right, but generator/${name} moved by ${
    most.toExponential(1)
  }; did you pass the variable list to variableGrads?`;
}

function wrongMove({ discriminator }: Pix2PixParts, reference: Pix2PixParts, before: Float32Array[]): string | undefined {
  const after = valuesOf(discriminator);
  if (after.every((values, i) => furthest(values, before[i]!) === 0)) {
    return "the loss is right, but D did not move; give the gradients to discriminatorOptimizer.apply";
  }
  const wanted = valuesOf(reference.discriminator);
  const difference = after.flatMap((values, i) => Array.from(values, (value, n) => Math.abs(value - wanted[i]![n]!)));
  const mean = difference.reduce((sum, value) => sum + value) / difference.length;
  if (mean <= ROUNDING) return undefined;
  return `the loss is right, but D's weights end ${
    mean.toExponential(1)
  } from the library's, on average; take one step, against the gradient`;
}

function furthest(after: Float32Array, before: Float32Array): number {
  return after.reduce((most, value, i) => Math.max(most, Math.abs(value - before[i]!)), 0);
}
