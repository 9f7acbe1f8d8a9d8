import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import {
  costOf,
  describePrecision,
  isNegligible,
  packModel,
  packSmallest,
  type Probe,
  usedNetworks,
} from "../../lib/play/pack.ts";
import { unpackModel } from "../../lib/play/player.ts";
import type { PackedWeight } from "../../lib/play/protocol.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { MODELS } from "./_models.ts";

/** Runs a test with a model on the plain JavaScript backend. */
async function withModel(name: string, test: (model: SomeModel) => void | Promise<void>): Promise<void> {
  await useBackend("cpu", { quiet: true });
  const model = MODELS[name]!();
  try {
    await test(model);
  } finally {
    model.dispose();
  }
}

/** Outputs of a GAN of points with large layers. */
const points: Probe = {
  outputs: (model) => (model as unknown as { generate(options: object): Promise<tf.Tensor> }).generate({}),
};

Deno.test("usedNetworks() are those that a page needs", async () => {
  const used: Record<string, string[]> = {};
  for (const name of Object.keys(MODELS)) await withModel(name, (model) => void (used[name] = usedNetworks(model)));
  assertEquals(used, {
    "pix2pix": ["generator"],
    "pix2pix of label planes": ["generator"],
    "bicyclegan": ["generator", "encoder"],
    "cyclegan": ["xToY", "yToX"],
    "gan": ["generator"],
    "gan with an average": ["average"],
    "gan of points": ["generator"],
    "conditional-gan": ["generator"],
    "stackgan": ["sketcher", "refiner"],
    "classifier": ["classifier"],
  });
});

for (const name of Object.keys(MODELS)) {
  Deno.test(`packModel() and unpackModel() keep the float32 weights of a ${name}`, () =>
    withModel(name, (model) => {
      const { model: packed, bytes } = packModel(model, "float32");
      const other = unpackModel(structuredClone(packed), bytes);
      assertEquals(other.settings, model.settings);
      for (const network of usedNetworks(model)) {
        const [own, unpacked] = [model, other].map((one) =>
          one.networks[network]!.weights.map((weight) => weight.read().dataSync())
        );
        assertEquals(unpacked, own);
      }
      other.dispose();
    }));
}

Deno.test("packModel() rejects weights that are not finite", () =>
  withModel("gan of points", (model) => {
    const [weight] = model.networks["generator"]!.weights;
    weight!.write(tf.fill(weight!.shape as number[], NaN));
    assertThrows(
      () => packModel(model, "uint8"),
      RangeError,
      "Cannot export the model: expected finite weights, got non-finite weights in ",
    );
  }));

Deno.test("costOf() measures the difference of the outputs, which is 0 in float32 and grows with fewer bytes", () =>
  withModel("conditional-gan", async (model) => {
    const probe: Probe = {
      outputs: (model) => (model as unknown as { generate(options: object): Promise<tf.Tensor> }).generate({ count: 4 }),
    };
    const cost = async (precision: "float32" | "float16" | "uint8") => await costOf(model, packModel(model, precision), probe);
    const { numTensors } = tf.memory();
    const [exact, half, bytes] = [await cost("float32"), await cost("float16"), await cost("uint8")];
    assertEquals(tf.memory().numTensors, numTensors);
    assertEquals([exact.mean, exact.largest], [0, 0]);
    assert(half.mean > 0 && half.mean < half.largest);
    assertLess(half.mean, bytes.mean);
    assertLess(half.largest, bytes.largest);
  }));

Deno.test("isNegligible() allows 1% of the metric, or of the range of values without a metric", () => {
  const metric = (before: number, after: number) => ({ mean: 1, largest: 1, metric: { name: "L1", before, after } });
  assertEquals(
    [metric(0.3, 0.3029), metric(0.3, 0.2971), metric(0.3, 0.304), metric(0.3, NaN), metric(0, 0)].map(isNegligible),
    [true, true, false, false, true],
  );
  assertEquals([0.019, 0.021, NaN].map((mean) => isNegligible({ mean, largest: 1 })), [true, false, false]);
  assertEquals([0.009, 0.011].map((mean) => isNegligible({ mean, largest: 1, range: 1 })), [true, false]);
});

Deno.test("the range of probabilities is 1, and that of points is the range of their coordinates", async () => {
  const ranges: Record<string, number> = {};
  const probe = (values: number[]): Probe => ({ outputs: () => Promise.resolve(tf.tensor1d(values)) });
  for (const name of ["classifier", "gan of points", "gan with an average"]) {
    await withModel(name, async (model) => {
      ranges[name] = (await costOf(model, packModel(model, "uint8"), probe([-3, 5]))).range!;
    });
  }
  assertEquals(ranges, { "classifier": 1, "gan of points": 8, "gan with an average": 2 });
});

Deno.test("packSmallest() takes the first precision whose cost is negligible", () =>
  withModel("gan of points", async (model) => {
    // A metric that depends on the precision, as it does if a model is sensitive to its weights.
    const costing = (costs: number[]): Probe => {
      const values = costs.flatMap((cost) => [1, 1 + cost]);
      return { ...points, metric: { name: "L1", of: () => Promise.resolve(values.shift()!) } };
    };
    const taken = async (costs: number[]) => (await packSmallest(model, costing(costs))).packed.precision;
    assertEquals([await taken([0.005]), await taken([0.02, 0.005]), await taken([0.02, 0.02])], ["uint8", "float16", "float32"]);
    assertEquals((await packSmallest(model, costing([0.02]), "uint8")).packed.precision, "uint8");
    assertEquals((await packSmallest(model, costing([]), "float32")).costs, {});
  }));

Deno.test("describePrecision() says what the precision costs", () =>
  withModel("gan of points", async (model) => {
    const costs = { uint8: { mean: 0.00213, largest: 0.0199, metric: { name: "L1", before: 0.3, after: 0.30012 } } };
    assertEquals(
      describePrecision(packModel(model, "uint8"), costs),
      "uint8: outputs differ from those in float32 by 0.0021 on average and by at most 0.02, as coordinates; L1 0.3001 " +
        "instead of 0.3",
    );
    for (const [kind, outputs] of [["classifier", "as probabilities"], ["pix2pix", "for values in [-1, 1]"]] as const) {
      const packed = { ...packModel(model, "uint8"), model: { kind, settings: {}, networks: {} } };
      assertStringIncludes(describePrecision(packed, costs), `at most 0.02, ${outputs}`);
    }
    assertStringIncludes(describePrecision(packModel(model, "float32"), {}), "as in training");
    await Promise.resolve();
  }));

/** Damages of a packed model, keyed by what they are. `largest` is its largest weight. */
// deno-lint-ignore no-explicit-any -- damaged data has any form
const DAMAGES: Record<string, (model: any, largest: any) => void> = {
  "no networks": (model) => model.networks = {},
  "no weights": (model) => model.networks.generator = [],
  "weights are null": (model) => model.networks.generator = null,
  "one weight is null": (model) => model.networks.generator[0] = null,
  "one weight is missing": (model) => model.networks.generator.pop(),
  "one weight twice": (model) => model.networks.generator[1] = model.networks.generator[0],
  "another network": (model) => model.networks.toString = [],
  "another kind": (model) => model.kind = "toString",
  "another number of filters": (model) => model.settings.filters = 8,
  "too many blocks": (model) => model.settings.blocks = 1e8,
  "settings of other types": (model) => model.settings = { size: "x", filters: {} },
  "no scale": (_, largest) => largest.precision = "uint8",
  "scale NaN": (_, largest) => Object.assign(largest, { precision: "uint8", scale: NaN, least: 0 }), // null in JSON
  "scale 0": (_, largest) => Object.assign(largest, { precision: "uint8", scale: 0, least: 0 }),
  "negative scale": (_, largest) => Object.assign(largest, { precision: "uint8", scale: -1, least: 0 }),
  "huge scale": (_, largest) => Object.assign(largest, { precision: "uint8", scale: 1e30, least: 0 }),
  "no least value": (_, largest) => Object.assign(largest, { precision: "uint8", scale: 1 }),
  "unknown precision": (_, largest) => largest.precision = "int4",
  "no shape": (_, largest) => largest.shape = null,
  "wrong shape": (_, largest) => largest.shape = largest.shape.toReversed(),
  "huge shape": (_, largest) => largest.shape = [1e9, 1e9],
  "negative shape": (_, largest) => largest.shape = largest.shape.map((n: number, i: number) => i < 2 ? -n : n),
  "no start": (_, largest) => largest.start = null,
  "negative start": (_, largest) => largest.start = -4,
};

Deno.test("unpackModel() rejects a damaged description and damaged weights in one line", async () => {
  await useBackend("cpu", { quiet: true });
  const model = pix2pix({ size: 32, filters: 4, generator: "resnet", blocks: 2 }) as SomeModel;
  const { model: packed, bytes } = packModel(model, "float32");
  model.dispose();
  const size = ({ shape }: PackedWeight) => shape.reduce((product, n) => product * n, 1);
  const line = /^Cannot (load|read the weights|build)[^\n]+$/;
  for (const [name, damage] of Object.entries(DAMAGES)) {
    const damaged = structuredClone(packed);
    damage(damaged, damaged.networks["generator"]!.toSorted((a, b) => size(b) - size(a))[0]);
    const { message } = assertThrows(() => unpackModel(JSON.parse(JSON.stringify(damaged)), bytes), RangeError, undefined, name);
    assertMatch(message, line, name);
  }
  for (const value of [NaN, Infinity, 1e30, 0, 1e-9]) {
    const filled = new Uint8Array(new Float32Array(bytes.length / 4).fill(value).buffer);
    const { message } = assertThrows(() => unpackModel(packed, filled), RangeError);
    assertMatch(
      message,
      value < 1 ? /^Cannot load the model: all values of each weight/ : /^Cannot load the model: expected finite/,
    );
  }
  const { message } = assertThrows(() => unpackModel(packed, bytes.slice(0, bytes.length / 2)), RangeError);
  assertMatch(message, /^Cannot read the weights: .* ends after the last byte/);
  const one = bytes.slice();
  new Float32Array(one.buffer)[3] = NaN;
  assertThrows(
    () => unpackModel(packed, one),
    RangeError,
    "Cannot load the model: expected finite weights, got non-finite weights in ",
  );
});
