import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { type ConditionalGan, conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { CONDITIONAL_GAN } from "../../lib/systems/gan_fields.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { testOnBackends } from "../_backends.ts";
import { setWeights } from "../models/_weights.ts";
import { SMALL } from "./_gan_parts.ts";
import { CLASSES, collect, noiseDigits, SIZE, weightsOf } from "./_noise_data.ts";

const SETTINGS = { ...SMALL.dcgan, shape: [SIZE, SIZE, 1], classes: CLASSES, latent: 4, seed: 2 };
const everything = ({ networks }: ConditionalGan) => weightsOf(...Object.values(networks));

Deno.test("conditionalGan() has the defaults of the paper", () => {
  assertEquals(CONDITIONAL_GAN, {
    shape: [28, 28, 1],
    networks: "mlp",
    hidden: [200, 1200],
    discriminatorHidden: [1200, 960],
    dropout: 0.5,
    labelUnits: 1000,
    discriminatorLabelUnits: 250,
    classes: 10,
    filters: 64,
    latent: 100,
    noise: "uniform",
    loss: "nonSaturating",
    discriminatorSteps: 1,
    halved: false,
    labelSmoothing: 0,
    penaltyWeight: 10,
    diffAugment: [],
    clipNorm: 0,
    averageDecay: 0,
    beta1: 0.5,
    beta2: 0.999,
    seed: 0,
  });
});

testOnBackends("generate() generates each image with its label", async () => {
  const model = conditionalGan({ ...SETTINGS, networks: "mlp", hidden: [1, 1], labelUnits: 1 });
  // One grey value per class, independent of the noise.
  const byLabel = { "hidden_labels/kernel": [0.5, 1, 2], "hidden1/kernel": [0, 1] };
  setWeights(model.networks.generator, { ...byLabel, "values/kernel": Array(SIZE * SIZE).fill(1) });
  const greys = async (options: Parameters<typeof model.generate>[0]) => {
    const images = await model.generate(options);
    assertEquals(images.shape.slice(1), [SIZE, SIZE, 1]);
    const values = [...images.dataSync()].filter((_, i) => i % (SIZE * SIZE) === 0);
    images.dispose();
    return values.map((value) => [0.5, 1, 2].findIndex((grey) => Math.abs(Math.tanh(grey) - value) < 1e-5));
  };
  assertEquals(await greys({ labels: [2, 2, 0] }), [2, 2, 0]);
  assertEquals(await greys({ count: 5 }), [0, 1, 2, 0, 1]);
  assertEquals(await greys({}), [0, 1, 2]);
  const many = Array.from({ length: 230 }, (_, i) => (i * 7) % 3); // more than are generated at once
  assertEquals(await greys({ labels: many }), many);
  model.dispose();
});

testOnBackends(
  "generate() repeats its output for the same seed, differs for another seed, and changes neither weights nor memory",
  async () => {
    const model = conditionalGan(SETTINGS);
    await model.generate({ labels: [1] }).then((images) => images.dispose());
    const [weights, before] = [everything(model), tf.memory().numTensors];
    const values = async (options: object) => {
      const images = await model.generate(options);
      const numbers = [...images.dataSync()];
      images.dispose();
      return numbers;
    };
    const labels = [1, 1];
    const first = await values({ labels, seed: 3 });
    assertEquals(await values({ labels, seed: 3 }), first);
    assertNotEquals(await values({ labels, seed: 4 }), first);
    assertNotEquals(first.slice(0, SIZE * SIZE), first.slice(SIZE * SIZE)); // two images of a class differ
    const alone = await values({ labels: [1], seed: 3 }); // independent of the rest of the batch
    alone.forEach((value, i) => assertAlmostEquals(value, first[i]!, 1e-6));
    assertEquals([everything(model), tf.memory().numTensors], [weights, before]);
    model.dispose();
  },
);

testOnBackends("generate() refuses labels that are not class indices, and a count that differs from their number", async () => {
  const model = conditionalGan(SETTINGS);
  await assertRejects(() => model.generate({ labels: [0, 3] }), RangeError, "from 0 to 2, got 3");
  await assertRejects(() => model.generate({ labels: [0.5] }), RangeError, "got 0.5");
  await assertRejects(() => model.generate({ labels: [0], count: 2 }), RangeError, "expected 2 labels, one per image, got 1");
  await assertRejects(() => model.generate({ labels: [] }), RangeError, "count must be an integer ≥ 1, got 0");
  model.dispose();
}, ["cpu"]);

testOnBackends("train() yields a row of samples per class, and the losses", async () => {
  const model = conditionalGan({ ...SETTINGS, discriminatorSteps: 2 });
  const all = await collect(model.train(noiseDigits(10), { epochs: 2, batch: 3, seed: 1, samples: 2 }));
  const events = all.filter(({ type }) => type !== "warning"); // so small a model generates images that are alike
  assertEquals(events.map((event) => `${event.type} ${event.epoch}.${event.step}`), [
    ...["sample 0.0", "step 1.1", "step 1.2", "epoch 1.2", "sample 1.2"],
    ...["step 2.3", "step 2.4", "epoch 2.4", "sample 2.4"],
  ]);
  const [sample, step] = events;
  assert(sample!.type === "sample" && step!.type === "step");
  assertEquals([sample!.rows.length, Object.keys(sample!.rows[0]!)], [CLASSES, ["1", "2"]]);
  assertEquals(Object.keys(step!.losses), ["discriminator", "generator"]);
  model.dispose();
});

testOnBackends("train() that is stopped and resumed ends with the same weights as an uninterrupted run", async () => {
  const shared = { ...SETTINGS, discriminatorSteps: 2, averageDecay: 0.9, clipNorm: 5, loss: "hinge" as const };
  for (const networks of [SMALL.dcgan, { ...SMALL.mlp, dropout: 0.5 }]) {
    const settings = { ...shared, ...networks };
    const folder = await Deno.makeTempDir();
    const options = { epochs: 2, batch: 2, seed: 1, checkpoint: folder };
    const [whole, half, rest] = [conditionalGan(settings), conditionalGan(settings), conditionalGan(settings)];
    const { checkpoint: _, ...without } = options;
    await collect(whole.train(noiseDigits(12), without));
    for await (const event of half.train(noiseDigits(12), options)) if (event.step === 4) break;
    await collect(rest.train(noiseDigits(12), { ...options, resume: true }));
    assertEquals(everything(rest), everything(whole));
    assertNotEquals(everything(half), everything(whole));
    for (const model of [whole, half, rest]) model.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}, ["tensorflow", "cpu"]);

testOnBackends("train() leaks no tensors", async () => {
  const model = conditionalGan({ ...SETTINGS, averageDecay: 0.9 });
  const options = { epochs: 1, batch: 3, samples: 1 };
  await collect(model.train(noiseDigits(6), options));
  const before = tf.memory().numTensors;
  await collect(model.train(noiseDigits(6), options));
  assertEquals(tf.memory().numTensors, before);
  model.dispose();
});

testOnBackends("train() and conditionalGan() refuse mismatched data and invalid settings", async () => {
  const model = conditionalGan({ ...SETTINGS, classes: 4 });
  await assertRejects(
    () => collect(model.train(noiseDigits(2), { epochs: 1 })),
    RangeError,
    "expects classes 4, the data has classes 3",
  );
  model.dispose();
  const larger = conditionalGan({ ...SETTINGS, shape: [16, 16, 1] });
  await assertRejects(
    () => collect(larger.train(noiseDigits(2), { epochs: 1 })),
    RangeError,
    "expects shape [16,16,1], the data has shape [8,8,1]",
  );
  larger.dispose();
  for (const classes of [0, 1]) {
    assertThrows(
      () => conditionalGan({ classes }),
      RangeError,
      "classes must be ",
    );
  }
  assertThrows(() => conditionalGan({ shape: [2] }), RangeError, "shape must be [height, width, channels], got [2]");
}, ["cpu"]);

testOnBackends("loadModel() returns a model that generates the same images as the saved model", async () => {
  const folder = await Deno.makeTempDir();
  for (const networks of ["mlp", "dcgan"] as const) {
    const model = conditionalGan({ ...SETTINGS, ...SMALL[networks], averageDecay: 0.5 });
    await collect(model.train(noiseDigits(6), { epochs: 1, batch: 3 }));
    await model.save(folder);
    const again = await loadModel(folder, "conditional-gan");
    assertEquals(again.settings, model.settings);
    assertEquals(everything(again), everything(model));
    const [first, second] = [await model.generate({ labels: [2, 0] }), await again.generate({ labels: [2, 0] })];
    assertEquals(second.dataSync(), first.dataSync());
    tf.dispose([first, second]);
    model.dispose();
    again.dispose();
  }
  await assertRejects(() => loadModel(folder, "pix2pix"), RangeError, "kind pix2pix, got conditional-gan");
  await Deno.remove(folder, { recursive: true });
});
