/// <reference lib="dom" />
/** Every page on a phone of 360 px, light and dark: nothing scrolls sideways, what one touches is large enough, texts have
 * contrast, and nothing moves for those who prefer that.
 *
 * With FORGER_SCREENSHOTS=FOLDER, the pages are also photographed. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { galleryPage } from "../../lib/play/gallery.ts";
import { gamePage } from "../../lib/play/game/build.ts";
import { singleFile } from "../../lib/play/html.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { pageOf } from "./_models.ts";
import { waitUntilReady } from "./_user.ts";

type Page = OpenPage["page"];
type Browser = ReturnType<Page["browser"]>;

/** Widths of a phone and of a screen, in CSS pixels. */
const PHONE = 360, SCREEN = 1200;
/** Least height and width of what one touches, in CSS pixels: WCAG 2.2, criterion 2.5.8, asks for 24. */
const TOUCH = 32;
/** Least contrast of texts: WCAG 2.2, criterion 1.4.3. */
const CONTRAST = 4.5;
/** Models whose pages have different views. */
const VIEWS = ["pix2pix", "bicyclegan", "cyclegan", "gan", "gan of points", "conditional-gan", "stackgan", "classifier"];
const SCHEMES = ["light", "dark"] as const;

/** Runs in a page before the other functions: returns the visible elements that match, and their names. */
function provide(): void {
  const scope = globalThis as unknown as Provided;
  scope.shown = (selector) =>
    [...document.querySelectorAll(selector)].filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return element.checkVisibility({ visibilityProperty: true }) && width > 1 && height > 1; // 1 px: for screen readers only
    });
  scope.nameOf = (element) => {
    const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40);
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> "${text}"`;
  };
}

/** What {@linkcode provide} adds to a page. */
interface Provided {
  shown(selector: string): Element[];
  nameOf(element: Element): string;
}

/** Runs in a page: returns what is too wide, or too small to touch. */
function misfits(width: number, touch: number): string[] {
  const { shown, nameOf } = globalThis as unknown as Provided;
  const faults: string[] = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > width) {
    const wide = shown("body *").filter((element) => element.getBoundingClientRect().right > width + 0.5);
    faults.push(`scrolls sideways: ${scrollWidth} px`, ...wide.map((element) => `beyond the edge: ${nameOf(element)}`));
  }
  for (const element of shown("button, summary, select, input, a[href], [role=slider]")) {
    // One can touch the label of a check box, too.
    const target = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element;
    const { position, inset } = getComputedStyle(element, "::after");
    if (position === "absolute" && inset === "0px") continue; // a link that covers its card
    const { width, height } = target.getBoundingClientRect();
    if (Math.min(width, height) < touch) faults.push(`${Math.round(width)} x ${Math.round(height)} px: ${nameOf(element)}`);
  }
  return faults;
}

/** Runs in a page: returns the texts with less contrast. */
function faintTexts(least: number): string[] {
  const { shown, nameOf } = globalThis as unknown as Provided;
  type Colour = [red: number, green: number, blue: number, alpha: number];
  const probe = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const colourOf = (text: string): Colour => {
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = text;
    probe.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = probe.getImageData(0, 0, 1, 1).data;
    return [red!, green!, blue!, alpha! / 255];
  };
  const over = (top: Colour, below: Colour): Colour =>
    [...[0, 1, 2].map((i) => top[i]! * top[3] + below[i]! * (1 - top[3])), 1] as Colour;
  const paper = colourOf(matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#ffffff"); // the browser's own
  const backgroundOf = (element: Element | null): Colour =>
    element ? over(colourOf(getComputedStyle(element).backgroundColor), backgroundOf(element.parentElement)) : paper;
  const luminance = (colour: Colour) => {
    const [red, green, blue] = colour.map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const isText = ({ nodeType, nodeValue }: Node) => nodeType === Node.TEXT_NODE && nodeValue!.trim() !== "";
  return shown("body *").flatMap((element) => {
    if (!element.matches("select, input[type=number]") && ![...element.childNodes].some(isText)) return [];
    if (element.closest(":disabled")) return []; // what cannot be used needs no contrast
    let opacity = 1;
    for (let at: Element | null = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const [red, green, blue, alpha] = colourOf(getComputedStyle(element).color);
    const background = backgroundOf(element);
    const [a, b] = [luminance(over([red, green, blue, alpha * opacity], background)), luminance(background)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return ratio < least ? [`contrast ${ratio.toFixed(2)}: ${nameOf(element)}`] : [];
  });
}

/** Runs in a page: returns the elements that move, or change gradually. */
function moving(): string[] {
  const all = [...document.querySelectorAll("*")].filter((element) => {
    const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
    return /[1-9]/.test(transitionDuration) || animationName !== "none" || scrollBehavior === "smooth";
  });
  const names = all.map((element) => `<${element.tagName.toLowerCase()} class="${element.className}">`);
  return [...new Set([...names, ...document.getAnimations().map((animation) => `animation ${animation.id}`)])];
}

/** Shows a page on a screen of the given width.
 * @param motion Whether the user wants motion. */
async function showAt(
  page: Page,
  width: number,
  scheme: typeof SCHEMES[number],
  motion: "reduce" | "no-preference",
): Promise<void> {
  await page.setViewport({ width, height: width === PHONE ? 740 : 900 });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: motion },
  ]);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Checks the looks of a page, with all that can be unfolded. */
async function checkLooks(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("FORGER_SCREENSHOTS");
  await page.evaluate(provide);
  await page.$$eval("details", (all) => all.forEach((details) => details.open = true));
  for (const width of [PHONE, SCREEN]) {
    for (const scheme of SCHEMES) {
      await showAt(page, width, scheme, "reduce");
      if (folder) {
        await Deno.mkdir(folder, { recursive: true });
        const path = join(folder, `${name}-${width}-${scheme}.png`);
        await Deno.writeFile(path, await page.screenshot({ fullPage: true }));
      }
      const fits = await page.evaluate(misfits, width, width === PHONE ? TOUCH : 0);
      const faults = [...fits, ...await page.evaluate(faintTexts, CONTRAST)];
      assertEquals(faults, [], `${name}, ${width} px, ${scheme}`);
    }
  }
  assertEquals(await page.evaluate(moving), [], name);
}

/** Opens a page from its HTML, and checks its looks. */
async function openAndCheck(
  browser: Browser,
  folder: string,
  name: string,
  html: Uint8Array,
  ready: (page: Page) => Promise<unknown>,
) {
  const path = join(folder, `${name}.html`);
  await Deno.writeFile(path, html);
  const { page, problems } = await openPage(browser, path);
  await ready(page);
  await checkLooks(page, name.replaceAll(" ", "-"));
  assertEquals(problems, []);
  await page.close();
}

testInBrowser("pages suit a phone and a screen, light and dark, and keep still if asked to", async (browser, context) => {
  await useBackend("cpu", { quiet: true });
  await withFolder(async (folder) => {
    for (const name of VIEWS) {
      await context.step(name, async () => {
        const html = await singleFile(await pageOf(folder, name));
        await openAndCheck(browser, folder, name, html, waitUntilReady);
      });
    }
    await context.step("gallery", async () => {
      const about = "Trained on 400 pairs of images from toytown (train) for 2,000 steps.";
      const models = VIEWS.map((name) => ({ name, system: name, about }));
      const html = galleryPage([...models, {
        name: "damaged",
        about: "Cannot read forger.json: it is not JSON; train the model again",
      }]);
      await openAndCheck(browser, folder, "gallery", new TextEncoder().encode(html), () => Promise.resolve());
    });
    await context.step("game", async () => {
      const html = new TextEncoder().encode(await gamePage());
      await openAndCheck(browser, folder, "game", html, (page) => page.waitForSelector("body.ready", { timeout: 120_000 }));
    });
  });
});
