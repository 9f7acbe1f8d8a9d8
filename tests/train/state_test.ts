import { assert, assertEquals, assertRejects } from "@std/assert";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { testOnBackends } from "../_backends.ts";

type Direction = "AtoB" | "BtoA";

/** Trains to the end of an epoch, from the checkpoint in the folder if there is one.
 * @returns the warnings. */
async function trained(checkpoint: string, epochs: number, direction?: Direction): Promise<string[]> {
  const { direction: _, ...pairs } = toytown({ size: 16, count: 2, ...direction && { direction } });
  const model = pix2pix({ size: 16, filters: 2, layers: 1, depth: 3 });
  try {
    const data = { ...pairs, ...direction && { direction } };
    const events = await Array.fromAsync(model.train(data, { epochs, checkpoint, resume: true }));
    return events.filter((event) => event.type === "warning").map(({ message }) => message);
  } finally {
    model.dispose();
  }
}

testOnBackends("loadState() refuses pairs read in the other direction, and names both directions", async () => {
  const folder = await Deno.makeTempDir();
  await trained(folder, 1, "AtoB");
  await assertRejects(
    () => trained(folder, 2, "BtoA"),
    RangeError,
    'the run has direction "AtoB", got "BtoA"; keep direction as it was',
  );
  assertEquals(await trained(folder, 2, "AtoB"), []);
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends("loadState() accepts checkpoints and data without a direction", async () => {
  const folder = await Deno.makeTempDir();
  await trained(folder, 1);
  assertEquals(await trained(folder, 2, "BtoA"), [], "the direction of toytown");
  assertEquals(await trained(folder, 3), []);
  assert((await Deno.stat(`${folder}/checkpoint.safetensors`)).isFile);
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);
