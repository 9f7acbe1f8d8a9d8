import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { setPrecision } from "../../../lib/backend/tensorflow/precision.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { toytown } from "../../../data/mod.ts";
import { pix2pix } from "../../../lib/systems/pix2pix.ts";
import { withFolder } from "../../cli/_task.ts";

const SETTINGS = { size: 64, filters: 16, seed: 1 } as const;

/** Returns why bfloat16 cannot be used on this machine, or `undefined` if it can. */
const reason = await useBackend("tensorflow", { quiet: true, precision: "bfloat16" }).then(
  () => undefined,
  ({ message }) => message,
);
if (reason) console.warn(`Tests of bfloat16 are skipped: ${reason}`);

function test(name: string, run: () => Promise<void>): void {
  Deno.test({
    name,
    ignore: reason !== undefined,
    async fn() {
      await run().finally(() => setPrecision("float32"));
    },
  });
}

/** Trains a model for some epochs of four steps.
 * @returns The losses of each step, and the weights of the generator. */
async function train(epochs: number, precision: "float32" | "bfloat16", checkpoint?: string, resume = false) {
  await useBackend("tensorflow", { quiet: true, precision });
  const model = pix2pix(SETTINGS);
  const pairs = toytown({ size: 64, count: 4, seed: 1 });
  const losses: Record<string, number>[] = [];
  const options = { epochs, seed: 1, ...checkpoint !== undefined && { checkpoint, resume } };
  for await (const event of model.train(pairs, options)) if (event.type === "step") losses.push(event.losses);
  const weights = model.networks.generator.getWeights().map((weight) => weight.dataSync().slice());
  model.dispose();
  return { losses, weights };
}

test("bfloat16 changes the losses of the first step by less than 1%, and the weights stay float32", async () => {
  const [full, reduced] = [await train(1, "float32"), await train(1, "bfloat16")];
  for (const [name, value] of Object.entries(full.losses[0]!)) {
    assertAlmostEquals(reduced.losses[0]![name]!, value, 0.01 * Math.abs(value), name);
  }
  assertNotEquals(reduced.losses[0], full.losses[0]);
  const bits = new Uint32Array(Float32Array.from(reduced.weights[0]!).buffer);
  assert(bits.some((value) => (value & 0xffff) !== 0), "the weights have the 8 bits of bfloat16 only");
});

test("a run in bfloat16 that is resumed ends bit for bit as without a stop, and is not resumed in float32", () =>
  withFolder(async (folder) => {
    await train(1, "bfloat16", folder);
    const resumed = await train(2, "bfloat16", folder, true);
    assertEquals(resumed.weights, (await train(2, "bfloat16")).weights);
    await assertRejects(() => train(3, "float32", folder, true), RangeError, 'precision "bfloat16", got "float32"');
  }));

Deno.test("bfloat16 is refused on backends other than tensorflow", async () => {
  for (const backend of ["wasm", "cpu"] as const) {
    await assertRejects(() => useBackend(backend, { quiet: true, precision: "bfloat16" }), Error, "only the backend tensorflow");
  }
});
