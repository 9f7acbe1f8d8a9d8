/** A whole system in one file: the GAN of Goodfellow et al. (2014), arXiv:1406.2661, Algorithm 1, for points in the plane.
 * CONTRIBUTING.md uses it as an example of adding a system; own_system_test.ts tests what it gets without additional code.
 * @module */
import { data, losses, mlpDiscriminator, mlpGenerator, type optimizers, RandomStream, settings, systems, tf } from "../../mod.ts";

/** Settings of the model; {@linkcode POINTS_FIELDS} describes them. */
interface PointsSettings {
  latent: number;
  hidden: number;
  seed: number;
}

const POINTS_FIELDS: settings.Described<PointsSettings> = {
  latent: settings.integer(4, { min: 1, help: "Dimensions of the noise." }),
  hidden: settings.integer(16, { min: 1, unit: "units", help: "Width of the two hidden layers of both networks." }),
  seed: settings.seed(),
};

/** Networks and optimizers for a step. */
interface PointsParts {
  generator: tf.LayersModel;
  discriminator: tf.LayersModel;
  generatorOptimizer: optimizers.Optimizer;
  discriminatorOptimizer: optimizers.Optimizer;
  noise: (count: number) => tf.Tensor;
}

/** One update of D, then one of G against the updated D. */
function pointsStep(parts: PointsParts, real: tf.Tensor2D): { discriminator: tf.Scalar; generator: tf.Scalar } {
  const { generator, discriminator, noise } = parts;
  const logits = (points: tf.Tensor2D) => discriminator.apply(points) as tf.Tensor2D;
  const draw = () => generator.apply(noise(real.shape[0])) as tf.Tensor2D;
  return tf.tidy(() => {
    const fake = draw();
    return {
      discriminator: systems.minimize(
        parts.discriminatorOptimizer,
        () => losses.nonSaturating.discriminator(logits(real), logits(fake)),
      ),
      generator: systems.minimize(parts.generatorOptimizer, () => losses.nonSaturating.generator(logits(draw()))),
    };
  });
}

/** The model. */
export class Points extends systems.Model<"points", PointsSettings, data.PointData> {
  override readonly networks: Record<"generator" | "discriminator", tf.LayersModel>;

  constructor(given: Partial<PointsSettings> = {}) {
    super("points", POINTS_FIELDS, given);
    const { latent, hidden, seed } = this.settings;
    const common = { shape: [2], hidden: [hidden, hidden] };
    this.networks = {
      generator: mlpGenerator({ ...common, latent, seed }),
      discriminator: mlpDiscriminator({ ...common, dropout: 0, seed: seed + 1 }),
    };
  }

  protected override shapes({ dimensions }: data.PointData): systems.Shapes {
    return { expected: { dimensions: 2 }, actual: { dimensions } };
  }

  protected override start(session: systems.Session): (batch: data.PointBatch) => systems.Losses {
    const random = session.random();
    const parts: PointsParts = {
      ...this.networks,
      generatorOptimizer: session.adam("generatorAdam", ["generator"]),
      discriminatorOptimizer: session.adam("discriminatorAdam", ["discriminator"]),
      noise: (count) => random.normal([count, this.settings.latent]),
    };
    const step = session.compile((points: tf.Tensor2D) => pointsStep(parts, points));
    return ({ points }) => step(points);
  }

  protected override equilibrium(): Record<string, number> {
    return { discriminator: Math.log(4) };
  }

  /** Generates points `[count, 2]`. */
  generate({ count = 16, seed = 0 } = {}): Promise<tf.Tensor2D> {
    const noise = new RandomStream(seed).normal([count, this.settings.latent]);
    const points = this.networks.generator.apply(noise) as tf.Tensor2D;
    noise.dispose();
    return Promise.resolve(points);
  }
}

/** Registry entry for the system. */
export const POINTS_SYSTEM = {
  kind: "points",
  title: "GAN of points",
  does: "generates points in the plane (Goodfellow et al. 2014)",
  data: "ring",
  uses: ["generate"],
  fields: POINTS_FIELDS,
  training: { epochs: 3, batch: 8 },
  presets: { quick: { hidden: 8 }, paper: { hidden: 64 } },
  build: (given) => new Points(given),
} as const satisfies systems.System<PointsSettings, Points>;

/** The system's data source: points from eight Gaussians on a ring. */
export const RING = {
  unit: "points",
  options: () => ({ count: settings.integer(32, { min: 1, unit: "points", help: "Number of points." }) }),
  open: ({ count }: { count: number }) => {
    const train = data.pointsOf(data.gaussianRing(), { count });
    const samples = () => Promise.resolve(undefined);
    return Promise.resolve({ name: "ring", train, counted: `${count} points`, about: { points: count }, settings: {}, samples });
  },
};
