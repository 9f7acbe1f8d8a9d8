// deno-lint-ignore-file no-import-prefix -- only tests drive a browser
/** A real browser for tests: Chromium, from the environment variable CHROMIUM or on the PATH.
 * @module */
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "npm:puppeteer-core@24";

export type { Page };

/** Names of the browser's program. */
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Path of the browser; `undefined` if there is none. */
export async function findChromium(): Promise<string | undefined> {
  const given = Deno.env.get("CHROMIUM");
  if (given) return given;
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const program of PROGRAMS) {
      const path = join(folder, program);
      if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
    }
  }
  return undefined;
}

/** What a page did besides showing itself. */
export interface Watched {
  page: Page;
  /** Errors of the page and its console, and warnings. */
  problems: string[];
  /** Addresses that were requested from a network. */
  requests: string[];
}

/** Opens pages in one browser, which is closed at the end. */
export async function withBrowser(
  path: string,
  test: (open: (address: string) => Promise<Watched>) => Promise<void>,
): Promise<void> {
  const browser: Browser = await puppeteer.launch({
    executablePath: path,
    args: ["--no-sandbox", "--disable-gpu"],
    protocolTimeout: 300_000,
  });
  try {
    await test(async (address) => {
      const page = await browser.newPage();
      page.setDefaultTimeout(120_000); // the machine may be busy
      const watched: Watched = { page, problems: [], requests: [] };
      page.on("pageerror", (error) => watched.problems.push((error as Error).message));
      page.on("console", (message) => {
        if (["error", "warn"].includes(message.type())) watched.problems.push(message.text());
      });
      page.on("request", (request) => {
        if (/^(https?|wss?):/.test(request.url()) && request.url() !== address) watched.requests.push(request.url());
      });
      await page.goto(address);
      return watched;
    });
  } finally {
    await browser.close();
  }
}
