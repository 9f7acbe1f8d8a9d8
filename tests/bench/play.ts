/// <reference lib="dom" />
/** Times pages in headless Chromium on WebAssembly: how long they take to open, and to translate a picture.
 *
 *     deno run -A tests/bench/play.ts [--check] [SIZE/FILTERS ...]
 *
 * Each page holds an untrained pix2pix model with weights in uint8. A page is ready when it shows its first picture. The time of
 * a picture includes the messages between the page and its worker. The share is the time that XNNPACK takes for the
 * multiplications of a picture in one large matrix product, in percent of the time of the picture: it depends less on the
 * machine, and may exceed 100, since pages need fewer multiplications. With `--check`, the program fails if a time is above its
 * bar.
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
import * as tf from "../../lib/tf.ts";
import { launchBrowser, type OpenPage, openPage } from "../play/_browser.ts";

/** Models whose times have a bar: size/filters, and milliseconds. */
const BARS: Record<string, number> = { "64/32": 15, "256/16": 70, "256/32": 160 };
/** Maximum time until a page is ready, in milliseconds. */
const READY_BAR = 1500;
const PICTURES = 40;
const OPENINGS = 5;

/** The page of an untrained model. */
interface BenchPage {
  megabytes: number;
  /** Number of multiplications per picture. */
  products: number;
}

/** Returns the number of multiplications of a network's convolutions. */
function productsOf({ layers }: tf.LayersModel): number {
  return layers.reduce((sum, layer) => {
    const weights = layer.trainableWeights.find(({ shape }) => shape.length === 4);
    const shape = (layer.getClassName() === "Conv2DTranspose" ? layer.input : layer.output) as tf.SymbolicTensor;
    return weights ? sum + tf.util.sizeFromShape([...weights.shape, ...shape.shape.slice(1, 3)] as number[]) : sum;
  }, 0);
}

/** Returns the rate of matrix products on one thread of WebAssembly: multiplications per millisecond. */
async function rateOf(): Promise<number> {
  await useBackend("wasm", { quiet: true });
  const [x, filter] = [tf.ones([1, 32, 32, 256]) as tf.Tensor4D, tf.ones([1, 1, 256, 256]) as tf.Tensor4D];
  const times = Array.from({ length: 30 }, () => {
    const start = performance.now();
    tf.conv2d(x, filter, 1, "same").dispose();
    return performance.now() - start;
  });
  tf.dispose([x, filter]);
  await useBackend("cpu", { quiet: true });
  return 32 * 32 * 256 * 256 / Math.min(...times);
}

/** Writes the page of an untrained model. */
async function writePage(path: string, size: number, filters: number): Promise<BenchPage> {
  const model = pix2pix({ size, filters });
  const products = productsOf(model.networks.generator);
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
  return { megabytes: page.length / 1e6, products };
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

/** Measures one page.
 * @param rate Multiplications per millisecond.
 * @returns whether its times are below the bars. */
async function measure(name: string, folder: string, rate: number): Promise<boolean> {
  const [size, filters] = name.split("/").map(Number) as [number, number];
  const path = `${folder}/${size}-${filters}.html`;
  const { megabytes, products } = await writePage(path, size, filters);
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
    const [time, bar] = [median(times), BARS[name] ?? Infinity];
    const ready = median(logs.map((log) => log["Ready"]!));
    console.log(
      `${name}: ${megabytes.toFixed(1)} MB; opening, in ms: ${opening.join(", ")} (bar ${READY_BAR}); a picture: median ` +
        `${time.toFixed(1)} ms, least ${Math.min(...times).toFixed(1)} ms (bar ${bar}), share ` +
        `${(100 * products / rate / time).toFixed()}%`,
    );
    return time <= bar && ready <= READY_BAR;
  } finally {
    await browser.close();
  }
}

if (import.meta.main) {
  await useBackend("cpu", { quiet: true });
  const folder = await Deno.makeTempDir();
  const names = Deno.args.filter((name) => name !== "--check");
  const rate = await rateOf();
  console.log(`Matrix products on one thread: ${(rate / 1e6).toFixed(1)} billion multiplications per second`);
  const above: string[] = [];
  for (const name of names.length > 0 ? names : Object.keys(BARS)) if (!await measure(name, folder, rate)) above.push(name);
  await Deno.remove(folder, { recursive: true });
  if (Deno.args.includes("--check") && above.length > 0) {
    console.error(`Too slow: ${above.join(", ")}; if the machine is busy, measure again`);
    Deno.exit(1);
  }
}
