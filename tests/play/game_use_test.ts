/** Frames, layers, distributions, divergence and accessibility of the 2-D game's page. Skipped without a browser. */
import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { mixtureOf } from "../../lib/play/game/distributions.ts";
import { DEFAULTS, PLANE, SHAPES } from "../../lib/play/game/settings.ts";
import { numberOf, type Page, press, stepTo, testPage, textOf } from "./_game.ts";

/** An animation frame: its time, the duration of the page's own work in it, and whether it drew a snapshot. */
type Frame = readonly [time: number, work: number, drew: boolean];

/** Time between two frames at 60 frames per second, in milliseconds. */
const SIXTIETH = 1000 / 60;

/** Runs in the page before its scripts: records the animation frames. */
function recordFrames(): void {
  type Callback = (time: number) => void;
  const scope = globalThis as unknown as {
    frames: Frame[];
    requestAnimationFrame(callback: Callback): number;
    CanvasRenderingContext2D: { prototype: { putImageData(...args: unknown[]): void } };
  };
  scope.frames = [];
  let drew = false;
  const context = scope.CanvasRenderingContext2D.prototype;
  const put = context.putImageData;
  context.putImageData = function (...args) { // draws D's field, once per snapshot
    drew = true;
    put.apply(this, args);
  };
  const request = scope.requestAnimationFrame.bind(globalThis);
  scope.requestAnimationFrame = (callback) =>
    request((time) => {
      drew = false;
      const began = performance.now();
      callback(time);
      scope.frames.push([time, performance.now() - began, drew]);
    });
}

/** Trains until the page has drawn a number of snapshots.
 * @returns All animation frames in this time. */
async function framesOf(page: Page, snapshots: number): Promise<Frame[]> {
  await page.evaluate("frames.length = 0");
  await press(page, "run");
  await page.waitForFunction(`frames.filter(([, , drew]) => drew).length >= ${snapshots}`, { polling: 100 });
  const frames = await page.evaluate("frames") as Frame[];
  await press(page, "run");
  return frames;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

testPage("a frame is drawn in less than a sixtieth of a second while the worker trains", async (open) => {
  const page = await open("", recordFrames);
  const frames = await framesOf(page, 120);
  const drawn = frames.filter(([, , drew]) => drew);
  const rate = (list: Frame[]) => 1000 * (list.length - 1) / (list.at(-1)![0] - list[0]![0]);
  const work = median(drawn.map(([, work]) => work));
  console.log(
    `Animation frames per second: ${rate(frames).toFixed(0)}, with a new snapshot: ${rate(drawn).toFixed(0)}; ` +
      `median of the page's work for a snapshot: ${work.toFixed(1)} ms`,
  );
  // The rate depends on what else the machine does; the page's own work in a frame is what it can do about it.
  assertLess(work, SIXTIETH);
});

testPage("a long training step does not stop the page's frames", async (open) => {
  const networks = "generatorLayers=3&generatorUnits=128&discriminatorLayers=3&discriminatorUnits=128";
  const page = await open(`#loss=wasserstein&discriminatorSteps=10&batch=512&${networks}`, recordFrames);
  await page.select("#pace", "picture");
  const frames = await framesOf(page, 4);
  const drawn = frames.filter(([, , drew]) => drew).length;
  console.log(`Animation frames in ${drawn} long steps: ${frames.length}`);
  assertGreater(frames.length, 3 * drawn); // if the page waited for the steps, both numbers would be equal
});

/** Returns the range of the plane in which something is drawn. */
async function painted(page: Page): Promise<{ x: [number, number]; y: [number, number] } | null> {
  return await page.evaluate((plane: number) => {
    interface Canvas {
      width: number;
      height: number;
      getContext(kind: "2d"): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } };
    }
    const scope = globalThis as unknown as { document: { getElementById(id: string): Canvas } };
    const canvas = scope.document.getElementById("plane");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const [xs, ys] = [[] as number[], [] as number[]];
    for (let i = 0; i < canvas.width * canvas.height; i++) {
      if (data[4 * i + 3]! < 128) continue;
      xs.push(plane * (2 * (i % canvas.width) / canvas.width - 1));
      ys.push(plane * (1 - 2 * Math.floor(i / canvas.width) / canvas.height));
    }
    const range = (values: number[]): [number, number] => [
      values.reduce((a, b) => Math.min(a, b), Infinity),
      values.reduce((a, b) => Math.max(a, b), -Infinity),
    ];
    return xs.length === 0 ? null : { x: range(xs), y: range(ys) };
  }, PLANE);
}

testPage("each distribution is shown and trained on, and each layer can be hidden", async (open) => {
  const page = await open();
  for (const layer of ["field", "arrows", "generated", "real"]) await press(page, `show-${layer}`);
  await press(page, "step");
  await page.waitForFunction(`document.getElementById("steps-g").textContent === "1"`);
  assertEquals(await painted(page), null);
  await press(page, "show-real");
  for (const shape of SHAPES.filter((shape) => shape !== "drawn")) {
    await press(page, `shapes [data-shape=${shape}]`);
    await press(page, "restart");
    await page.waitForFunction(`document.getElementById("steps-g").textContent === "0"`);
    await stepTo(page, 20);
    assertEquals(
      await page.$$eval("[data-shape][aria-pressed=true]", (buttons) => buttons.map((button) => button.textContent)),
      [await textOf(page, `shapes [data-shape=${shape}]`)],
    );
    const { means, heaps } = mixtureOf(shape, []);
    assertMatch(await textOf(page, "covered"), heaps ? new RegExp(`^\\d+ of ${means.length}$`) : /^\d+%$/, shape);
    assert(Number.isFinite(await numberOf(page, "distance")), shape);
    const range = (await painted(page))!;
    for (const [axis, name] of (["x", "y"] as const).entries()) {
      const expected = means.map((mean) => mean[axis]!);
      assertLess(Math.abs(range[name][0] - Math.min(...expected)), 0.6, `${shape} ${name}`);
      assertLess(Math.abs(range[name][1] - Math.max(...expected)), 0.6, `${shape} ${name}`);
    }
  }
});

testPage("losses that are not finite stop training and are reported, also after a step by hand", async (open) => {
  const page = await open();
  const reported = () =>
    page.waitForFunction(`document.getElementById("explanation").textContent.startsWith("The losses are no longer finite")`);
  // The page's own limits prevent this, so the settings go to the worker directly.
  const settings = JSON.stringify({ ...DEFAULTS, generatorRate: 1e38, discriminatorRate: 1e38 });
  await page.evaluate(`spied.worker.postMessage({ type: "change", settings: ${settings} })`);
  await press(page, "step");
  await reported();
  await press(page, "run");
  await page.waitForFunction(`document.getElementById("run").textContent === "Train"`);
  await reported();
  await page.select("#preset", "works");
  await page.waitForFunction(`document.getElementById("explanation").textContent.startsWith("Neither network")`);
  await stepTo(page, 3);
  assert(Number.isFinite(await numberOf(page, "loss-g")));
});

testPage("each control has a name, and Tab reaches it", async (open) => {
  const page = await open();
  const names: [role: string, name: string][] = [];
  interface Node {
    role: string;
    name?: string;
    children?: Node[];
  }
  const visit = ({ role, name = "", children = [] }: Node) => {
    if (/^(button|slider|combobox|checkbox|spinbutton|textbox|Canvas|image)$/.test(role)) names.push([role, name]);
    children.forEach(visit);
  };
  visit(await page.accessibility.snapshot() as Node);
  assertGreater(names.length, 30);
  assertEquals(names.filter(([, name]) => name.trim() === ""), []);
  const controls = `[...document.querySelectorAll("button, select, input, summary")].filter((each) => each.checkVisibility())`;
  const count = await page.evaluate(`${controls}.length`) as number;
  for (let reached = 0; reached < count; reached++) {
    await page.keyboard.press("Tab");
    await page.evaluate("document.activeElement.dataset.reached = true");
  }
  assertEquals(await page.evaluate(`${controls}.filter((each) => !each.dataset.reached).map((each) => each.outerHTML)`), []);
});
