/// <reference lib="dom" />
/** Pages that are damaged or load slowly, in Chromium: each problem is one line, and the page neither waits forever nor shows a
 * wrong image. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { respond } from "../../lib/cli/serve.ts";
import { folderFiles, type PageFiles, singleFile } from "../../lib/play/html.ts";
import type { PackedWeight } from "../../lib/play/protocol.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { pageOf } from "./_pages.ts";
import { COLOUR, DRAWN, SIZE, status, waitForStatus } from "./_user.ts";

type Browser = ReturnType<OpenPage["page"]["browser"]>;
type Bytes = Uint8Array<ArrayBuffer>;
/** The data of a page, some of which a test damages. */
// deno-lint-ignore no-explicit-any -- damaged data has any form
type AnyData = any;

/** Composes a page of an untrained model. */
async function anyPage(): Promise<PageFiles> {
  const model = pix2pix({ size: SIZE, filters: 4, seed: 3, generator: "resnet", blocks: 2 });
  const page = await pageOf(model, { input: DRAWN, output: COLOUR });
  model.dispose();
  return page;
}

/** Opens a damaged page, which must show one line about an error and cause no other error.
 * @param place Path or address. */
async function expectLine(browser: Browser, place: string, line: RegExp, name: string): Promise<void> {
  const { page, problems } = await openPage(browser, place, { backend: "wasm" });
  const wrong = async () => `${name}: the page shows "${await status(page)}"`;
  await waitForStatus(page, /^(Ready|Cannot )/).catch(async () => assert(false, await wrong()));
  assert(line.test(await status(page)), await wrong());
  assertEquals(await page.$$eval(".status.error", (all) => all.length), 1, name);
  assertEquals(problems.filter((text) => !/Unexpected end of input|status of 404/.test(text)), [], name); // the browser's own
  await page.close();
}

const text = (html: Bytes) => new TextDecoder().decode(html);
const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
/** The smallest WebAssembly module. */
const OTHER_MODULE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
const WEIGHTS = /^Cannot read the weights: the page is damaged; load it again, or export the model again$/;

testInBrowser("a page that is cut short or whose parts are damaged shows one line", async (browser) => {
  await withFolder(async (folder) => {
    const files = await anyPage();
    const whole = text(await singleFile(files));
    const changed = async (change: Partial<PageFiles>) => text(await singleFile({ ...files, ...change }));
    const withWorker = (worker: string) => changed({ scripts: { ...files.scripts, worker } });
    const part = (id: string, to: string) => whole.replace(new RegExp(`(id="${id}"[^>]*>)([^<]*)`), to);
    const cutAfter = (place: string, more: number) => whole.slice(0, whole.indexOf(place) + more);
    const backend = /^Cannot start a backend: tried wasm \(.+\); use a current browser$/;
    const pages: Record<string, [html: string, line: RegExp]> = {
      "weights end early": [part("weights", "$1").replace(/(id="weights"[^>]*>)/, `$1${"QUJD".repeat(99)}`), WEIGHTS],
      "weights are cut": [whole.replace(/(id="weights"[^>]*>.{1000})[^<]*/, "$1"), WEIGHTS],
      "weights are no base64": [whole.replace(/(id="weights"[^>]*>.{100})/, "$1?!"), WEIGHTS],
      "weights have a wrong checksum": [
        whole.replace(/(id="weights"[^>]*>.{999})(.)/, (_, a, b) => a + (b === "A" ? "B" : "A")),
        WEIGHTS,
      ],
      "weights are empty": [await changed({ weights: new Uint8Array() }), WEIGHTS],
      "weights are absent": [whole.replace('id="weights"', 'id="other"'), /^Cannot read the page: it ends before its weights/],
      "the file ends in the weights": [cutAfter('id="weights"', 5000), WEIGHTS],
      "the file ends in the .wasm file": [
        cutAfter('id="wasm"', 5000),
        /^Cannot read the (wasm: the page is damaged|page: it ends)/,
      ],
      "the file ends before the parts": [
        cutAfter('</script>\n<script type="text/plain"', 10),
        /^Cannot read the page: it ends before its /,
      ],
      "the .wasm file is text": [await changed({ wasm: bytesOf("abcdefgh") }), backend],
      "the .wasm file is cut": [await changed({ wasm: files.wasm.slice(0, files.wasm.length / 2) }), backend],
      "the .wasm file is another": [await changed({ wasm: OTHER_MODULE }), backend],
      "the .wasm file has a wrong checksum": [
        part("wasm", "$1H4sIAAAAAAAAA0tMSk5JTUvPAAAgYVPVCAAAAA=="),
        /^Cannot read the wasm: the page is damaged/,
      ],
      "the worker is empty": [await withWorker(""), /^Cannot read the worker: the page is damaged/],
      "the worker is cut": [await withWorker(files.scripts.worker.slice(0, 9999)), /^Cannot continue: /],
    };
    for (const [name, [html, line]] of Object.entries(pages)) {
      await Deno.writeTextFile(`${folder}/page.html`, html);
      await expectLine(browser, `${folder}/page.html`, line, name);
    }
    for (const [name, place] of [["script", '<script type="module"'], ["description", 'id="forger"']] as const) {
      await Deno.writeTextFile(`${folder}/page.html`, cutAfter(place, 400));
      const { page } = await openPage(browser, `${folder}/page.html`);
      assertMatch(await status(page), /^Loading\. If this text stays, the page is incomplete: load it again, or export/, name);
    }
  });
});

testInBrowser("a page with a damaged description or hostile weights shows one line", async (browser) => {
  await withFolder(async (folder) => {
    const files = await anyPage();
    const write = async (data: unknown, weights = files.weights) => {
      const html = text(await singleFile({ ...files, weights }));
      const json = JSON.stringify(data).replaceAll("<", "\\u003c");
      await Deno.writeTextFile(`${folder}/page.html`, html.replace(/(id="forger">)[^<]*/, (_, tag) => tag + json));
    };
    const description = /^Cannot read the page: the description of its model is missing or damaged; export the model again$/;
    const { model: _, ...modelless } = files.data;
    for (const data of [null, [], {}, "x", 3, modelless, { ...files.data, uses: "translate" }, { ...files.data, size: {} }]) {
      await write(data);
      await expectLine(browser, `${folder}/page.html`, description, JSON.stringify(data)?.slice(0, 60));
    }
    const html = text(await singleFile(files)).replace(/(id="forger">.{100})[^<]*/, "$1");
    await Deno.writeTextFile(`${folder}/page.html`, html);
    await expectLine(browser, `${folder}/page.html`, description, "cut");

    for (const change of [{ input: undefined }, { output: null }, { uses: ["captions"] }]) {
      await write({ ...files.data, ...change });
      await expectLine(browser, `${folder}/page.html`, /^Cannot continue: /, JSON.stringify(change));
    }
    await write({ ...files.data, uses: ["teleport"] });
    await expectLine(browser, `${folder}/page.html`, /^Cannot show the model: this page has no view for it/, "another use");

    const load = /^Cannot (load|read the weights|build)[^\n]*$/;
    // For all others, see "unpackModel() rejects".
    const changes: Record<string, (model: AnyData, largest: AnyData) => void> = {
      "no networks": (model) => model.networks = {},
      "another kind": (model) => model.kind = "toString",
      "scale NaN": (_, largest) => Object.assign(largest, { precision: "uint8", scale: NaN, least: 0 }), // null in JSON
      "wrong shape": (_, largest) => largest.shape = largest.shape.toReversed(),
    };
    for (const [name, change] of Object.entries(changes)) {
      const data = structuredClone(files.data);
      const size = ({ shape }: PackedWeight) => shape.reduce((product, n) => product * n, 1);
      const [largest] = data.model.networks["generator"]!.toSorted((a, b) => size(b) - size(a));
      change(data.model, largest);
      await write(data);
      await expectLine(browser, `${folder}/page.html`, load, name);
    }
    const filled = (value: number) => new Uint8Array(new Float32Array(files.weights.length / 4).fill(value).buffer);
    for (const value of [NaN, 0]) {
      await write(files.data, filled(value));
      await expectLine(browser, `${folder}/page.html`, load, `weights of ${value}`);
    }
    await write(files.data, files.weights.slice(0, files.weights.length / 2));
    const late = /^Cannot read the weights: .* ends after the last byte; the page is damaged: export the model again$/;
    await expectLine(browser, `${folder}/page.html`, late, "half of the weights");
  });
});

testInBrowser("a folder of files on a server shows one line about a file that is missing or damaged", async (browser) => {
  const whole = folderFiles(await anyPage());
  let files = whole;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => respond(files, request));
  const address = `http://127.0.0.1:${server.addr.port}/`;
  try {
    const { page, requests, problems } = await openPage(browser, address, { backend: "wasm" });
    await waitForStatus(page, /^Ready/);
    assertEquals([requests.every((url) => url.startsWith(address)), requests.length, problems], [true, 4, []]);
    for (const name of ["weights.bin", "tfjs.wasm", "worker.js"]) {
      const bytes = whole[name]!;
      const flipped = bytes.slice();
      flipped[5000]! ^= 1;
      const changes = {
        "is cut": bytes.slice(0, 5000),
        "is empty": new Uint8Array(),
        "is filled with zeros": bytes.map(() => 0),
      };
      for (const [what, changed] of Object.entries({ ...changes, "has a wrong bit": flipped })) {
        files = { ...whole, [name]: changed };
        const line = changed.length > 0
          ? new RegExp(`^Cannot read ${name}: it is damaged or belongs to another page; copy the whole folder again$`)
          : /^Cannot read the \w+: the page is damaged; load it again/;
        await expectLine(browser, address, line, `${name} ${what}`);
      }
      files = { ...whole };
      delete files[name];
      const line = new RegExp(`^Cannot read ${name}: the server answers 404; copy the whole folder to the server$`);
      await expectLine(browser, address, line, `${name} is missing`);
    }
  } finally {
    await server.shutdown();
  }
});

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
  const whole = text(html);
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
    assertMatch(await backendLine(page), / Tried before: WebGL \(the browser has taken the GPU away\)\.$/);
  });
});
