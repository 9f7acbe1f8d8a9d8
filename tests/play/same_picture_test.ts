/// <reference lib="dom" />
/** The pages of all systems, opened as files in Chromium, compute the values that Forger computes on Deno, on each backend of a
 * browser, and load nothing. */
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { exportPage } from "../../lib/cli/export.ts";
import { BROWSER_BACKENDS, type BrowserBackend } from "../../lib/play/protocol.ts";
import { loadModel, type SomeModel } from "../../lib/systems/registry.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { awakened, DEFAULTS, MODELS, QUIET, saveTiny } from "./_models.ts";
import { type Plain, type Wish, wishesOf } from "./_wishes.ts";

type Browser = ReturnType<OpenPage["page"]["browser"]>;

/** Largest difference between a value in the page and Forger's. */
const TOLERANCE = 1e-4;
/** Smallest difference between the largest and the smallest value, so that the outputs are not all the same grey. */
const SPREAD = 0.2;

/** Compares an answer of a page with Forger's. */
function compare(answer: Plain | Record<string, Plain>, { what, expected }: Wish): void {
  if (!("data" in expected)) {
    for (const [name, values] of Object.entries(expected)) {
      compare((answer as Record<string, Plain>)[name]!, { what: `${what}, ${name}`, expected: values } as Wish);
    }
    return;
  }
  const { data, shape } = answer as Plain;
  const values = expected.data as number[];
  assertEquals([shape, data.length], [expected.shape, values.length], what);
  const difference = values.reduce((most, value, i) => Math.max(most, Math.abs(value - data[i]!)), 0);
  assertLess(difference, TOLERANCE, `${what}: ${difference}`);
  assertGreater(Math.max(...values) - Math.min(...values), SPREAD, `${what}: all values are about equal`);
}

/** Runs in a page: returns the backends that the browser has. */
async function backendsHere(): Promise<BrowserBackend[]> {
  const gpu = await (navigator as { gpu?: GPU }).gpu?.requestAdapter();
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  return ["wasm", "cpu", ...gl ? ["webgl"] as const : [], ...gpu ? ["webgpu"] as const : []];
}

/** Says which backends the browser lacks, and returns those that it has. */
async function backendsOf(browser: Browser, path: string, context: Deno.TestContext): Promise<BrowserBackend[]> {
  const { page } = await openPage(browser, path);
  const here = await page.evaluate(backendsHere);
  await page.close();
  for (const backend of BROWSER_BACKENDS.filter((backend) => !here.includes(backend))) {
    const name = `pages on ${backend}: skipped, since the browser does not have it`;
    console.warn(name);
    await context.step({ name, ignore: true, fn() {} });
  }
  return here;
}

/** Starts the backend on Deno whose values the pages are compared with.
 * @returns whether it is TensorFlow, whose random numbers a page draws, too. */
async function startReference(): Promise<boolean> {
  try {
    await useBackend("tensorflow", { quiet: true });
    return true;
  } catch {
    console.warn("TensorFlow does not start here: pages are compared with WebAssembly, and random numbers with the page's own");
    await useBackend("wasm", { quiet: true });
    return false;
  }
}

/** Opens a page on a backend, and compares its answers with Forger's. */
async function comparePage(browser: Browser, path: string, backend: BrowserBackend, wishes: Wish[]): Promise<void> {
  const { page, ask, requests, problems } = await openPage(browser, path, { backend, isIdle: true });
  for (const wish of wishes) compare(await ask(wish.method, ...wish.args), { ...wish, what: `${wish.what} on ${backend}` });
  assertEquals(await page.$eval(".backend", (line) => (line as HTMLElement).dataset["backend"]), backend);
  assertEquals(requests, [pathToFileURL(path).href]);
  assertEquals(problems, []);
  await page.close();
}

testInBrowser(
  "pages of all systems compute what Forger computes, on each backend, and load nothing",
  async (browser, context) => {
    const drawn = await startReference();
    const backend = drawn ? "tensorflow" : "wasm";
    let here: BrowserBackend[] | undefined;
    await withFolder(async (folder) => {
      for (const name of Object.keys(MODELS)) {
        const model = await saveTiny(folder, name, undefined, awakened);
        const out = join(folder, `${name}.html`);
        await exportPage({ ...DEFAULTS, backend, model, out, weights: "float32" }, QUIET);
        here ??= await backendsOf(browser, out, context);
        await context.step(name, async () => {
          const loaded = await loadModel(model) as SomeModel;
          const wishes = await wishesOf(loaded, drawn).finally(() => loaded.dispose());
          for (const backend of here!) await comparePage(browser, out, backend, wishes);
        });
      }
    });
  },
);
