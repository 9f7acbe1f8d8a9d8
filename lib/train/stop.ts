/** Stopping a training run: with the notebook's Stop button, with Ctrl-C in a terminal, or through the caller's AbortSignal.
 *
 * All stop requests are combined into one AbortSignal, which the training loop checks after each step, so that no completed work
 * is lost. The Stop button and Ctrl-C both send SIGINT; without a listener, SIGINT kills a Deno kernel, and its state is lost.
 * Signals are delivered only while the event loop runs, so the training loop must yield to it between steps
 * ({@linkcode yieldToEventLoop}); awaiting promises is not enough.
 * @module */
import { setImmediate } from "node:timers";
import { inNotebook } from "../plot/jupyter.ts";

/** A listener for stop requests. */
export interface Stop {
  /** Aborted when a stop is requested. */
  readonly signal: AbortSignal;
  /** Removes the listeners, after which Ctrl-C ends the program as usual. Idempotent. */
  done(): void;
}

/** Options of {@linkcode stopSignal}. */
export interface StopOptions {
  /** Whether the program runs in a notebook, where every SIGINT requests a stop and none ends the kernel. In a terminal, a
   * second signal ends the program immediately, with status 130 (143 for SIGTERM). Default: detected. */
  notebook?: boolean;
  /** Function that prints a message after the first signal in a terminal. Default: prints it to stderr. */
  say?: (line: string) => void;
}

/** Exit statuses that shells report for signals: 128 plus the signal number. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens for stop requests until `done` is called.
 * @param signal the caller's signal; aborting it also requests a stop. */
export function stopSignal(signal?: AbortSignal, options: StopOptions = {}): Stop {
  const { notebook = inNotebook(), say = console.error } = options;
  const controller = new AbortController();
  const request = (name: keyof typeof STATUS): void => {
    if (!notebook && controller.signal.aborted) Deno.exit(STATUS[name]);
    if (!notebook) say("Stopping after this step and saving a checkpoint; press Ctrl-C again to stop immediately");
    controller.abort(new DOMException("The training run was stopped by the user", "AbortError"));
  };
  const removers = signalNames(notebook).map((name) => listen(name, () => request(name)));
  const done = (): void => removers.splice(0).forEach((remove) => remove());
  const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  return { signal: both, done };
}

/** The signals to listen for. A kernel gets SIGTERM when its notebook is closed, and must then exit. Windows has no SIGTERM. */
function signalNames(notebook: boolean): (keyof typeof STATUS)[] {
  return notebook || Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
}

function listen(name: Deno.Signal, listener: () => void): () => void {
  Deno.addSignalListener(name, listener);
  return () => Deno.removeSignalListener(name, listener);
}

/** Yields to the event loop, so that prefetching continues, and signals and notebook messages are handled; awaiting a promise
 * is not enough. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => resolve()));
}
