/** The game's worker: alternates between training and snapshots, no faster than the page draws.
 * @module */
import "../node.ts"; // first, because other modules read the global Deno while they are loaded
import { quietCpu } from "../../backend/cpu.ts";
import { registerKernels } from "../../backend/wasm/kernels.ts";
import { prepareWasm, startBackend } from "../browser_backend.ts";
import { afterEvents } from "../tick.ts";
import type { Order, Pace, Report } from "./messages.ts";
import { Trainer } from "./trainer.ts";

/** Time for steps between two snapshots at the speed "fast", in milliseconds. If a snapshot takes about 5 ms, there are 60 per
 * second. */
const BUDGET = 10;

/** During training, one in this many snapshots measures the points: twelve per second at 60 snapshots per second. */
const MEASURED_EVERY = 5;

interface Port {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage(report: Report, transfer?: Transferable[]): void;
}
const port = globalThis as unknown as Port;

let trainer: Trainer | undefined;
let pace: Pace | undefined; // undefined: paused
let looping = false;
let games = 0;
/** Whether the page has yet to draw the last snapshot. */
let undrawn = false;
/** Number of snapshots since the points were measured. */
let unmeasured = 0;
let wakeDrawn: () => void = () => {};
let wakeWaiting: () => void = () => {};

/** Sends a snapshot to the page. During training, only some of the snapshots measure the points. */
function show(): void {
  const measured = pace === undefined || typeof pace === "number" || ++unmeasured >= MEASURED_EVERY;
  if (measured) unmeasured = 0;
  const look = trainer!.look(measured);
  undrawn = true;
  port.postMessage(
    { type: "look", look, game: games },
    [look.real, look.generated, look.field, look.arrows].map((a) => a.buffer),
  );
}

/** Trains until the page pauses it. */
async function loop(): Promise<void> {
  if (looping) return;
  looping = true;
  while (pace !== undefined) {
    const began = performance.now();
    do trainer!.step(); while (pace === "fast" && performance.now() - began < BUDGET);
    if (undrawn) await new Promise<void>((resolve) => wakeDrawn = resolve);
    show();
    if (!trainer!.finite) {
      pace = undefined;
      port.postMessage({ type: "diverged" });
    } else if (typeof pace === "number") await wait(1000 / pace - (performance.now() - began));
    else await wait(0); // the worker reads messages from the page in between
  }
  looping = false;
}

/** Waits for a given time, or until the page pauses or changes the speed. */
function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    wakeWaiting = resolve;
    if (milliseconds > 0) setTimeout(resolve, milliseconds);
    else afterEvents(resolve);
  });
}

async function start(order: Extract<Order, { type: "start" }>): Promise<void> {
  // A page from a file and its worker do not share an origin, so the worker could not fetch the page's addresses.
  const address = URL.createObjectURL(new Blob([order.wasm], { type: "application/wasm" }));
  // For all network sizes that the page offers, WebAssembly is faster than plain JavaScript.
  const wasm = async () => {
    // Also false without SIMD. tfjs itself would wait forever for a file that it cannot compile.
    if (!WebAssembly.validate(order.wasm)) throw new Error("not available");
    await prepareWasm(address, registerKernels);
  };
  const prepare = { wasm, cpu: quietCpu };
  const { backend } = await startBackend(prepare, order.backends);
  trainer = new Trainer(order.settings);
  port.postMessage({ type: "started", backend });
  show();
}

async function obey(order: Order): Promise<void> {
  if (order.type === "start") return await start(order);
  if (order.type === "drawn") {
    undrawn = false;
    return wakeDrawn();
  }
  if (!trainer) return;
  if (order.type === "run") {
    pace = order.pace;
    wakeWaiting();
    return await loop();
  }
  if (order.type === "pause") {
    pace = undefined;
    wakeWaiting();
    return show(); // with measures
  }
  if (order.type === "step") {
    if (order.which === "both") trainer.step();
    else if (order.which === "discriminator") trainer.stepDiscriminator();
    else trainer.stepGenerator();
  } else if (order.type === "restart") {
    trainer.restart();
    games++;
  } else if (trainer.change(order.settings)) games++;
  show();
  if (order.type === "step" && !trainer.finite) port.postMessage({ type: "diverged" });
}

port.onmessage = async ({ data }) => {
  try {
    await obey(data);
  } catch (error) {
    pace = undefined;
    looping = false;
    port.postMessage({ type: "failed", message: (error as Error).message });
  }
};
