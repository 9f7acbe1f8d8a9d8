/** Counts of what a training step consists of. Unlike times, they are the same on every machine, so that a step that gets dearer
 * is noticed. */
import { assert, assertThrows } from "@std/assert";
import { Context } from "../../lib/backend/tensorflow/context.ts";
import { Graph } from "../../lib/backend/tensorflow/graph.ts";
import { tf } from "../../mod.ts";
import { testOnBackends } from "../_backends.ts";
import { traineeOf } from "./data.ts";
import { type Configuration, type SystemName, SYSTEMS } from "./rows.ts";

/** Factor by which a count may differ from the expected one. */
const TOLERANCE = 1.5;
const STEPS = 3;

/** Counts of a compiled step: nodes of its graphs, MiB of the nodes' outputs, and calls of TensorFlow, each of which runs a graph
 * or a single op. */
type Compiled = Record<"nodes" | "mebibytes" | "calls", number>;
/** Counts of a step that is not compiled: kernels that ran, MiB that they allocated, and the largest number of MiB in use. */
type Eager = Record<"kernels" | "mebibytes" | "peak", number>;

/** Expected counts. If a step got cheaper, copy the new counts from the message of the failed test. */
const EXPECTED: Record<SystemName, { compiled: Compiled; eager: Eager }> = {
  "pix2pix": { compiled: { nodes: 1800, mebibytes: 4.74, calls: 1 }, eager: { kernels: 3190, mebibytes: 16.3, peak: 4.25 } },
  "cyclegan": { compiled: { nodes: 15000, mebibytes: 53.4, calls: 6 }, eager: { kernels: 15800, mebibytes: 122, peak: 40.2 } },
  "conditional-gan": {
    compiled: { nodes: 950, mebibytes: 3.24, calls: 1 },
    eager: { kernels: 1020, mebibytes: 9.29, peak: 2.71 },
  },
  "bicyclegan": { compiled: { nodes: 9450, mebibytes: 14.2, calls: 1 }, eager: { kernels: 9910, mebibytes: 38.9, peak: 5.83 } },
  "stackgan": { compiled: { nodes: 3250, mebibytes: 7.77, calls: 1 }, eager: { kernels: 4170, mebibytes: 17.9, peak: 3.78 } },
};

const sizeFor = (system: SystemName): Configuration => ({ size: system === "conditional-gan" ? 28 : 32, filters: 4, batch: 2 });
const MEBI = 2 ** 20;

/** Trains for a few steps, and calls `after` at the end of each. */
async function train(system: SystemName, after: (step: number) => void): Promise<void> {
  const configuration = sizeFor(system);
  const { model, data, options } = traineeOf(system, configuration, STEPS);
  const { batch } = configuration;
  for await (const event of model.train(data, { epochs: 1, batch, augment: false, ...options })) {
    if (event.type === "step") after(event.step);
  }
  data.dispose();
  model.dispose();
}

/** Calls `count` before each call of a method. */
function watch<T extends object, K extends keyof T & string>(type: { prototype: T }, name: K, count: (result: unknown) => void) {
  const method = type.prototype[name] as (...args: unknown[]) => unknown;
  const watched = function (this: T, ...args: unknown[]) {
    const result = method.apply(this, args);
    count(result);
    return result;
  };
  type.prototype[name] = watched as T[K];
  return () => void (type.prototype[name] = method as T[K]);
}

async function countCompiled(system: SystemName): Promise<Compiled> {
  const counts = { nodes: 0, mebibytes: 0, calls: 0 };
  const addOutputs = (outputs: unknown) => {
    for (const { shape } of outputs as { shape: number[] }[]) counts.mebibytes += 4 * tf.util.sizeFromShape(shape) / MEBI;
  };
  const restore = [
    watch(Graph, "node", () => counts.nodes++),
    watch(Graph, "constant", () => counts.nodes++),
    watch(Graph, "outputs", addOutputs),
    watch(Context, "execute", () => counts.calls++),
  ];
  try {
    let before = 0;
    await train(system, (step) => {
      if (step < STEPS) before = counts.calls;
      else counts.calls -= before;
    });
    return counts;
  } finally {
    restore.forEach((undo) => undo());
  }
}

async function countEager(system: SystemName): Promise<Eager> {
  const { kernels, peakBytes } = await tf.profile(async () => void await train(system, () => {}));
  const bytes = kernels.reduce((sum, { bytesAdded }) => sum + bytesAdded, 0);
  return { kernels: Math.round(kernels.length / STEPS), mebibytes: bytes / STEPS / MEBI, peak: peakBytes / MEBI };
}

function assertSame<C extends Record<string, number>>(system: SystemName, kind: string, got: C, expected: C): void {
  const rounded = Object.entries(got).map(([name, count]) => `${name}: ${Number(count.toPrecision(3))}`).join(", ");
  for (const [name, count] of Object.entries(got)) {
    const ratio = count / expected[name]!;
    const what = ratio > 1 ? "more" : "fewer";
    assert(
      ratio <= TOLERANCE && ratio >= 1 / TOLERANCE,
      `a step of ${system} has ${what} ${name} than expected: ${ratio.toFixed(2)} times ${expected[name]}; ` +
        `if this is intended, write ${kind}: { ${rounded} }`,
    );
  }
}

Deno.test("a step that got 1.5 times dearer, or cheaper, is noticed", () => {
  const compare = (calls: number) => () => assertSame("pix2pix", "compiled", { calls }, { calls: 100 });
  for (const calls of [70, 100, 149]) compare(calls)();
  assertThrows(
    compare(151),
    Error,
    "more calls than expected: 1.51 times 100; if this is intended, write compiled: { calls: 151 }",
  );
  assertThrows(compare(66), Error, "fewer calls");
});

for (const system of SYSTEMS) {
  testOnBackends(`a compiled step of ${system} has as many nodes, bytes and calls as expected`, async () => {
    assertSame(system, "compiled", await countCompiled(system), EXPECTED[system].compiled);
  }, ["tensorflow"]);

  testOnBackends(`a step of ${system} runs as many kernels and allocates as many bytes as expected`, async () => {
    assertSame(system, "eager", await countEager(system), EXPECTED[system].eager);
  }, ["wasm"]);
}
