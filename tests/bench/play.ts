/// <reference lib="dom" />
/** Times pages in headless Chromium on WebAssembly: how long they take to open, and to translate a picture.
 *
 *     deno run -A tests/bench/play.ts [SIZE/FILTERS ...]
 *
 * Each page holds an untrained pix2pix model with weights in uint8. A page is ready when it shows its first picture. The time of
 * a picture includes the messages between the page and its worker.
 * @module */
import { useBackend } from "../../lib/backend/use_backend.ts";
import { encodePng } from "../../lib/data/image.ts";
import { tfjsWasm } from "../../lib/packages.ts";
import { pageScripts } from "../../lib/play/bundle.ts";
import type { Client } from "../../lib/play/client.ts";
import { singleFile } from "../../lib/play/html.ts";
import { packModel } from "../../lib/play/pack.ts";
import type { PageData } from "../../lib/play/page_data.ts";
import type { Values } from "../../lib/play/protocol.ts";
import { dataUri } from "../../lib/plot/png.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { launchBrowser, type OpenPage, openPage } from "../play/_browser.ts";

/** Models whose times have a bar: size/filters, and milliseconds. */
const BARS: Record<string, number> = { "64/32": 15, "256/16": 70, "256/32": 160 };
const PICTURES = 20;
const OPENINGS = 5;

/** Writes the page of an untrained model.
 * @returns its size in MB. */
async function writePage(path: string, size: number, filters: number): Promise<number> {
  const model = pix2pix({ size, filters });
  const { model: packed, bytes, precision } = packModel(model as never, "uint8");
  model.dispose();
  const image = {
    data: Uint8Array.from({ length: 3 * size ** 2 }, (_, i) => (i * 7) % 256),
    height: size,
    width: size,
    channels: 3,
  };
  const side = { channels: 3, meaning: "colours" } as const;
  const data: PageData = {
    ...{
      model: packed,
      precision,
      title: "page",
      systemTitle: "pix2pix",
      uses: ["translate"],
      size: { height: size, width: size },
    },
    ...{ input: side, output: side, snippet: "" },
    examples: [{ name: "example", input: dataUri(new Uint8Array(await encodePng(image))) }],
    card: { trained: "Not at all.", limits: "This is a benchmark.", weights: precision },
  };
  const wasm = await Deno.readFile(new URL("tfjs-backend-wasm-simd.wasm", tfjsWasm.url()));
  const page = await singleFile({ data, scripts: await pageScripts(), wasm, weights: bytes });
  await Deno.writeFile(path, page);
  return page.length / 1e6;
}

/** Runs in the page: waits until it is ready, and returns what its status line said when, in milliseconds after the opening. */
async function untilReady(): Promise<Record<string, number>> {
  const scope = globalThis as unknown as { log: Record<string, number> };
  while (!("Ready" in scope.log)) await new Promise((resolve) => setTimeout(resolve, 20));
  return scope.log;
}

/** Runs in the page before its scripts: notes what the status line says when. */
function observe(): void {
  const log: Record<string, number> = {};
  (globalThis as unknown as { log: typeof log }).log = log;
  new MutationObserver(() => {
    const text = document.querySelector("[role=status]")?.textContent ?? "";
    log[text.match(/^\w*/)![0]] ??= Math.round(performance.now());
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Runs in the page: translates pictures, and returns how long each took. */
async function translate(size: number, count: number): Promise<number[]> {
  const { client } = (globalThis as unknown as { forger: { client: Client } }).forger;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const data = Float32Array.from({ length: size * size * 3 }, () => Math.random() * 2 - 1);
    const start = performance.now();
    await client.ask<Values>("translate", { data, shape: [1, size, size, 3] }, { dropout: false });
    times.push(performance.now() - start);
  }
  return times;
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

async function measure(name: string, folder: string): Promise<void> {
  const [size, filters] = name.split("/").map(Number) as [number, number];
  const path = `${folder}/${size}-${filters}.html`;
  const megabytes = await writePage(path, size, filters);
  const browser = await launchBrowser();
  try {
    const logs: Record<string, number>[] = [];
    const times: number[] = [];
    for (let i = 0; i < OPENINGS; i++) {
      const { page }: OpenPage = await openPage(browser, path, { hash: "#backend=wasm", prepare: observe });
      logs.push(await page.evaluate(untilReady));
      if (i === 0) times.push(...await page.evaluate(translate, size, PICTURES));
      await page.close();
    }
    const opening = Object.keys(logs[0]!).filter((key) => key !== "").map((key) =>
      `${key} ${median(logs.map((log) => log[key]!))}`
    );
    console.log(
      `${name}: ${megabytes.toFixed(1)} MB; opening, in ms: ${opening.join(", ")}; a picture: median ${
        median(times).toFixed(1)
      } ms, ` +
        `least ${Math.min(...times).toFixed(1)} ms (bar ${BARS[name] ?? "none"})`,
    );
  } finally {
    await browser.close();
  }
}

if (import.meta.main) {
  await useBackend("cpu", { quiet: true });
  const folder = await Deno.makeTempDir();
  for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(BARS)) await measure(name, folder);
  await Deno.remove(folder, { recursive: true });
}
