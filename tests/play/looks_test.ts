/// <reference lib="dom" />
/** Every page on a phone of 360 px, light and dark: nothing scrolls sideways, what one touches is large enough, texts have contrast,
 * and nothing moves for those who prefer that.
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

/** Runs in a page: returns what is wrong with its looks, one line each. */
function faultsOf(width: number, touch: number, contrast: number): string[] {
  const faults: string[] = [];
  const nameOf = (element: Element) => {
    const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40);
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> "${text}"`;
  };
  const isShown = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true }) && width > 1 && height > 1; // 1 px: for screen readers only
  };
  const all = [...document.querySelectorAll("body *")].filter(isShown);

  const { scrollWidth } = document.documentElement;
  if (scrollWidth > width) {
    faults.push(`scrolls sideways: ${scrollWidth} px`);
    const wide = all.filter((element) => element.getBoundingClientRect().right > width + 0.5);
    faults.push(...wide.slice(0, 5).map((element) => `beyond the edge: ${nameOf(element)}`));
  }

  for (const element of all.filter((element) => element.matches("button, summary, select, input, a[href], [role=slider]"))) {
    // One can touch the label of a check box, too.
    const target = element.matches("[type=checkbox], [type=radio]") ? element.closest("label") ?? element : element;
    const style = getComputedStyle(element, "::after");
    if (style.position === "absolute" && style.inset === "0px") continue; // a link that covers its card
    const { width, height } = target.getBoundingClientRect();
    if (Math.min(width, height) < touch) faults.push(`${Math.round(width)} x ${Math.round(height)} px: ${nameOf(element)}`);
  }

  type Colour = [red: number, green: number, blue: number, alpha: number];
  const probe = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const colourOf = (text: string): Colour => {
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = text;
    probe.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = probe.getImageData(0, 0, 1, 1).data;
    return [red!, green!, blue!, alpha! / 255];
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mixed = [0, 1, 2].map((i) => top[i]! * top[3] + below[i]! * (1 - top[3])) as [number, number, number];
    return [...mixed, 1];
  };
  const paper = colourOf(matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#ffffff");
  const backgroundOf = (element: Element | null): Colour =>
    element ? over(colourOf(getComputedStyle(element).backgroundColor), backgroundOf(element.parentElement)) : paper;
  const luminance = (colour: Colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((value) => {
      return value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const hasText = (element: Element) =>
    element.matches("select, input[type=number]") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue!.trim() !== "");
  for (const element of all.filter(hasText)) {
    if (element.closest(":disabled, svg")) continue; // what cannot be used needs no contrast
    let opacity = 1;
    for (let at: Element | null = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const background = backgroundOf(element);
    const [red, green, blue, alpha] = colourOf(getComputedStyle(element).color);
    const [a, b] = [luminance(over([red, green, blue, alpha * opacity], background)), luminance(background)].sort((a, b) =>
      b - a
    );
    const ratio = (a! + 0.05) / (b! + 0.05);
    if (ratio < contrast) faults.push(`contrast ${ratio.toFixed(2)}: ${nameOf(element)}`);
  }
  return [...new Set(faults)];
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
  await page.$$eval("details", (all) => all.forEach((details) => details.open = true));
  for (const width of [PHONE, SCREEN]) {
    for (const scheme of SCHEMES) {
      await showAt(page, width, scheme, "reduce");
      if (folder) {
        await Deno.mkdir(folder, { recursive: true });
        const path = join(folder, `${name}-${width}-${scheme}.png`);
        await Deno.writeFile(path, await page.screenshot({ fullPage: true }));
      }
      const faults = await page.evaluate(faultsOf, width, width === PHONE ? TOUCH : 0, CONTRAST);
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
