import { assertEquals, assertRejects } from "@std/assert";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import type { TrainEvent } from "../../lib/events.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import { testOnBackends } from "../_backends.ts";

const SETTINGS = { size: 16, filters: 2, layers: 1, depth: 3 };
const ALREADY = "Cannot train: this model is being trained already";

function training(model: Pix2Pix, options: { epochs: number; checkpoint?: string }): AsyncGenerator<TrainEvent> {
  return model.train(toytown({ size: 16, count: 2 }), options);
}

testOnBackends("train() refuses a model in training, and takes it again when that training has ended or was left", async () => {
  const [model, other] = [pix2pix(SETTINGS), pix2pix(SETTINGS)];
  const first = training(model, { epochs: 1 });
  await first.next();
  await assertRejects(() => training(model, { epochs: 1 }).next(), Error, ALREADY);
  await assertRejects(() => training(model, { epochs: 1 }).next(), Error, ALREADY, "the refused one frees nothing");
  assertEquals((await Array.fromAsync(training(other, { epochs: 1 }))).length, 3, "another model may be trained meanwhile");
  assertEquals((await Array.fromAsync(first)).length, 2, "the first goes on");
  for await (const _ of training(model, { epochs: 1 })) break;
  await Array.fromAsync(training(model, { epochs: 1 }));
  for (const used of [model, other]) used.dispose();
}, ["cpu"]);

testOnBackends("train() refuses the second of two that begin at once, and frees a model whose folder is taken", async () => {
  const folder = await Deno.makeTempDir();
  const [model, other] = [pix2pix(SETTINGS), pix2pix(SETTINGS)];
  const holder = training(other, { epochs: 1, checkpoint: folder });
  await holder.next();
  await assertRejects(
    () => training(model, { epochs: 1, checkpoint: folder }).next(),
    Error,
    "another training is writing there",
  );
  const [first, second] = [training(model, { epochs: 1 }), training(model, { epochs: 1 })];
  const results = await Promise.allSettled([first.next(), second.next()]);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected"]);
  await first.return(undefined);
  await holder.return(undefined);
  for (const used of [model, other]) used.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);
