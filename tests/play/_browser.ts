// deno-lint-ignore-file no-import-prefix no-unversioned-import -- deno.lock states the version
/** Pages in headless Chromium, which the tests find by the environment variable CHROMIUM or on the PATH.
 * @module */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer, { type Browser, type Page } from "npm:puppeteer-core";
import type { Answer, BrowserBackend, Request } from "../../lib/play/protocol.ts";

/** Names under which systems install the browser. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Returns the path of a browser. */
async function findBrowser(): Promise<string | undefined> {
  const named = Deno.env.get("CHROMIUM");
  if (named) return named;
  for (const folder of (Deno.env.get("PATH") ?? "").split(Deno.build.os === "windows" ? ";" : ":")) {
    for (const name of NAMES) {
      const path = join(folder, Deno.build.os === "windows" ? `${name}.exe` : name);
      if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
    }
  }
  return undefined;
}

const executablePath = await findBrowser();
if (executablePath === undefined) {
  console.warn("Tests of pages are skipped: there is no Chromium on the PATH; install it, or set CHROMIUM to its path");
}

/** Starts the browser, which must exist.
 * @param more further arguments of the browser's command. */
export async function launchBrowser(more: string[] = []): Promise<Browser> {
  // A container's user is root. Where there is no GPU, the browser emulates one.
  const args = ["--no-sandbox", "--enable-unsafe-swiftshader", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
  return await puppeteer.launch({ executablePath: executablePath!, args: [...args, ...more], protocolTimeout: 60_000 });
}

/** Registers a test that starts a browser itself. Without a browser, it is skipped. */
export function testWithBrowsers(name: string, fn: (context: Deno.TestContext) => Promise<void>): void {
  const sanitizers = { sanitizeOps: false, sanitizeResources: false }; // the browser's connection
  Deno.test({ name, ignore: executablePath === undefined, ...sanitizers, fn });
}

/** Registers a test that uses a browser. Without a browser, it is skipped. */
export function testInBrowser(name: string, test: (browser: Browser, context: Deno.TestContext) => Promise<void>): void {
  testWithBrowsers(name, async (context) => {
    const browser = await launchBrowser();
    await test(browser, context).finally(() => browser.close());
  });
}

/** A page that a test has opened. */
export interface OpenPage {
  page: Page;
  /** Addresses that the page requested, without those of its own data. */
  requests: string[];
  /** Errors on the console, and errors that were not caught. */
  problems: string[];
  /** Asks the page's worker for something, once it has started. */
  ask<T>(method: string, ...args: unknown[]): Promise<T>;
}

/** What {@linkcode spy} adds to the page. */
interface Spied {
  spied: { worker?: Worker; started: Promise<unknown> };
}

/** Runs in the page before its scripts: keeps the worker, and starts it on the given backend.
 * @param isIdle whether the page's own requests for images are dropped. */
function spy(backend: BrowserBackend | undefined, isIdle: boolean): void {
  const Original = globalThis.Worker;
  const scope = globalThis as unknown as Spied;
  let resolve!: (answer: unknown) => void;
  scope.spied = { started: new Promise((done) => resolve = done) };
  globalThis.Worker = class extends Original {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(address, options);
      scope.spied.worker ??= this;
      this.addEventListener("message", (event) => resolve((event as MessageEvent).data), { once: true });
    }
    override postMessage(message: Request, ...rest: never[]): void {
      if (isIdle && message.id < 1_000_000 && !["start", "weights"].includes(message.method)) return;
      const isStart = backend !== undefined && message.method === "start";
      const args = isStart ? [...message.args.slice(0, 3), [backend]] : message.args;
      super.postMessage({ ...message, args }, ...rest);
    }
  };
}

/** Runs in the page: sends a request to the worker, and returns its answer, with arrays of numbers as plain lists. */
async function request(method: string, args: unknown[]): Promise<Answer> {
  const plain = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) return [...value as unknown as Float32Array];
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(plain);
    return Object.fromEntries(Object.entries(value).map(([name, value]) => [name, plain(value)]));
  };
  const typed = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value).map((
      [name, value],
    ) => [name, name === "data" ? Float32Array.from(value) : typed(value)]);
    return Object.fromEntries(entries);
  };
  const { spied } = globalThis as unknown as Spied;
  const first = await spied.started as Answer;
  if ("error" in first) return first;
  const id = 1_000_000 + Math.floor(Math.random() * 1e9); // none of the page's own requests has it
  const worker = spied.worker!;
  const answer = new Promise<Answer>((resolve) => {
    worker.addEventListener("message", ({ data }) => data.id === id && resolve(plain(data) as Answer));
  });
  worker.postMessage({ id, method, args: args.map(typed) });
  return await answer;
}

/** Opens a page.
 * @param place path of a file, or an address that begins with "http:".
 * @param backend backend on which the page's worker starts. Default: the page's choice. `prepare` runs in the page before its
 * scripts. With `isIdle`, the page asks its worker for no images of its own, which saves time. */
export async function openPage(
  browser: Browser,
  place: string,
  { backend, hash = "", prepare, isIdle = false }: {
    backend?: BrowserBackend;
    hash?: string;
    prepare?: () => void;
    isIdle?: boolean;
  } = {},
): Promise<OpenPage> {
  const page = await browser.newPage();
  const requests: string[] = [], problems: string[] = [];
  const address = place.startsWith("http:") ? place : pathToFileURL(place).href;
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push((error as Error).message));
  await page.evaluateOnNewDocument(spy, backend, isIdle);
  if (prepare) await page.evaluateOnNewDocument(prepare);
  await page.goto(address + hash);
  return {
    page,
    requests,
    problems,
    async ask<T>(method: string, ...args: unknown[]): Promise<T> {
      const answer = await page.evaluate(request, method, args);
      if ("error" in answer) throw new Error(answer.error);
      return answer.result as T;
    },
  };
}
