/** Compares the games that the systems describe with what their training steps do. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { type Game, type GameUpdate, termsOf } from "../../lib/plot/game.ts";
import type { Optimizer } from "../../lib/optimizers/optimizer.ts";
import { systems } from "../../lib/systems/registry.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import { defaultsOf } from "../../lib/settings.ts";
import * as tf from "../../lib/tf.ts";
import { Session } from "../../lib/train/model.ts";
import { batchOf, buildSmall, SMALL, type Small } from "./_small.ts";

/** Tensors of the batch, by the names that the games give to them. Noise is not part of a batch. */
const TENSORS: Record<string, string> = {
  ...{ "small images": "images", "wrong conditions": "conditions", "images of X": "a", "images of Y": "b" },
};

interface Step {
  losses: Record<string, number>;
  /** Names of the networks that each update changed, in order. */
  changed: string[][];
  /** The weights after the step. */
  weights: Record<string, string>;
}

/** Runs one step of a new model, whose initial weights are replaced by larger ones.
 * @param network Name of a network that gets other weights.
 * @param tensor Name of a tensor of the batch that gets other values. */
function stepOf(
  small: Small,
  { phase, learningRate = 0, network, tensor }: { phase: number; learningRate?: number; network?: string; tensor?: string },
): Step {
  const model = buildSmall(small);
  for (const [name, one] of Object.entries(model.networks)) disturb(one, name === network ? 50 : 0);
  const options = { epochs: 2, sketchEpochs: 1, batch: 2, seed: 1, learningRate };
  const session = new Session(model.networks, options);
  // deno-lint-ignore no-explicit-any -- start is protected
  const step = (model as any).start(session, options) as (batch: object) => Record<string, tf.Scalar>;
  session.beginEpoch(phase);
  const changed: string[][] = [];
  for (const optimizer of learningRate > 0 ? Object.values(session.trained.optimizers) : []) {
    const apply = optimizer.apply.bind(optimizer);
    optimizer.apply = (gradients: Parameters<Optimizer["apply"]>[0]) => {
      const before = weightsOf(model.networks);
      apply(gradients);
      const after = weightsOf(model.networks);
      changed.push(Object.keys(before).filter((name) => before[name] !== after[name]).sort());
    };
  }
  const batch = batchOf(small, tensor);
  const losses = step(batch);
  const numbers = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
  tf.dispose([batch, losses] as unknown as tf.TensorContainer);
  const weights = weightsOf(model.networks);
  session.dispose();
  model.dispose();
  return { losses: numbers, changed, weights };
}

function weightsOf(networks: SomeModel["networks"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(networks).map(([name, network]) => [name, network.trainableWeights.map((w) => w.read().dataSync()).join()]),
  );
}

/** Replaces all weights of a network by random numbers. */
function disturb(network: tf.LayersModel, seed: number): void {
  for (const [i, weight] of network.trainableWeights.entries()) {
    weight.write(tf.randomNormal(weight.shape as number[], 0, 0.3, "float32", seed + i + 1));
  }
}

/** Returns the updates of each phase of a run. */
function phasesOf({ updates }: Game): GameUpdate[][] {
  return [...Map.groupBy(updates, ({ phase }) => phase).values()];
}

for (const small of SMALL) {
  Deno.test(`the game of ${small.name} is the one that its step plays`, () => {
    const model = buildSmall(small);
    const game = model.game()!;
    const names = Object.keys(model.networks);
    model.dispose();
    const used = new Set(Object.values(game.networks));
    assertEquals(names.filter((name) => !used.has(name)), small.settings["adversarial"] === false ? ["discriminator"] : []);
    for (const [phase, updates] of phasesOf(game).entries()) {
      const networksOf = (letters: readonly string[]) => letters.map((letter) => game.networks[letter]!).sort();
      const { losses, changed } = stepOf(small, { phase, learningRate: 0.01 });
      assertEquals(changed, updates.flatMap(({ trains, times = 1 }) => Array(times).fill(networksOf(trains))));
      assertEquals(Object.keys(losses).sort(), updates.flatMap((update) => Object.keys(update.losses)).sort());
      // With a learning rate of 0, a loss depends on what it is computed from, and on nothing else.
      const base = stepOf(small, { phase }).losses;
      const dependsOn = (other: Step) => Object.keys(base).filter((name) => base[name] !== other.losses[name]);
      const found = Object.fromEntries(Object.keys(base).map((name) => [name, [] as string[]]));
      for (const name of names) {
        for (const loss of dependsOn(stepOf(small, { phase, network: name }))) found[loss]!.push(name);
      }
      for (const tensor of Object.keys(small.batch)) {
        for (const loss of dependsOn(stepOf(small, { phase, tensor }))) found[loss]!.push(tensor);
      }
      for (const [loss, declared] of Object.entries(declaredIn(game, updates, Object.keys(small.batch)))) {
        assertEquals(found[loss]!.sort(), declared, `what ${loss} is computed from`);
      }
    }
  });
}

/** Returns the networks and the tensors of the batch from which each loss is computed, according to the formulas. */
function declaredIn({ given, networks }: Game, updates: GameUpdate[], batch: string[]): Record<string, string[]> {
  const all = updates.flatMap(({ losses }) => Object.entries(losses));
  return Object.fromEntries(all.map(([name, of]) => {
    const letters = termsOf({ losses: { [name]: of } }).map((term) => term.name);
    const sources = letters.map((letter) => networks[letter] ?? TENSORS[given[letter]!] ?? given[letter]!);
    const known = [...Object.values(networks), ...batch];
    return [name, [...new Set(sources)].filter((source) => known.includes(source)).sort()];
  }));
}

Deno.test("the game of BicycleGAN says that the loss of the code changes only G", () => {
  const small = SMALL.find(({ kind }) => kind === "bicyclegan")!;
  const [without, large] = [0, 1000].map((latentWeight) =>
    stepOf({ ...small, settings: { ...small.settings, latentWeight } }, { phase: 0, learningRate: 0.01 }).weights
  );
  assertEquals(without!["encoder"], large!["encoder"]);
  assertNotEquals(without!["generator"], large!["generator"]);
  assertEquals(buildSmall(small).game()!.updates[0]!.only, { code: ["G"] });
});

Deno.test("every registered system describes its game", () => {
  for (const { kind, game, fields } of systems()) assertEquals(game!(defaultsOf(fields))!.updates.length > 0, true, kind);
});
