/// <reference lib="dom" />
/** Pages that are damaged, in Chromium: each problem is one line, and the page neither waits forever nor shows a wrong image. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { respond } from "../../lib/cli/serve.ts";
import { folderFiles, type PageFiles, singleFile } from "../../lib/play/html.ts";
import type { PackedWeight } from "../../lib/play/protocol.ts";
import { withFolder } from "../cli/_task.ts";
import { type OpenPage, openPage, testInBrowser } from "./_browser.ts";
import { anyPage, OTHER_MODULE } from "./_pages.ts";
import { status, waitForStatus } from "./_user.ts";

type Browser = ReturnType<OpenPage["page"]["browser"]>;
type Bytes = Uint8Array<ArrayBuffer>;
/** The data of a page, some of which a test damages. */
// deno-lint-ignore no-explicit-any -- damaged data has any form
type AnyData = any;

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
const WEIGHTS = /^Cannot read the weights: the page is damaged; load it again, or export the model again$/;

const cutAfter = (whole: string, place: string, more: number) => whole.slice(0, whole.indexOf(place) + more);

/** Damages a page in one file.
 * @returns The damaged files and the lines that they must show, keyed by the damage. */
async function damagedFiles(files: PageFiles): Promise<Record<string, [html: string, line: RegExp]>> {
  const whole = text(await singleFile(files));
  const changed = async (change: Partial<PageFiles>) => text(await singleFile({ ...files, ...change }));
  const withWorker = (worker: string) => changed({ scripts: { ...files.scripts, worker } });
  const part = (id: string, to: string) => whole.replace(new RegExp(`(id="${id}"[^>]*>)([^<]*)`), to);
  const backend = /^Cannot start a backend: tried wasm \(.+\); use a current browser$/;
  return {
    "weights end early": [part("weights", "$1").replace(/(id="weights"[^>]*>)/, `$1${"QUJD".repeat(99)}`), WEIGHTS],
    "weights are cut": [whole.replace(/(id="weights"[^>]*>.{1000})[^<]*/, "$1"), WEIGHTS],
    "weights are no base64": [whole.replace(/(id="weights"[^>]*>.{100})/, "$1?!"), WEIGHTS],
    "weights have a wrong checksum": [
      whole.replace(/(id="weights"[^>]*>.{999})(.)/, (_, a, b) => a + (b === "A" ? "B" : "A")),
      WEIGHTS,
    ],
    "weights are empty": [await changed({ weights: new Uint8Array() }), WEIGHTS],
    "weights are absent": [whole.replace('id="weights"', 'id="other"'), /^Cannot read the page: it ends before its weights/],
    "the file ends in the weights": [cutAfter(whole, 'id="weights"', 5000), WEIGHTS],
    "the file ends in the .wasm file": [
      cutAfter(whole, 'id="wasm"', 5000),
      /^Cannot read the (wasm: the page is damaged|page: it ends)/,
    ],
    "the file ends before the parts": [
      cutAfter(whole, '</script>\n<script type="text/plain"', 10),
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
}

testInBrowser("a page that is cut short or whose parts are damaged shows one line", async (browser) => {
  await withFolder(async (folder) => {
    const files = await anyPage();
    for (const [name, [html, line]] of Object.entries(await damagedFiles(files))) {
      await Deno.writeTextFile(`${folder}/page.html`, html);
      await expectLine(browser, `${folder}/page.html`, line, name);
    }
    const whole = text(await singleFile(files));
    for (const [name, place] of [["script", '<script type="module"'], ["description", 'id="forger"']] as const) {
      await Deno.writeTextFile(`${folder}/page.html`, cutAfter(whole, place, 400));
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
