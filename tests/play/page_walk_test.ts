/// <reference lib="dom" />
/** The walk of a GAN's page in Chromium. The tests decide when frames and timers are due, whatever the machine. */
import { assertAlmostEquals, assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { gan } from "../../lib/systems/gan.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { canvases, enter, pressIn, shaken } from "./_latent.ts";
import { writePage } from "./_pages.ts";
import { drop, waitForStatus } from "./_user.ts";

type Page = OpenPage["page"];
type Browser = ReturnType<Page["browser"]>;

const SIZE = { height: 16, width: 16 };
const ON_WAY = ".beside canvas";

/** What {@linkcode holdTime} adds to the page: callbacks for the next frame, and timers of at least a second. */
interface Held {
  held: { on: boolean; now: number; frames: ((now: number) => void)[]; timers: (() => void)[] };
}

/** Runs in the page before its scripts. */
function holdTime(): void {
  const { requestAnimationFrame: frame, setTimeout: timer } = globalThis as unknown as Window;
  const held = (globalThis as unknown as Held).held = { on: false, now: 0, frames: [], timers: [] } as Held["held"];
  globalThis.requestAnimationFrame = (call) => held.on ? held.frames.push(call) : frame(call);
  globalThis.setTimeout = ((call: () => void, time = 0) => {
    return held.on && time >= 1000 ? held.timers.push(call) : timer(call, time);
  }) as typeof setTimeout;
}

/** Opens a page with a walk. From then on, time stands still. */
async function openWalk(browser: Browser, folder: string): Promise<OpenPage> {
  await useBackend("wasm", { quiet: true });
  const model = shaken(gan({ shape: [16, 16, 3], hidden: [24], latent: 6, noise: "normal" }));
  const path = await writePage(folder, model as unknown as SomeModel, { size: SIZE });
  model.dispose();
  const opened = await openPage(browser, path, { backend: "wasm", prepare: holdTime });
  await waitForStatus(opened.page, /^16 images/);
  opened.page.setDefaultTimeout(60_000);
  await opened.page.evaluate(() => void ((globalThis as unknown as Held).held.on = true));
  return opened;
}

/** Runs the callbacks of the next frame, 300 ms after the last one, and then presses buttons before any answer arrives. */
const frame = (page: Page, ...buttons: string[]) =>
  page.evaluate(async (buttons) => {
    const { held } = globalThis as unknown as Held;
    held.now += 300;
    for (const call of held.frames.splice(0)) call(held.now);
    for (let i = 0; i < 20; i++) await undefined; // the walk asks for its image
    const all = [...document.querySelectorAll<HTMLButtonElement>(".walk button")];
    for (const name of buttons) all.find(({ textContent }) => textContent === name)!.click();
  }, buttons);

const waiting = (page: Page) =>
  page.evaluate(() => {
    const { frames, timers } = (globalThis as unknown as Held).held;
    return [frames.length, timers.length];
  });
const untilWaiting = (page: Page, what: "frames" | "timers") =>
  page.waitForFunction((what) => (globalThis as unknown as Held).held[what].length > 0, { polling: 20 }, what);
const position = (page: Page) => page.$eval(".walk input", (input) => (input as HTMLInputElement).valueAsNumber);

/** Waits until the image of the walk is another. */
async function untilChanged(page: Page, before: unknown): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (`${(await canvases(page, ON_WAY))[0]!.data}` !== before) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("the image of the walk does not change");
}
const shown = async (page: Page) => `${(await canvases(page, ON_WAY))[0]!.data}`;

testInBrowser("a walk plays until it is paused", async (browser) => {
  await withFolder(async (folder) => {
    const { page, problems } = await openWalk(browser, folder);
    const first = await shown(page);
    assertEquals(await position(page), 0);
    await pressIn(page, ".walk", "Play");
    await frame(page);
    for (let step = 1; step <= 3; step++) {
      await untilWaiting(page, "frames");
      await frame(page);
      assertAlmostEquals(await position(page), step * 300 / 4000, 0.011); // one way takes 4 seconds
    }
    await untilChanged(page, first);
    await untilWaiting(page, "frames");
    await pressIn(page, ".walk", "Pause");
    const [at, image] = [await position(page), await shown(page)];
    for (let step = 0; step < 3; step++) await frame(page);
    assertEquals([await waiting(page), await position(page), await shown(page)], [[0, 0], at, image]);
    assertEquals(await drop(page, "h1", new Uint8Array(), "a.png"), true); // there is no place for images: nothing happens
    assertEquals(problems, []);
  });
});

testInBrowser("Play, Pause and Play during an answer continue one walk, at its usual speed", async (browser) => {
  await withFolder(async (folder) => {
    const { page, problems } = await openWalk(browser, folder);
    const first = await shown(page);
    await pressIn(page, ".walk", "Play");
    await frame(page);
    await untilWaiting(page, "frames");
    await frame(page, "Pause", "Play"); // the first walk waits for an image, and the second for a frame
    assertGreater(await position(page), 0);
    await untilChanged(page, first); // the image of the first walk, which ends
    assertEquals(await waiting(page), [1, 0]);
    await frame(page);
    await untilWaiting(page, "frames");
    const before = await position(page);
    await frame(page);
    assertAlmostEquals(await position(page), before + 300 / 4000, 0.011);
    await untilWaiting(page, "frames");
    assertEquals(await waiting(page), [1, 0]);
    assertEquals(problems, []);
  });
});

testInBrowser("for users who prefer reduced motion, a walk goes in steps of a second", async (browser) => {
  await withFolder(async (folder) => {
    const { page, problems } = await openWalk(browser, folder);
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
    await enter(page, "Position", 0, ".walk");
    const first = await shown(page);
    await pressIn(page, ".walk", "Play");
    for (let step = 1; step <= 2; step++) {
      await frame(page);
      await untilWaiting(page, "timers");
      assertEquals(await waiting(page), [0, 1]);
      assertAlmostEquals(await position(page), (step - 1) / 8, 0.006); // as in the row of 9 images
      await page.evaluate(() => (globalThis as unknown as Held).held.timers.splice(0).forEach((call) => call()));
      await untilWaiting(page, "frames");
      await frame(page);
      assertAlmostEquals(await position(page), step / 8, 0.006);
    }
    await untilChanged(page, first);
    assertNotEquals(await shown(page), first);
    assertEquals(problems, []);
  });
});
