import { assert, assertEquals, assertRejects } from "@std/assert";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { encodeTensorFile } from "../../lib/train/safetensors.ts";
import { checkpointFile, loadState, positionIn } from "../../lib/train/state.ts";
import { testOnBackends } from "../_backends.ts";
import { withFolder } from "../cli/_task.ts";

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
    'started with direction "AtoB", got "BtoA"; keep direction',
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

/** Length of the header of a checkpoint, with the 8 bytes that state it. */
function headerEnd(bytes: Uint8Array<ArrayBuffer>): number {
  return 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
}

testOnBackends("positionIn() reads the position from the header alone", () =>
  withFolder(async (folder) => {
    assertEquals(await positionIn(folder), undefined, "there is no checkpoint");
    await trained(folder, 1);
    const path = checkpointFile(folder);
    const whole = await Deno.readFile(path);
    const { epoch, stepInEpoch, step } = (await positionIn(folder))!;
    assertEquals({ epoch, stepInEpoch, step }, { epoch: 1, stepInEpoch: 0, step: 2 });
    await Deno.truncate(path, headerEnd(whole));
    assertEquals((await positionIn(folder))?.step, 2, "without the values");
    await assertRejects(() => loadState(folder, { networks: {}, optimizers: {} }, {}), RangeError, `Cannot read ${path}`);
    await (await Deno.open(path, { write: true })).truncate(2 ** 40);
    const start = performance.now();
    assertEquals((await positionIn(folder))?.step, 2, "of a file of a tebibyte");
    assert(performance.now() - start < 1000);
  }), ["cpu"]);

testOnBackends("positionIn() refuses every truncated or damaged header", () =>
  withFolder(async (folder) => {
    await trained(folder, 1);
    const path = checkpointFile(folder);
    const whole = await Deno.readFile(path);
    const end = headerEnd(whole);
    for (const length of [0, 1, 7, 8, 9, end >> 1, end - 8]) {
      await Deno.writeFile(path, whole.subarray(0, length));
      const error = await assertRejects(() => positionIn(folder), RangeError, path);
      assert(!error.message.includes("\n"), error.message);
    }
    for (const value of [0, 0x22, 0xff]) {
      await Deno.writeFile(path, whole.slice().fill(value, 8, 20));
      await assertRejects(() => positionIn(folder), RangeError, "its header is not a JSON object");
    }
    await Deno.writeFile(path, whole.slice().fill(255, 0, 8));
    await assertRejects(() => positionIn(folder), RangeError, "expected a header of");
  }), ["cpu"]);

testOnBackends(
  "positionIn() and loadState() refuse files whose header has no position",
  () =>
    withFolder(async (folder) => {
      const path = checkpointFile(folder);
      const notes = [undefined, "", "{", "null", "7", "{}", '{"position":null}', '{"position":{"step":"2"}}'];
      for (const note of notes) {
        const pieces = encodeTensorFile({ arrays: new Map(), texts: note === undefined ? {} : { forger: note } });
        await Deno.writeFile(path, new Blob(pieces).stream());
        await assertRejects(() => positionIn(folder), RangeError, "its header has no position");
        const load = () => loadState(folder, { networks: {}, optimizers: {} }, {});
        await assertRejects(load, RangeError, "its header has no position");
      }
    }),
  ["cpu"],
);

testOnBackends("loadState() refuses values that do not match their checksum", () =>
  withFolder(async (folder) => {
    await trained(folder, 1);
    const path = checkpointFile(folder);
    const whole = await Deno.readFile(path);
    whole[whole.length - 3]! ^= 1;
    await Deno.writeFile(path, whole);
    assertEquals((await positionIn(folder))?.step, 2);
    await assertRejects(() => trained(folder, 2), RangeError, "its values do not match the checksum");
  }), ["cpu"]);
