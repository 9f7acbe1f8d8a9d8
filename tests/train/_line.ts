/** The smallest model that can be trained: a dense layer that learns to map points to zero.
 * @module */
import type { PointBatch, PointData } from "../../lib/data/datasets.ts";
import { type Described, integer, seed } from "../../lib/settings.ts";
import { minimize } from "../../lib/systems/step.ts";
import type { System } from "../../lib/systems/system.ts";
import * as tf from "../../lib/tf.ts";
import { Model, type Session, type Shapes } from "../../lib/train/model.ts";

/** Settings of a {@linkcode Line}. */
export interface LineSettings {
  dimensions: number;
  seed: number;
}

export const LINE_FIELDS: Described<LineSettings> = {
  dimensions: integer(2, { min: 1, help: "Coordinates of a point." }),
  seed: seed(),
};

/** The model. */
export class Line extends Model<"line", LineSettings, PointData> {
  override readonly networks: Record<"layer", tf.LayersModel>;
  /** Called in each step, after the update. */
  duringStep: () => void = () => {};

  constructor(settings: Partial<LineSettings> = {}) {
    super("line", LINE_FIELDS, settings);
    const input = tf.input({ shape: [this.settings.dimensions] });
    const kernelInitializer = tf.initializers.glorotUniform({ seed: this.settings.seed });
    // Weights are saved under the names of their layers, which must not depend on the number of models.
    const output = tf.layers.dense({ units: 1, kernelInitializer, name: "line" }).apply(input) as tf.SymbolicTensor;
    this.networks = { layer: tf.model({ inputs: input, outputs: output }) };
  }

  protected override shapes({ dimensions }: PointData): Shapes {
    return { expected: { dimensions: this.settings.dimensions }, actual: { dimensions } };
  }

  protected override start(session: Session): (batch: PointBatch) => { error: tf.Scalar } {
    const optimizer = session.adam("adam", ["layer"]);
    return ({ points }) => {
      const error = minimize(optimizer, () => tf.mean(tf.square(this.networks.layer.apply(points) as tf.Tensor)));
      this.duringStep();
      return { error };
    };
  }
}

/** The model as a system. */
export const LINE_SYSTEM: System<LineSettings, Line> = {
  kind: "line",
  title: "Line",
  does: "maps points to zero",
  data: "points",
  uses: [],
  fields: LINE_FIELDS,
  training: { epochs: 1 },
  build: (settings) => new Line(settings),
};
