import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { figure, line } from "../../lib/plot/figure.ts";
import { imageGrid } from "../../lib/plot/grid.ts";
import { PLOTLY_TYPE } from "../../lib/plot/png.ts";
import { live, show } from "../../lib/plot/show.ts";
import { memoryOutlet, pixelsOf, solid, stepEvent, training } from "./_helpers.ts";

const small = () => figure([line([1, 2], [3, 4], { name: "a", colour: "#0072b2" })], { title: "Small" });

Deno.test("show() displays a figure as Plotly spec and as PNG", async () => {
  const outlet = memoryOutlet();
  await show(small(), { outlet });
  const { data, metadata } = outlet.shown[0]!.output;
  assertEquals(Object.keys(data), [PLOTLY_TYPE, "image/png", "text/plain"]);
  assertEquals((data[PLOTLY_TYPE] as { data: { y: number[] }[] }).data[0]!.y, [3, 4]);
  const pixels = await pixelsOf(Uint8Array.fromBase64(data["image/png"] as string));
  assertEquals(metadata, { "image/png": { width: 860, height: 460 } });
  assertEquals([pixels.width, pixels.height], [860, 460]);
});

Deno.test("show() displays the promise of a grid, and an image", async () => {
  const outlet = memoryOutlet();
  await show(imageGrid([[solid([255, 0, 0])]], { scale: 2 }), { outlet });
  await show(solid([0, 255, 0], 5), { outlet });
  const [grid, image] = await Promise.all(
    outlet.shown.map(({ output }) => pixelsOf(Uint8Array.fromBase64(output.data["image/png"] as string))),
  );
  assertEquals(grid!.count([255, 0, 0]), 256);
  assertEquals(image!.count([0, 255, 0]), 200 ** 2, "enlarged to 200 pixels");
});

Deno.test("show() prints a line in a terminal and writes the file", async () => {
  const lines: string[] = [];
  const print = (text: string): void => void lines.push(text);
  const folder = await Deno.makeTempDir();
  try {
    await show(small(), { print });
    await show(small(), { print, file: `${folder}/a.png` });
    await show(small(), { print, file: `${folder}/a.svg` });
    assertEquals(lines.length, 3);
    assertStringIncludes(lines[0]!, "Small: a");
    assertStringIncludes(lines[1]!, `saved as ${folder}/a.png`);
    assertEquals((await pixelsOf(await Deno.readFile(`${folder}/a.png`))).width, 1290);
    assertStringIncludes(await Deno.readTextFile(`${folder}/a.svg`), "<svg");
    await show(small(), { print, file: `${folder}/b.SVG` });
    assertStringIncludes(await Deno.readTextFile(`${folder}/b.SVG`), "<svg");
    await assertRejects(() => show(small(), { file: `${folder}/a.jpg` }), TypeError, "must end in .png or .svg");
    await assertRejects(() => show(imageGrid([[solid([0, 0, 0])]]), { file: "a.svg" }), TypeError, "must end in .png");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("show() uses one view per training run", async () => {
  const outlet = memoryOutlet();
  for await (const event of training()) await show(event, { outlet });
  assertEquals(outlet.last().size, 3);
  for await (const event of training()) await show(event, { outlet });
  assertEquals(outlet.last().size, 6);
  // A run that is continued after its last epoch gets a new view.
  await show(stepEvent(21, { steps: 30 }), { outlet });
  assertEquals(outlet.last().size, 8);
  await show({ type: "epoch", epoch: 3, epochs: 3, step: 21, losses: {}, seconds: 1 }, { outlet });
  const lines: string[] = [];
  await show(stepEvent(22), { print: (text) => void lines.push(text) });
  assertEquals(outlet.last().size, 8);
});

Deno.test("show() returns a promise that the kernel awaits and does not print", async () => {
  const outlet = memoryOutlet();
  const promise = show(small(), { outlet }) as Promise<void> & Record<symbol, () => Promise<unknown>>;
  assertEquals(outlet.shown.length, 0);
  assertEquals(await promise[Symbol.for("Jupyter.display")]!(), {});
  assertEquals(outlet.shown.length, 1);
});

Deno.test("show() throws on other values", async () => {
  await assertRejects(() => show(3 as never), TypeError, "Cannot show a number");
  await assertRejects(() => show(null as never), TypeError, "Cannot show null");
});

const printer = (): { lines: string[]; print: (line: string) => void } => {
  const lines: string[] = [];
  return { lines, print: (line) => void lines.push(line) };
};

Deno.test("live() prints one line per epoch and sample in a terminal", async () => {
  const { lines, print } = printer();
  await live({ print }).watch(training());
  assertEquals(lines.map((line) => line.split(" · ")[0]), [
    "Samples before training: 2 images",
    "Epoch 1 of 2",
    "Samples after epoch 1: 2 images",
    "Epoch 2 of 2",
    "Samples after epoch 2: 2 images",
  ]);
});

Deno.test("watch() returns the losses of all steps", async () => {
  const history = await live({ print: () => {} }).watch(training());
  const points = [...history];
  assertEquals(points.map((point) => point.step), Array.from({ length: 20 }, (_, i) => i + 1));
  assertEquals(points.map((point) => point.losses.l1), Array.from({ length: 20 }, (_, i) => 1 / (i + 1)));
});

Deno.test("follow() yields every event and ends the view after a break", async () => {
  let seen = 0;
  for await (const event of live({ print: () => {} }).follow(training())) if (event.type === "step") seen++;
  assertEquals(seen, 20);

  const outlet = memoryOutlet();
  for await (const event of live({ outlet }).follow(training())) if (event.step === 5) break;
  const losses = [...outlet.last().values()][1]!.data;
  assert(PLOTLY_TYPE in losses, "the figure is interactive after a break");
  const [trace] = (losses[PLOTLY_TYPE] as { data: { x: number[] }[] }).data;
  assertEquals(trace!.x, [1, 2, 3, 4, 5]);
});

Deno.test("follow() rethrows an error of the training run", async () => {
  async function* broken() {
    yield stepEvent(1);
    await Promise.resolve();
    throw new Error("the loss is NaN");
  }
  const { lines, print } = printer();
  await assertRejects(() => live({ print }).watch(broken()), Error, "the loss is NaN");
  assertEquals(lines, []);
  assertStringIncludes(String(live), "function live");
});
