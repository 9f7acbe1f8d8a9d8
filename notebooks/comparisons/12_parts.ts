/** Compares BicycleGAN with versions that lack one part, and with pix2pix (chapter 12). Usage:
 *
 *     deno run -A notebooks/comparisons/12_parts.ts
 *
 * @module */
import { bicycleGan, type BicycleGanSettings, compare, data, metrics, pix2pix, type tf, toGrey, useBackend } from "../../mod.ts";
import { trained } from "./_trained.ts";

await useBackend();
const size = 32;
const house = (n: number, colour: data.WallColour) => data.drawHouse({ colour, windows: 1 + n % 4 }, n, size);

/** The houses of the chapter: the input is a white house in greyscale, and the target has a random colour. */
function housesFrom(first: number, count: number): data.PairData {
  const read = async (index: number) => {
    const n = first + index;
    const colour = data.colourNames[Math.floor(6 * data.seededRandom(n, 3).next())]!;
    return { input: toGrey(await house(n, "white")), target: await house(n, colour), name: `house ${n}` };
  };
  const format = { height: size, width: size, inputChannels: 1, targetChannels: 3 };
  return data.streamPairs({ name: "houses of unknown colour", count, ...format, read });
}
const [pairs, tests] = [housesFrom(0, 300), housesFrom(1_000_000, 40)];

async function run(settings: Partial<BicycleGanSettings> | undefined, seed: number) {
  const shape = { size, filters: 8, inputChannels: 1, outputChannels: 3, seed };
  const model = settings
    ? bicycleGan({ ...shape, latent: 1, norm: "batch", lambda: 100, klWeight: 0.15, latentWeight: 1, ...settings })
    : pix2pix(shape);
  const epochs = 8;
  await trained(model.train(pairs, { epochs, learningRate: 0.001, seed }), epochs);
  const translate = (x: tf.Tensor4D, seed: number) => model.translate(x, { seed });
  const { diversity, bestL1, meanL1 } = await metrics.diversity(translate, tests);
  console.log(seed, settings, diversity, bestL1, meanL1);
  model.dispose();
  return { "diversity": diversity, "best of 10": bestL1, "mean of 10": meanL1 };
}

const result = await compare({
  what: "parts of BicycleGAN",
  variants: {
    BicycleGAN: {},
    "without the code loss": { latentWeight: 0 },
    "without the KL divergence": { klWeight: 0 },
    pix2pix: undefined,
  },
  seeds: [1, 2, 3],
  run,
  better: { "diversity": "higher", "best of 10": "lower", "mean of 10": "lower" },
});
await result.save(`${import.meta.dirname}/12_parts.json`, "deno run -A notebooks/comparisons/12_parts.ts");
for (const metric of ["diversity", "best of 10", "mean of 10"] as const) console.log(result.verdict(metric).sentence);
