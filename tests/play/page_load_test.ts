/// <reference lib="dom" />
/** Pages that load slowly, and pages whose backends fail, in Chromium. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { singleFile } from "../../lib/play/html.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { anyPage, OTHER_MODULE } from "./_pages.ts";
import { waitForStatus } from "./_user.ts";

type Bytes = Uint8Array<ArrayBuffer>;
// deno-lint-ignore no-explicit-any -- messages, and what a test adds to the page
type AnyData = any;

/** Serves a page that arrives in pieces, each when the page is ready for it. */
function serveSlowly(pieces: Bytes[], next: () => Promise<void>): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, () => {
    const body = new ReadableStream<Bytes>({
      async start(controller) {
        for (const [i, piece] of pieces.entries()) {
          if (i > 0) await next();
          controller.enqueue(piece);
        }
        controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": "text/html; charset=utf-8" } });
  });
}

testInBrowser("over a slow connection, the progress of a page grows up to 100% and never falls", async (browser) => {
  const html = await singleFile(await anyPage());
  const whole = new TextDecoder().decode(html);
  const cuts = ["worker", "wasm", "weights"].flatMap((id) => {
    const [part] = whole.match(new RegExp(`<script type="text/plain" id="${id}"[^]*?</script>`))!;
    return [0.2, 0.7, 1].map((share) => whole.indexOf(part) + Math.round(share * part.length));
  });
  const pieces = [0, ...cuts].map((cut, i, all) => html.slice(cut, all[i + 1]));
  const asked: (() => void)[] = [];
  const server = serveSlowly(pieces, () => new Promise((resolve) => asked.push(resolve)));
  try {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(() => {
      const shown: number[] = (globalThis as AnyData).shown = [];
      const look = () => {
        const percent = document.querySelector("[role=status]")?.textContent?.match(/^Loading: .* (\d+)%$/)?.[1];
        if (percent !== undefined && shown.at(-1) !== Number(percent)) shown.push(Number(percent));
      };
      new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
    });
    const opened = page.goto(`http://127.0.0.1:${server.addr.port}/`);
    const shown = () => page.evaluate(() => (globalThis as AnyData).shown as number[]).catch(() => [] as number[]);
    for (let piece = 1; piece < pieces.length; piece++) {
      // The page has displayed the progress of the last piece, unless that is less than 10%.
      const before = (await shown()).length;
      for (let look = 0; look < 10 && (await shown()).length === before; look++) {
        await page.evaluate(() => new Promise(requestAnimationFrame)).catch(() => {});
      }
      while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      asked.shift()!();
    }
    await opened;
    await waitForStatus(page, /^Ready/);
    const all = await shown();
    assertEquals(all, all.toSorted((a, b) => a - b));
    assert(all.length > 3 && all[0]! < 50 && all.at(-1) === 100, `${all}`);
  } finally {
    await server.shutdown();
  }
});

/** Text of the line about the backend, if the user can see it. */
const backendLine = (page: OpenPage["page"]) =>
  page.$eval(".backend", (line) => line.checkVisibility() ? (line as HTMLElement).innerText : "hidden");

testInBrowser("a page says which backends it has tried before, and why they failed", async (browser) => {
  await withFolder(async (folder) => {
    const files = await anyPage();
    await Deno.writeFile(`${folder}/page.html`, await singleFile({ ...files, wasm: OTHER_MODULE }));
    const { page, problems } = await openPage(browser, `${folder}/page.html`);
    await waitForStatus(page, /^Ready/);
    const tried = /^Runs in your browser with JavaScript(: [\d.]+ ms per image)?\. Nothing leaves this page\. Tried before: /;
    const line = await backendLine(page);
    assertMatch(line, tried);
    for (const backend of ["WebGPU", "WebGL", "WebAssembly"]) assertMatch(line, new RegExp(`[ ,]${backend} \\([^)]{5,}`));
    await page.locator("::-p-xpath(//button[.='Clear'])").click(); // the second image, whose time is shown
    await page.waitForFunction(() => document.querySelector(".backend")!.textContent!.includes("ms per image"));
    assertMatch(await backendLine(page), tried);
    assertEquals(problems, []);
  });
});

testInBrowser("if the browser takes the GPU away, the page goes on with the next backend and says so", async (browser) => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/page.html`, await singleFile(await anyPage()));
    const startOnWebgl = () => {
      const { postMessage } = Worker.prototype;
      let isFirst = true; // it is an emulated GPU, which the page would not choose
      Worker.prototype.postMessage = function (message: AnyData, ...rest: never[]) {
        const args = isFirst && message.method === "start" ? [...message.args.slice(0, 3), ["webgl"]] : message.args;
        if (message.method === "start") isFirst = false;
        postMessage.call(this, { ...message, args }, ...rest as []);
      };
    };
    const { page } = await openPage(browser, `${folder}/page.html`, { prepare: startOnWebgl });
    await waitForStatus(page, /^Ready/);
    assertMatch(await backendLine(page), /^Runs in your browser with WebGL/);
    const client = await page.createCDPSession();
    await client.send("Browser.crashGpuProcess");
    await page.waitForFunction(() => {
      [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Clear")!.click();
      return document.querySelector(".backend")!.textContent!.includes("with WebAssembly");
    }, { polling: 500 });
    await waitForStatus(page, /^Ready/);
    assertMatch(await backendLine(page), / Tried before: WebGL \(the browser lost access to the GPU\)\.$/);
  });
});
