/** Writes a game as text: in the address of the page, or as a program for Deno.
 * @module */
import { mixtureOf } from "./distributions.ts";
import {
  DEFAULTS,
  type GameSettings,
  hasTargets,
  LIMITS,
  LOSSES,
  type NumericSetting,
  PLANE,
  SHAPES,
  withinLimits,
} from "./settings.ts";

/** Maximum number of coordinates of a drawing in an address. */
const MOST_COORDINATES = 4000;

/** Encodes the settings that differ from their defaults, for the part of an address after "#". */
export function toLink(settings: GameSettings): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(settings)) {
    if (name === "strokes") {
      if (settings.shape === "drawn") parts.set(name, settings.strokes.map(written).join("_"));
    } else if (value !== DEFAULTS[name as keyof GameSettings]) parts.set(name, `${value}`);
  }
  return parts.toString();
}

/** Writes the coordinates of a stroke in hundredths. */
function written(stroke: number[]): string {
  return stroke.map((value) => Math.round(100 * value)).join(".");
}

/** Reads settings from the part of an address after "#". Invalid settings are ignored. */
export function fromLink(hash: string): GameSettings {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const settings: GameSettings = { ...DEFAULTS };
  for (const name of Object.keys(LIMITS) as NumericSetting[]) {
    const text = parts.get(name);
    settings[name] = (text ? withinLimits(name, Number(text)) : undefined) ?? DEFAULTS[name];
  }
  const word = <T extends string>(name: string, words: readonly T[], otherwise: T) =>
    words.find((known) => known === parts.get(name)) ?? otherwise;
  settings.shape = word("shape", SHAPES, DEFAULTS.shape);
  settings.loss = word("loss", LOSSES, DEFAULTS.loss);
  settings.noise = word("noise", ["normal", "uniform"], DEFAULTS.noise);
  settings.strokes = strokesOf(parts.get("strokes") ?? "");
  return settings;
}

function strokesOf(text: string): number[][] {
  let left = MOST_COORDINATES;
  return text.split("_").map((stroke) => {
    const values = stroke.split(".").slice(0, left).filter((word) => word !== "").map((word) => Number(word) / 100);
    left -= values.length;
    const even = values.slice(0, values.length & ~1);
    return even.every((value) => Math.abs(value) <= PLANE) ? even : [];
  }).filter((stroke) => stroke.length > 0);
}

/** Writes a program that plays the same game on Deno. */
export function toProgram(settings: GameSettings): string {
  const { loss, noise, latent, discriminatorSteps, seed, beta1, batch } = settings;
  const layers = (count: number, units: number) => `[${Array.from({ length: count }, () => units).join(", ")}]`;
  const { means, deviation } = mixtureOf(settings.shape, settings.strokes);
  const points = means.map(([x, y]) => `[${x.toFixed(2)}, ${y.toFixed(2)}]`);
  const rows = Array.from({ length: Math.ceil(points.length / 8) }, (_, i) => `  ${points.slice(8 * i, 8 * i + 8).join(", ")},`);
  return `import { Adam, data, gan, ganStep, RandomStream, tf, useBackend } from "jsr:@forger/gan";

await useBackend();
const means = [
${rows.join("\n")}
];
const real = data.gaussianMixture("points", means.map((mean) => ({ mean, deviation: ${deviation} })));
const model = gan({
  shape: [2],
  hidden: ${layers(settings.generatorLayers, settings.generatorUnits)},
  discriminatorHidden: ${layers(settings.discriminatorLayers, settings.discriminatorUnits)},
  latent: ${latent},
  noise: "${noise}",
  loss: "${loss}",
  discriminatorSteps: ${discriminatorSteps},
  labelSmoothing: ${hasTargets(loss) ? settings.labelSmoothing : 0},
  penaltyWeight: ${settings.penaltyWeight},
  seed: ${seed},
});
const { generator, discriminator } = model.networks;
const adam = (network: tf.LayersModel, learningRate: number) =>
  new Adam({ learningRate, beta1: ${beta1} }, network.trainableWeights.map((weight) => weight.read() as tf.Variable));
const parts = {
  generator,
  discriminator,
  generatorOptimizer: adam(generator, ${settings.generatorRate}),
  discriminatorOptimizer: adam(discriminator, ${settings.discriminatorRate}),
  random: new RandomStream(${seed}),
  settings: model.settings,
};
for (let step = 1; step <= 1000; step++) {
  const points = data.pointsOf(real, { count: ${batch * discriminatorSteps} });
  for await (const { points: samples } of points.batches({ batch: ${batch * discriminatorSteps}, seed: ${seed}, epoch: step })) {
    const losses = ganStep(parts, samples as tf.Tensor2D);
    if (step % 100 === 0) console.log(step, losses.discriminator.dataSync()[0], losses.generator.dataSync()[0]);
    tf.dispose([samples, ...Object.values(losses)]);
  }
}
const points = await model.generate({ count: 10 });
points.print();
`;
}
