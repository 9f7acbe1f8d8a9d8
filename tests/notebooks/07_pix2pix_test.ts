import { assertEquals, assertGreater, assertLess, assertLessOrEqual, assertMatch } from "@std/assert";
import { join } from "node:path";
import { executeNotebook } from "../../notebooks/tools/execute.ts";
import { type Notebook, readNotebook, whole } from "../../notebooks/tools/notebook.ts";
import { slimNotebook } from "../../notebooks/tools/slim.ts";
import { kernelTest, numbersIn, outputsOf, ROOT, rowsOf, textOf } from "./_notebooks.ts";

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

  // However many steps, the live view has one line, one figure, one grid, one map.
  const live = outputsOf(notebook, "train");
  assertEquals(live.length, 4);
  assertMatch(textOf(notebook, "train"), /100% · step 32 of 32/);
  assertEquals(live.map(({ data }) => PLOTLY in data!), [false, true, false, true]);
  assertEquals(live.slice(1).map(({ data }) => "image/png" in data!), [true, true, true]);
  assertEquals(textOf(notebook, "resume"), "Steps: 5, 6, 7, 8, 9, 10, 11, 12\n");
});

kernelTest("solutions/07_pix2pix.ipynb runs to its end, and its answers are right", async () => {
  const notebook = await atTestSize(SOLUTIONS);
  for (const id of ["check-verdicts", "check-objective", "check-step"]) assertMatch(textOf(notebook, id), /^Right: /);
});

Deno.test("07_pix2pix.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await readNotebook(LESSON);
  const [photo, flat, other] = rowsOf(textOf(notebook, "l1")).flat() as [number, number, number];
  assertEquals(photo, 0);
  assertLess(Math.abs(flat / other - 1), 0.2); // "differ little"
  assertEquals(textOf(notebook, "field").trim(), "70");
  assertEquals(numbersIn(textOf(notebook, "reach")), [70, 128]);

  const [before, after] = numbersIn(textOf(notebook, "d-move"));
  assertLess(Math.abs(before! - Math.LN2), 0.1); // "not far from 0.69"
  assertLess(after!, before!);
  assertGreater(Number(textOf(notebook, "d-moved").match(/0\.00019 to 0\.00021\W+([\d.]+)%/)![1]), 95); // "nearly all of them"
  const [start, end] = rowsOf(textOf(notebook, "g-move"));
  assertLess(end![2]!, start![2]!); // "the sum went down"
  for (const distance of numbersIn(textOf(notebook, "weights"))) assertLess(distance, 2e-6);

  const [dice, error] = numbersIn(textOf(notebook, "dice").replaceAll("L1", ""));
  assertLess(dice!, error! / 5); // "one of details"
  const means = outputsOf(notebook, "verdicts").map(({ data }) =>
    Number(whole(data!["text/plain"] as string).match(/mean ([\d.]+)/)![1])
  );
  assertGreater(means[0]!, means[1]!); // "surer of the photo"
});

Deno.test("07_pix2pix.ipynb keeps loss curves that bear out what its prose says of them", async () => {
  const notebook = await readNotebook(LESSON);
  const figure = outputsOf(notebook, "curves").find(({ data }) => data?.[PLOTLY])!.data![PLOTLY] as {
    data: { name: string; y: number[] }[];
  };
  const curve = (name: string) => figure.data.find((trace) => trace.name === name)!.y;
  for (const name of ["adversarial", "discriminator"]) { // "after some epochs they hardly move"
    const late = curve(name).slice(curve(name).length / 2);
    assertLess(Math.max(...late) / Math.min(...late), 1.25, name);
  }
  assertLess(curve("l1").at(-1)!, curve("l1")[0]!);
  assertGreater(curve("discriminator").at(-1)!, 0.1); // "nobody has won"
  assertLess(curve("adversarial").at(-1)!, 4);

  const scores = rowsOf(textOf(notebook, "curves")); // epoch, l1, ssim: before, and after five epochs
  assertEquals(scores.length, 6);
  const [none, , second, , , last] = scores as [number[], number[], number[], number[], number[], number[]];
  assertGreater((none[1]! - second[1]!) / (none[1]! - last[1]!), 0.75); // "falls at once and then says little"
  assertLessOrEqual((second[2]! - none[2]!) / (last[2]! - none[2]!), 0.85); // "ssim sees more of what came later"
});
