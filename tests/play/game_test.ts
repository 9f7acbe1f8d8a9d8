/** The 2-D game: its training against the library's own step, and its page in a browser. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "node:path";
import { RandomStream } from "../../lib/backend/random.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { variablesOf } from "../../lib/optimizers/optimizer.ts";
import { mixtureOf } from "../../lib/play/game/distributions.ts";
import { CELLS, verdictOf } from "../../lib/play/game/field.ts";
import { explain } from "../../lib/play/game/explain.ts";
import { fromLink, toLink, toProgram } from "../../lib/play/game/link.ts";
import { coveredHeaps, measure, slicedDistance } from "../../lib/play/game/measures.ts";
import { COLLAPSED, PRESETS, settingsOf } from "../../lib/play/game/presets.ts";
import { DEFAULTS, type GameSettings, LOSSES, SHAPES } from "../../lib/play/game/settings.ts";
import { ARROWS, SHOWN, Trainer } from "../../lib/play/game/trainer.ts";
import { gan } from "../../lib/systems/gan.ts";
import { GAN_LOSSES, ganDiscriminatorStep, ganGeneratorStep, type GanParts, ganStep } from "../../lib/systems/gan_step.ts";
import { gaussianMixture } from "../../data/worlds/points.ts";
import { seededRandom } from "../../lib/data/random.ts";
import * as tf from "../../lib/tf.ts";
import { lastLine, task, withFolder } from "../cli/_task.ts";
import { weightsOf } from "../systems/_noise_data.ts";

const small: Partial<GameSettings> = { batch: 16, generatorUnits: 8, discriminatorUnits: 8 };

/** The same game, built from the public functions of the library. */
function libraryParts(settings: GameSettings): GanParts {
  const { loss, latent, noise, discriminatorSteps, penaltyWeight, seed, beta1 } = settings;
  const hidden = (layers: number, units: number) => Array.from({ length: layers }, () => units);
  const model = gan({
    ...{ shape: [2], loss, latent, noise, discriminatorSteps, penaltyWeight, seed },
    hidden: hidden(settings.generatorLayers, settings.generatorUnits),
    discriminatorHidden: hidden(settings.discriminatorLayers, settings.discriminatorUnits),
  });
  const { generator, discriminator } = model.networks;
  return {
    generator,
    discriminator,
    generatorOptimizer: new Adam({ learningRate: settings.generatorRate, beta1 }, variablesOf(generator)),
    discriminatorOptimizer: new Adam({ learningRate: settings.discriminatorRate, beta1 }, variablesOf(discriminator)),
    random: new RandomStream(seed),
    settings: model.settings,
  };
}

/** Real points in the order in which the trainer draws them. */
function realPoints({ shape, strokes, seed }: GameSettings): (count: number) => tf.Tensor2D {
  const { means, deviation } = mixtureOf(shape, strokes);
  const { sample } = gaussianMixture(shape, means.map((mean) => ({ mean, deviation })));
  const random = seededRandom(seed);
  return (count) => tf.tensor2d(Array.from({ length: count }, () => sample(random)));
}

Deno.test("Trainer takes the library's steps, bit by bit, with every loss", async () => {
  await useBackend("cpu", { quiet: true });
  for (const loss of LOSSES) {
    const settings: GameSettings = { ...DEFAULTS, ...small, loss, discriminatorSteps: 2, seed: 7 };
    const trainer = new Trainer(settings);
    const parts = libraryParts(settings);
    const draw = realPoints(settings);
    assertEquals(weightsOf(trainer.parts.generator), weightsOf(parts.generator));
    for (let step = 0; step < 3; step++) {
      trainer.step();
      const losses = ganStep(parts, draw(2 * 16));
      assertEquals(trainer.look().losses.generator, losses.generator.dataSync()[0]);
      assertEquals(trainer.look().losses.discriminator, losses.discriminator.dataSync()[0]);
    }
    trainer.stepDiscriminator();
    trainer.stepGenerator();
    ganDiscriminatorStep(parts, { samples: draw(16), labels: undefined });
    ganGeneratorStep(parts, 16, undefined);
    for (const name of ["generator", "discriminator"] as const) {
      assertEquals(weightsOf(trainer.parts[name]), weightsOf(parts[name]), `${loss}: ${name}`);
    }
    trainer.dispose();
  }
});

Deno.test("Trainer.look() shows D's verdicts, and gradients that agree with differences of the loss", async () => {
  await useBackend("cpu", { quiet: true });
  for (const loss of LOSSES) {
    const trainer = new Trainer({ ...DEFAULTS, ...small, loss });
    for (let step = 0; step < 5; step++) trainer.step();
    const { field, arrows, generated, steps, right } = trainer.look();
    assertEquals([field.length, arrows.length, generated.length], [CELLS ** 2, 2 * ARROWS, 2 * SHOWN]);
    assertEquals(steps, { discriminator: 5, generator: 5 });
    assert(right >= 0 && right <= 1 && field.every((verdict) => Math.abs(verdict) <= 1));
    const lossAt = (x: number, y: number) =>
      tf.tidy(() => {
        const logits = trainer.parts.discriminator.apply(tf.tensor2d([[x, y]])) as tf.Tensor2D;
        return GAN_LOSSES[loss].generator(logits).dataSync()[0]!;
      });
    const [x, y] = [generated[0]!, generated[1]!];
    assertAlmostEquals(arrows[0]!, -(lossAt(x + 0.005, y) - lossAt(x - 0.005, y)) / 0.01, 2e-3, loss);
    assertAlmostEquals(arrows[1]!, -(lossAt(x, y + 0.005) - lossAt(x, y - 0.005)) / 0.01, 2e-3, loss);
    trainer.dispose();
  }
});

Deno.test("verdictOf() gives -1 and 1 for the targets of a loss, and 0 in the middle", () => {
  const at = (loss: Parameters<typeof verdictOf>[0], ...logits: number[]) => logits.map(verdictOf(loss, 3, 2));
  assertEquals(at("leastSquares", 0, 0.5, 1, 9), [-1, 0, 1, 1]);
  assertEquals(at("hinge", -1, 0, 1, 9), [-1, 0, 1, 1]);
  assertEquals(at("wasserstein", 1, 3, 5), [-1, 0, 1]);
  assertEquals(at("minimax", -50, 0, 50), [-1, 0, 1]);
});

Deno.test("Trainer.change() keeps the weights if it can, and starts over otherwise", async () => {
  await useBackend("cpu", { quiet: true });
  const settings = { ...DEFAULTS, ...small };
  const trainer = new Trainer(settings);
  const first = weightsOf(trainer.parts.generator);
  trainer.step();
  const trained = weightsOf(trainer.parts.generator);
  const live: Partial<GameSettings> = { loss: "hinge", generatorRate: 0.1, shape: "line", batch: 8, discriminatorSteps: 3 };
  assertEquals(trainer.change({ ...settings, ...live }), false);
  assertEquals(weightsOf(trainer.parts.generator), trained);
  assertEquals([trainer.parts.settings.loss, trainer.parts.generatorOptimizer.learningRate], ["hinge", 0.1]);
  trainer.step();
  assert(trainer.finite);
  trainer.restart();
  assertEquals(weightsOf(trainer.parts.generator), first);
  assertEquals(trainer.change({ ...settings, ...live, latent: 2 }), true);
  assertEquals(trainer.parts.generator.inputs[0]!.shape, [null, 2]);
  trainer.dispose();
});

Deno.test("Trainer leaks no tensors", async () => {
  await useBackend("cpu", { quiet: true });
  const before = tf.memory().numTensors;
  const trainer = new Trainer({ ...DEFAULTS, ...small, loss: "wasserstein" });
  trainer.step();
  trainer.look();
  const during = tf.memory().numTensors;
  trainer.step();
  trainer.stepDiscriminator();
  trainer.stepGenerator();
  trainer.look();
  assertEquals(tf.memory().numTensors, during);
  trainer.restart();
  trainer.change({ ...DEFAULTS, ...small, seed: 3 });
  trainer.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("mixtureOf() spaces a drawing evenly, keeps it in the plane, and bounds its size", () => {
  const { means } = mixtureOf("drawn", [[-1, 0, 1, 0], [0, 2]]);
  assertEquals(means.length, 22);
  for (let i = 1; i < 20; i++) assertAlmostEquals(means[i]![0] - means[i - 1]![0], 0.1, 1e-9);
  assertEquals(means.at(-1), [0, 2]);
  assertEquals(mixtureOf("drawn", []).means, [[0, 0]]);
  assertEquals(mixtureOf("drawn", [[99, -99]]).means, [[3, -3]]);
  const scribble = Array.from({ length: 2000 }, (_, i) => i % 4 < 2 ? -3 : 3);
  assertLess(mixtureOf("drawn", [scribble]).means.length, 500);
  for (const shape of SHAPES) {
    assert(mixtureOf(shape, []).means.every((mean) => Math.max(...mean.map(Math.abs)) < 2.8), `${shape} fits into the plane`);
  }
});

Deno.test("measure() tells a perfect copy, a shift and a collapse apart", () => {
  const ring = mixtureOf("ring", []);
  const real = Float32Array.from({ length: 160 }, (_, i) => ring.means[(i >> 1) % 8]![i % 2]!);
  const { distance, coverage, precision, heaps } = measure(real, real, ring);
  assertEquals({ distance, coverage, precision, heaps }, {
    distance: 0,
    coverage: 1,
    precision: 1,
    heaps: { covered: 8, of: 8 },
  });
  const shifted = real.map((value, i) => i % 2 === 0 ? value + 1 : value);
  // The mean of |cos| over 12 directions: a shift by 1 seen from all sides.
  assertAlmostEquals(slicedDistance(real, shifted), 2 / Math.PI, 0.01);
  const collapsed = Float32Array.from({ length: 160 }, (_, i) => ring.means[3]![i % 2]!);
  const found = measure(real, collapsed, ring);
  assertEquals([found.coverage, found.precision, found.heaps], [1 / 8, 1, { covered: 1, of: 8 }]);
  assertEquals(coveredHeaps(collapsed, ring), 1);
});

Deno.test("fromLink() reads what toLink() writes, and ignores what is not valid", () => {
  const strokes = [[0, 1, -0.25, 2.5], [-1, -1]];
  const settings: GameSettings = { ...DEFAULTS, shape: "drawn", strokes, loss: "hinge", generatorRate: 0.0003, seed: 12 };
  assertEquals(fromLink(`#${toLink(settings)}`), settings);
  assertEquals(toLink(DEFAULTS), "");
  const hostile = "#shape=__proto__&loss=x&seed=-5&latent=1e9&generatorUnits=NaN&beta1=&strokes=1.2.zz_9999.1_<b>&toString=1";
  assertEquals(fromLink(hostile), { ...DEFAULTS, seed: 0, latent: 32, strokes: [[0.01, 0.02]] });
  assertLess(fromLink(`#strokes=${"1.".repeat(50_000)}`).strokes[0]!.length, 5000);
});

Deno.test("toProgram() writes a program that runs", () =>
  withFolder(async (folder) => {
    const program = toProgram({ ...DEFAULTS, shape: "moons", loss: "wasserstein" });
    const mod = new URL("../../mod.ts", import.meta.url).href;
    await Deno.writeTextFile(
      join(folder, "game.ts"),
      program.replace("jsr:@forger/gan", mod).replace("step <= 1000", "step <= 2"),
    );
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-lock", "--allow-all", join(folder, "game.ts")],
      env: { NO_COLOR: "1", FORGER_BACKEND: "wasm" },
      ...{ stdin: "null", stdout: "null", stderr: "piped" } as const,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
  }));

Deno.test("experiments made to collapse do collapse, and the first one does not", async () => {
  await useBackend("wasm", { quiet: true });
  for (const [name, { collapses }] of Object.entries(PRESETS)) {
    if (!collapses && name !== "works") continue;
    const trainer = new Trainer(settingsOf(name));
    const steps = collapses ? COLLAPSED : 4 * COLLAPSED;
    for (let step = 0; step < steps; step++) trainer.step();
    const look = trainer.look();
    const { heaps, coverage } = look.measures;
    const text = explain({ settings: settingsOf(name), look, earlier: [] });
    if (collapses) {
      assertLess(heaps!.covered, 4, name);
      assertLess(coverage, 0.5, name);
      assertMatch(text, /^(Mode collapse|The points have left the plane)/);
    } else {
      assertGreater(heaps!.covered, 5, name);
      assertGreater(coverage, 0.9, name);
    }
    trainer.dispose();
  }
});

Deno.test("game refuses options that contradict each other, and an existing file, before it bundles anything", () =>
  withFolder(async (folder) => {
    const file = join(folder, "game.html");
    const tried = async (...args: string[]) => {
      const ended = await task("game", args);
      return [ended.status, lastLine(ended)] as const;
    };
    assertEquals(await tried("--overwrite"), [
      2,
      "Option --overwrite has no effect without --out; add --out, or omit --overwrite",
    ]);
    assertEquals((await tried("--out", file, "--no-browser"))[0], 2);
    assertEquals(await tried("--out", "game"), [
      2,
      "Cannot write to game: the game is one HTML file; choose a name that ends in .html with --out",
    ]);
    const folderNamed = join(folder, "folder.html");
    await Deno.mkdir(folderNamed);
    assertStringIncludes((await tried("--out", folderNamed, "--overwrite"))[1], "it is an existing folder; choose another path");
    await Deno.writeTextFile(file, "mine");
    const [status, error] = await tried("--out", file);
    assertEquals(status, 1);
    assertStringIncludes(error, "it exists; use --overwrite to replace it");
    assertEquals(await Deno.readTextFile(file), "mine");
  }));

Deno.test("game --out writes one file that asks for nothing else", () =>
  withFolder(async (folder) => {
    const file = join(folder, "game.html");
    const ended = await task("game", ["--out", file]);
    assertEquals([ended.status, ended.stdout], [0, `The game is in ${file}\n`], ended.stderr);
    const html = await Deno.readTextFile(file);
    assertLess(html.length, 1_000_000);
    assertMatch(html, /http-equiv="Content-Security-Policy" content="default-src 'none'/);
    assert(!/(?:src|href)="(?!data:)/.test(html.replace(/<script[^]*?<\/script>/g, "")));
  }));
