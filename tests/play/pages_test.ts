/// <reference lib="dom" />
/** The pages of all systems, opened in the three ways in which they reach a user: as one file, from a folder on a web server, and
 * by deno task play. Each becomes ready, without errors on the console, and fetches nothing but its own files. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { gallery } from "../../lib/cli/gallery.ts";
import { serve } from "../../lib/cli/play.ts";
import { serveRequests } from "../../lib/cli/serve.ts";
import { writeFiles } from "../../lib/cli/page_files.ts";
import { FOLDER_FILES, folderFiles, type PageFiles, singleFile } from "../../lib/play/html.ts";
import { start, withFolder } from "../cli/_task.ts";
import { launchBrowser, type OpenPage, openPage, testWithBrowsers } from "./_browser.ts";
import { MODELS, pageOf, saveTiny } from "./_models.ts";
import { waitUntilReady } from "./_user.ts";

type Browser = Awaited<ReturnType<typeof launchBrowser>>;

/** What the browser's network log says about a request. */
interface LogEntry {
  params?: { url?: string; initiator?: string };
}

/** Returns the addresses that pages and their workers requested over the network, by the log that the browser has written.
 * Requests of the browser itself, such as those for updates, have no origin. */
async function requestedBy(log: string): Promise<string[]> {
  const { events } = JSON.parse(await Deno.readTextFile(log)) as { events: LogEntry[] };
  const ofPages = events.filter(({ params }) => params?.initiator !== undefined && params.initiator !== "not an origin");
  return [...new Set(ofPages.map(({ params }) => params!.url!))].sort();
}

/** Runs a test with a browser that writes a network log.
 * @param test Receives the browser, and returns the addresses that its pages must request, and no others. */
async function logged(folder: string, test: (browser: Browser) => Promise<string[]>): Promise<void> {
  const log = join(folder, "net.json");
  const browser = await launchBrowser([`--log-net-log=${log}`]);
  const allowed = await test(browser).finally(() => browser.close());
  assertEquals(await requestedBy(log), [...new Set(allowed)].sort());
}

/** Serves a folder, as any web server does. */
function serveFolder(folder: string): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const body = await Deno.readFile(join(folder, pathname === "/" ? FOLDER_FILES.page : pathname)).catch(() => undefined);
    const headers = { "content-type": pathname === "/" ? "text/html" : "application/octet-stream" };
    return body ? new Response(body, { headers }) : new Response("Not found", { status: 404 });
  });
}

/** Checks a page that has been opened, closes it, and returns the addresses that it requested, without its own. */
async function check({ page, problems, requests }: OpenPage, address: string): Promise<string[]> {
  await waitUntilReady(page);
  assertEquals(problems, []);
  assertEquals(requests[0], address);
  await page.close();
  return requests.slice(1);
}

/** Addresses of the files of a page in a folder, without the page itself. */
function filesOf(page: PageFiles, address: string): string[] {
  const html = new TextDecoder().decode(folderFiles(page)[FOLDER_FILES.page]);
  return [...html.matchAll(/ data-file="([^"]+)"/g)].map(([, file]) => new URL(file!, address).href);
}

testWithBrowsers("pages of all systems become ready from a file, a folder on a server, and deno task play", async (context) => {
  await useBackend("cpu", { quiet: true });
  await withFolder(async (folder) => {
    await logged(folder, async (browser) => {
      const all: string[] = [];
      for (const name of Object.keys(MODELS)) {
        await context.step(name, async () => {
          const page = await pageOf(folder, name);
          const file = join(folder, `${name}.html`);
          await Deno.writeFile(file, await singleFile(page));
          assertEquals(await check(await openPage(browser, file), pathToFileURL(file).href), []);

          const place = join(folder, `${name} on a server`);
          const files = Object.entries(folderFiles(page)).map(([name, bytes]) => [join(place, name), bytes]);
          await writeFiles(place, Object.fromEntries(files), false);
          for (const server of [serveFolder(place), serve(page, undefined)]) {
            try {
              const address = `http://127.0.0.1:${server.addr.port}/`;
              const requested = await check(await openPage(browser, address), address);
              assertEquals(requested.sort(), filesOf(page, address).sort());
              all.push(...requested);
            } finally {
              await server.shutdown();
            }
          }
        });
      }
      return all;
    });
  });
});

testWithBrowsers("deno task play opens the page of a model, and a gallery leads to the pages of its models", async () => {
  await useBackend("cpu", { quiet: true });
  await withFolder(async (folder) => {
    const model = await saveTiny(folder, "gan of points");
    const child = start("play", ["--model", model, "--no-browser"]);
    const page = await pageOf(folder, "classifier");
    const server = serveRequests(gallery([model], () => Promise.resolve(folderFiles(page))), undefined, "gallery");
    try {
      await logged(folder, async (browser) => {
        const address = await addressIn(child.stdout);
        const requested = await check(await openPage(browser, address), address);
        assertEquals(requested.length, 3);

        const all = `http://127.0.0.1:${server.addr.port}/`;
        const opened = await openPage(browser, all);
        await opened.page.click("a");
        await waitUntilReady(opened.page);
        assertEquals(opened.page.url(), `${all}gan-of-points/`);
        const [, link, ...files] = opened.requests;
        await check(opened, all);
        assertEquals([link, files.sort()], [opened.page.url(), filesOf(page, link!).sort()]);
        return [...requested, link!, ...files];
      });
    } finally {
      child.kill("SIGINT");
      await server.shutdown();
      await Promise.all([child.status, child.stderr.cancel()]);
    }
  });
});

/** Waits until a command prints its address. */
async function addressIn(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of output.pipeThrough(new TextDecoderStream())) {
    const [address] = (text += part).match(/http:\S+\/(?=;)/) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`deno task play ended: ${text}`);
}

testWithBrowsers("the network log shows what a worker of a page from a file requests", () =>
  withFolder(async (folder) => {
    const file = join(folder, "page.html");
    await Deno.writeTextFile(file, "<!DOCTYPE html><title>page</title>");
    const log = join(folder, "net.json");
    const browser = await launchBrowser([`--log-net-log=${log}`]);
    const { page } = await openPage(browser, file);
    await page.evaluate(() => {
      const script = `fetch("http://127.0.0.1:9/leak").catch(() => {}).then(() => postMessage(1))`;
      const worker = new Worker(URL.createObjectURL(new Blob([script])));
      return new Promise<void>((resolve) => worker.onmessage = () => resolve());
    });
    await browser.close();
    assertEquals(await requestedBy(log), ["http://127.0.0.1:9/leak"]);
  }));
