/** The site in a real browser, opened from files. Skipped without one. */
import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { join } from "node:path";
import { writeSite } from "../../../notebooks/tools/site/write.ts";
import { withFolder } from "../../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "../../play/_browser.ts";
import { siteOf } from "./_site.ts";

type Page = OpenPage["page"];

type Test = (open: (page: string) => Promise<Page>) => Promise<void>;

/** The tests. They share one browser, which takes longest to start. */
const TESTS: Record<string, Test> = {};

/** Registers a test that opens pages of the small course. They must cause no errors, and request nothing but files. */
function testSite(name: string, test: Test): void {
  TESTS[name] = test;
}

/** Sets whether the system prefers dark pages. */
function prefer(page: Page, theme: "light" | "dark"): Promise<void> {
  return page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
}

/** Returns the value of a CSS property of an element. */
async function styleOf(page: Page, selector: string, property: string): Promise<string> {
  return await page.evaluate(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue("${property}")`,
  ) as string;
}

/** Clicks a button without moving the pointer there. */
function click(page: Page, selector: string): Promise<void> {
  return page.$eval(selector, (button) => (button as unknown as { click(): void }).click());
}

testSite("a figure comes alive when it is seen, in the colours of the page", async (open) => {
  const page = await open("01_game.html");
  await prefer(page, "light");
  await page.$eval("figure.plot", (figure) => figure.scrollIntoView());
  await page.waitForSelector("figure.alive .live svg");
  assertEquals(await page.$eval(".above", (title) => title.textContent), "What D saysseed 1");
  assertEquals(await page.$eval(".live", (plot) => plot.getAttribute("aria-label")), "What D says: two curves");
  assertEquals(await styleOf(page, "figure.alive > .zoom", "display"), "none");
  const curve = ".live .scatterlayer .trace:last-child .js-line";
  assertEquals(await styleOf(page, curve, "stroke"), "rgb(0, 0, 0)");
  await prefer(page, "dark");
  await page.waitForFunction(`getComputedStyle(document.querySelector("${curve}")).stroke === "rgb(230, 233, 239)"`);
  await page.emulateMediaType("print");
  assertEquals(await styleOf(page, ".live", "display"), "none", "the still image is printed");
});

testSite("the button changes between light and dark, and the choice stays", async (open) => {
  const page = await open("01_game.html");
  await prefer(page, "light");
  assertEquals(await styleOf(page, "body", "background-color"), "rgb(255, 255, 255)");
  await click(page, ".theme");
  assertEquals(await styleOf(page, "body", "background-color"), "rgb(20, 23, 30)");
  const other = await open("02_pictures.html");
  await prefer(other, "light");
  assertEquals(await styleOf(other, "body", "background-color"), "rgb(20, 23, 30)");
});

testSite("the search finds sections while one types, and leads to them by the keyboard", async (open) => {
  const page = await open("source/lib/step.ts.html");
  await page.keyboard.press("/");
  await page.keyboard.type("collap");
  await page.waitForSelector("#found a");
  const found = await page.$$eval("#found a b", (titles) => titles.map((title) => title.textContent));
  assertEquals(found.toSorted(), ["1.1 Value", "Mode collapse"]);
  await page.keyboard.press("ArrowDown");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assertEquals(await page.evaluate("document.activeElement !== null && location.pathname.endsWith('.html')"), true);
  assert(/(glossary\.html#mode-collapse|01_game\.html#11-value)$/.test(page.url()), page.url());
});

testSite("a link into a solution opens it; a preview shows the equation that a link leads to", async (open) => {
  const page = await open("01_game.html#solution-2");
  await page.waitForSelector("#solution-2[open]");
  assertEquals(await page.$eval("#solution-1", (fold) => fold.hasAttribute("open")), false);
  await page.focus("main p a.eq");
  await page.keyboard.down("Shift"); // focus-visible follows the keyboard
  await page.keyboard.press("Tab");
  await page.keyboard.up("Shift");
  await page.keyboard.press("Tab");
  await page.waitForSelector("#preview:not([hidden]) .katex");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#preview[hidden]");
});

testSite("on a phone, nothing but wide code and images is wider than the screen, and the menu opens", async (open) => {
  const page = await open("01_game.html");
  await page.setViewport({ width: 360, height: 740 });
  assertLessOrEqual(await page.evaluate("document.documentElement.scrollWidth") as number, 360);
  assertEquals(await styleOf(page, "nav", "display"), "none");
  await click(page, ".menu");
  assertEquals(await styleOf(page, "nav", "display"), "block");
  await page.keyboard.press("Escape");
  assertEquals(await page.$eval(".menu", (button) => button.getAttribute("aria-expanded")), "false");
  assertGreater(await page.$eval("img.wide", (image) => image.getBoundingClientRect().width), 500);
});

testSite("a playground starts when asked to", async (open) => {
  const page = await open("01_game.html");
  assertEquals(await page.$("iframe"), null);
  await click(page, ".playground button");
  assertEquals(await page.$eval("iframe", (frame) => frame.getAttribute("src")), "play/game.html");
});

testSite("without scripts, everything can be read", async (open) => {
  const page = await open("01_game.html");
  await page.setJavaScriptEnabled(false);
  await page.reload();
  await page.setViewport({ width: 360, height: 740 });
  assertEquals([await styleOf(page, "nav", "display"), await styleOf(page, "figure.plot .zoom", "display")], [
    "block",
    "inline-block",
  ]);
});

testInBrowser("the site works in a browser, opened from files", (browser, context) =>
  withFolder(async (folder) => {
    await writeSite(folder, (await siteOf()).files, []);
    for (const [name, test] of Object.entries(TESTS)) {
      await context.step(name, async () => {
        const opened: OpenPage[] = [];
        await test(async (page) => {
          const [path, hash] = page.split("#");
          opened.push(await openPage(browser, join(folder, path!), { hash: hash === undefined ? "" : `#${hash}` }));
          const { page: tab } = opened.at(-1)!;
          tab.setDefaultTimeout(60_000); // the machine may be busy
          return tab;
        });
        for (const { page, problems, requests } of opened) {
          assertEquals([problems, requests.filter((address) => !address.startsWith("file:"))], [[], []]);
          await page.evaluate("localStorage.clear()").catch(() => {}); // one page has no scripts
          await page.close();
        }
      });
    }
  }));
