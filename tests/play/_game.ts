/** The page of the 2-D game in a browser, for its tests.
 * @module */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { gamePage } from "../../lib/play/game/build.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";

/** A page of the browser. */
export type Page = OpenPage["page"];

/** Opens the page. `prepare` runs in it before its scripts. */
export type Open = (hash?: string, prepare?: () => void) => Promise<Page>;

let page: Promise<string> | undefined;

/** Composes the page once for all tests of a file. */
export const gameOnce = (): Promise<string> => page ??= gamePage();

/** Declares a test that opens the page from a file. It must cause no errors and no requests.
 * @param change changes the page before it is opened. */
export function testPage(
  name: string,
  test: (open: Open) => Promise<void>,
  change = (html: string) => html,
): void {
  testInBrowser(name, (browser) =>
    withFolder(async (folder) => {
      const file = join(folder, "game.html");
      await Deno.writeTextFile(file, change(await gameOnce()));
      const opened: OpenPage[] = [];
      await test(async (hash = "", prepare) => {
        opened.push(await openPage(browser, file, { hash, ...prepare && { prepare } }));
        return await started(opened.at(-1)!);
      });
      for (const { problems, requests } of opened) assertEquals([problems, requests.length], [[], 1]); // the page itself
    }));
}

/** Waits until the page has started. */
export async function started({ page }: OpenPage): Promise<Page> {
  page.setDefaultTimeout(120_000); // the machine may be busy
  await page.waitForSelector("body.ready");
  return page;
}

/** Returns the text of an element. */
export const textOf = (page: Page, id: string): Promise<string> => page.$eval(`#${id}`, (element) => element.textContent!);
/** Returns the number that an element shows. */
export const numberOf = async (page: Page, id: string): Promise<number> => parseFloat(await textOf(page, id));

/** Presses a button without moving the pointer there, which would need a screenshot of the page each time. */
export const press = (page: Page, id: string): Promise<void> =>
  page.$eval(`#${id}`, (button) => (button as unknown as { click(): void }).click());

/** Waits until the page shows at least a number of steps of G. */
export async function untilSteps(page: Page, steps: number): Promise<void> {
  await page.waitForFunction(`Number(document.getElementById("steps-g").textContent) >= ${steps}`, { polling: 50 });
}

/** Takes a number of steps from the start by hand. Unlike training, it takes no more steps on a faster machine. */
export async function stepTo(page: Page, steps: number): Promise<void> {
  for (let done = await numberOf(page, "steps-g"); done < steps;) {
    const next = Math.min(steps, done + 20); // a busy machine takes them before the time limit of the browser's connection
    await page.evaluate(`for (let step = ${done}; step < ${next}; step++) document.getElementById("step").click()`);
    await untilSteps(page, next);
    done = next;
  }
}
