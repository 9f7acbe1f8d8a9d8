/** Compares stage I of StackGAN, trained with and without real images with wrong captions (chapter 11). Usage:
 *
 *     deno run -A notebooks/comparisons/11_captions.ts
 *
 * @module */
import {
  Adam,
  compare,
  data,
  losses,
  models,
  optimizers,
  RandomStream,
  stackGan,
  stackGanSteps,
  tf,
  useBackend,
} from "../../mod.ts";

await useBackend();
const [size, batch] = [32, 32];
const houses = data.houses({ count: 1440, size, seed: 1 });
const conditions = data.embedCaptions(data.allCaptions.flatMap((caption) => new Array<string>(10).fill(caption)));
const wanted = data.allCaptions.flatMap((caption) => new Array<string>(10).fill(data.readCaption(caption).colour));
/** Numbers of epochs after which the sketches are measured. */
const MEASURED = [2, 4, 8, 16];

/** Returns the fraction of sketches with the right colour. The rule needs larger images, so the pixels are repeated. */
function colourScore(sketches: tf.Tensor4D): number {
  const enlarged = tf.image.resizeNearestNeighbor(sketches, [size, size]);
  const images = data.toImages(enlarged);
  tf.dispose([sketches, enlarged]);
  return images.filter((image, i) => data.recoverHouse(image).colour === wanted[i]).length / images.length;
}

/** Trains stage I.
 * @param hasWrong Whether the discriminator also sees real images with wrong captions. */
async function run(hasWrong: boolean, seed: number): Promise<Record<string, number>> {
  const model = stackGan({ size, filters: 16, conditionSize: data.captionSize, seed });
  const { sketcher, sketchDiscriminator } = model.networks;
  const random = new RandomStream(seed);
  const adam = (network: tf.LayersModel) => new Adam({ learningRate: 0.001 }, optimizers.variablesOf(network));
  const stage: stackGanSteps.Stage = {
    generate: (conditions, mode) => stackGanSteps.drawSketch(model.networks, model.settings, random, conditions, mode),
    discriminator: sketchDiscriminator,
    generatorOptimizer: adam(sketcher),
    discriminatorOptimizer: adam(sketchDiscriminator),
    klWeight: 1,
  };
  const scores: Record<string, number> = {};
  for (let epoch = 0; epoch < 16; epoch++) {
    for await (const { images, conditions } of houses.batches({ batch, seed, epoch, augment: false })) {
      tf.tidy(() => {
        const small = tf.avgPool(images, models.STAGE_SCALE, models.STAGE_SCALE, "valid");
        if (hasWrong) stackGanSteps.stageDiscriminatorStep(stage, small, conditions);
        else withoutWrong(stage, small, conditions);
        stackGanSteps.stageGeneratorStep(stage, conditions);
      });
      tf.dispose([images, conditions]);
    }
    if (!MEASURED.includes(epoch + 1)) continue;
    scores[`colour after ${epoch + 1} epochs`] = colourScore((await model.generateBoth({ conditions, seed: 1 })).sketches);
  }
  console.log(seed, hasWrong, scores);
  model.dispose();
  return scores;
}

/** Updates the discriminator on real and generated images, each with its own caption. */
function withoutWrong(stage: stackGanSteps.Stage, images: tf.Tensor4D, conditions: tf.Tensor2D): void {
  const mode = { training: true, updateStatistics: false };
  const fake = stage.generate(conditions, mode).image;
  const judge = (image: tf.Tensor4D) => stage.discriminator.apply([image, conditions], { ...mode }) as tf.Tensor2D;
  const loss = () => losses.nonSaturating.discriminator(judge(images), judge(fake));
  stage.discriminatorOptimizer.apply(tf.variableGrads(loss, stage.discriminatorOptimizer.variables).grads);
}

if (import.meta.main) {
  const real = await data.firstBatch(data.houses({ count: 240, size, seed: 1, split: "test" }), 240);
  const reduced = tf.avgPool(real.images, models.STAGE_SCALE, models.STAGE_SCALE, "valid");
  const images = data.toImages(tf.image.resizeNearestNeighbor(reduced, [size, size]));
  const right = images.filter((image, i) => data.recoverHouse(image).colour === data.readCaption(real.captions[i]!).colour);
  console.log("the rule on real images of this size:", right.length / images.length);
  const metrics = MEASURED.map((epochs) => `colour after ${epochs} epochs`);
  const result = await compare({
    what: "what the discriminator sees",
    variants: { "with wrong captions": true, "without wrong captions": false },
    seeds: [1, 2, 3],
    run,
    better: Object.fromEntries(metrics.map((metric) => [metric, "higher"])) as Record<string, "higher">,
  });
  await result.save(`${import.meta.dirname}/11_captions.json`, "deno run -A notebooks/comparisons/11_captions.ts");
  for (const metric of metrics) console.log(result.verdict(metric).sentence);
}
