import { assertEquals, assertGreater, assertLess, assertLessOrEqual, assertMatch } from "@std/assert";
import { join } from "node:path";
import { executeNotebook } from "../../notebooks/tools/execute.ts";
import { type Notebook, readNotebook } from "../../notebooks/tools/notebook.ts";
import { slimNotebook } from "../../notebooks/tools/slim.ts";
import { kernelTest, outputsOf, ROOT, rowsOf, textOf } from "./_notebooks.ts";

const LESSON = join(ROOT, "notebooks", "07_pix2pix.ipynb");
const SOLUTIONS = join(ROOT, "notebooks", "solutions", "07_pix2pix.ipynb");
const PLOTLY = "application/vnd.plotly.v1+json";

async function atTestSize(path: string): Promise<Notebook> {
  return await slimNotebook((await executeNotebook(path, { root: ROOT, size: "test" })).notebook);
}

kernelTest("07_pix2pix.ipynb runs to its end on the Deno kernel, and its checks say what is to be done", async () => {
  const notebook = await atTestSize(LESSON);
  assertEquals(textOf(notebook, "check-verdicts"), "Not yet: put a number in the place of each NaN");
  assertEquals(textOf(notebook, "check-objective"), 'Not yet: "Your turn"');
  assertEquals(textOf(notebook, "check-step"), 'Not yet: "Your turn"');

  // However many steps, the live view has one line, one figure, one grid.
  const live = outputsOf(notebook, "train");
  assertEquals(live.length, 3);
  assertMatch(textOf(notebook, "train"), /100% · step 32 of 32/);
  assertEquals(live.map(({ data }) => PLOTLY in data!), [false, true, false]);
  assertEquals(live.slice(1).map(({ data }) => "image/png" in data!), [true, true]);
  assertMatch(textOf(notebook, "stop"), /^stopped: +4 steps.*\nresumed: +8 steps, from step 5.*\nnot stopped: +12 steps/);
});

kernelTest("solutions/07_pix2pix.ipynb runs to its end, and its answers are right", async () => {
  const notebook = await atTestSize(SOLUTIONS);
  for (const id of ["check-verdicts", "check-objective", "check-step"]) assertMatch(textOf(notebook, id), /^Right: /);
});

Deno.test("07_pix2pix.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await readNotebook(LESSON);
  const [photo, labels, flat, other] = rowsOf(textOf(notebook, "l1")).flat() as [number, number, number, number];
  assertEquals(photo, 0);
  assertGreater(labels, 2 * flat);
  assertLess(Math.abs(flat / other - 1), 0.2); // `total-about`: a uniform colour is about as good as another photo
  const [two, three, four, five] = textOf(notebook, "untrained").match(/(?<=: )[\d.]+/g)!.map(Number);
  assertGreater(Math.min(two!, four!), 5 * Math.max(three!, five!)); // `untrained-read`: the noise has periods of 2 and 4

  // `agreement-about`: the frozen network does not move, D moves by the learning rate, and G by less
  const [ofD, ofG] = rowsOf(textOf(notebook, "step")) as [[number, number], [number, number]];
  assertEquals([ofD[0], ofG[1]], [0, 0]);
  assertLess(Math.abs(ofD[1] / 0.0002 - 1), 0.05);
  assertLess(ofG[0], 0.0002);
  const [sgd, adam] = textOf(notebook, "halved").match(/[\d.]+$/gm)!.map(Number);
  assertLess(Math.abs(sgd! - 2), 0.2);
  assertLess(Math.abs(adam! - 1), 0.02);

  const [noise, error] = textOf(notebook, "unseen").match(/(?<=: +)0\.\d+/g)!.map(Number);
  assertLess(noise!, error! / 5); // `unseen-read`: little, compared with the error
  const [, resumed, whole] = textOf(notebook, "stop").trim().split("\n").map((line) => line.split(": ").at(-1));
  assertEquals(resumed, whole);
});

Deno.test("07_pix2pix.ipynb keeps loss curves that bear out what its prose says of them", async () => {
  const notebook = await readNotebook(LESSON);
  const figure = outputsOf(notebook, "curves").find(({ data }) => data?.[PLOTLY])!.data![PLOTLY] as {
    data: { name: string; y: number[] }[];
  };
  const curve = (name: string) => figure.data.find((trace) => trace.name === name)!.y;
  for (const name of ["adversarial", "discriminator"]) { // `curves-read`: after a few epochs they hardly change
    const late = curve(name).slice(curve(name).length / 2);
    assertLess(Math.max(...late) / Math.min(...late), 1.25, name);
  }
  assertLess(curve("l1").at(-1)!, curve("l1")[0]!);
  assertGreater(curve("discriminator").at(-1)!, 0.1); // `curves-read`: neither network dominates
  assertLess(curve("adversarial").at(-1)!, 4);

  const scores = rowsOf(textOf(notebook, "curves")); // l1, ssim: before, and after three of the epochs
  assertEquals(scores.length, 4);
  const [none, first, , last] = scores as [number[], number[], number[], number[]];
  assertGreater((none[0]! - first[0]!) / (none[0]! - last[0]!), 0.7); // `curves-read`: then L1 changes little
  assertLessOrEqual((first[1]! - none[1]!) / (last[1]! - none[1]!), 0.7); // `curves-read`: SSIM changes more
});
