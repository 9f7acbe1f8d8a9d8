import { assert, assertEquals, assertExists, assertLess, assertMatch } from "@std/assert";
import { join } from "node:path";
import { environmentIn, installKernel } from "../../lib/cli/setup/environment.ts";
import { beside, course, kernelTest, ROOT, texts } from "./_notebooks.ts";

interface Cell {
  status: string;
  text: string;
}

interface Told {
  setup: Cell;
  training: Cell;
  /** From pressing Stop to the end of the cell. */
  seconds: number | null;
  alive: boolean;
  after: Cell;
  alive_after_idle_stop: boolean;
  after_idle_stop?: Cell;
}

/** A training as in the notebook, with a live view, that would go on for hours. */
const TRAINING = `
const pairs = data.toytown({ count: 6, size: 32, seed: 1 });
const model = pix2pix({ size: 32, filters: 4, layers: 1, seed: 1 });
const untrained = model.networks.generator.getWeights()[0]!.dataSync().slice();
const view = plot.live({ seed: 1 });
let steps = 0;
for await (const event of view.follow(model.train(pairs, { epochs: 1e6, seed: 1 }))) {
  if (event.type === "step") steps = event.step;
  if (event.type === "epoch") console.log("epoch", event.epoch);
}
console.log("ended after a step:", steps);`;

/** The model is there, it has learnt something, and it can be used and trained further. */
const AFTER = `
const learnt = model.networks.generator.getWeights()[0]!.dataSync().some((value, i) => value !== untrained[i]);
const picture = await model.translate(tf.zeros([1, 32, 32, 3]) as tf.Tensor4D);
let more = 0;
for await (const event of model.train(pairs, { epochs: 1, seed: 2 })) if (event.type === "step") more++;
console.log(JSON.stringify({ learnt, shape: picture.shape, steps, more }));`;

async function pressStop(setup: string): Promise<Told> {
  const folder = await Deno.makeTempDir({ prefix: "forger-kernel-" });
  try {
    await installKernel(folder, Deno.execPath());
    const child = new Deno.Command(environmentIn(ROOT).python, {
      args: [beside("stop_button.py"), join(ROOT, "notebooks")],
      env: { JUPYTER_PATH: join(folder, "share", "jupyter"), FORGER_SIZE: "test" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify({ setup, training: TRAINING, after: AFTER })));
    await writer.close();
    const { stdout, success } = await child.output();
    assert(success, "stop_button.py did not come to its end");
    return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

kernelTest("the Stop button ends a training well, in a real kernel, and the next cell works", async () => {
  const lesson = (await course()).find(({ name }) => name.endsWith("07_pix2pix.ipynb"));
  assertExists(lesson);
  const told = await pressStop(texts(lesson, "code")[0]!.text); // its own first cell
  assertEquals(told.setup.status, "ok");

  assertEquals(told.training.status, "ok", told.training.text);
  const [, steps] = told.training.text.match(/ended after a step: (\d+)/) ?? [];
  assertLess(Number(steps), 1000, "it was not stopped");
  assertLess(told.seconds!, 30, "it went on for long after Stop");
  assert(told.alive, "Stop ended the kernel");

  assertEquals(told.after.status, "ok", told.after.text);
  assertMatch(told.after.text, new RegExp(`\\{"learnt":true,"shape":\\[1,32,32,3\\],"steps":${steps},"more":6\\}`));

  assert(told.alive_after_idle_stop, "Stop while nothing ran ended the kernel");
  assertEquals(told.after_idle_stop?.text, told.after.text);
});
