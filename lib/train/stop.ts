/** Stopping a training run: by the notebook's Stop button, by Ctrl-C in a terminal, or by an AbortSignal of the caller.
 *
 * All three arrive as one signal, which the loop checks after each step, so that nothing is lost. The Stop button sends SIGINT,
 * which kills a Deno kernel with all its state unless a listener is installed; Ctrl-C sends the same. Signals are delivered only
 * while the event loop runs: a loop must wait for a task between its steps ({@linkcode yieldToEventLoop}), and not only for
 * promises.
 * @module */
import { setImmediate } from "node:timers";
import { inNotebook } from "../plot/jupyter.ts";

/** A signal with a listener behind it. */
export interface Stop {
  /** Aborted when a stop is requested. */
  readonly signal: AbortSignal;
  /** Removes the listener, after which Ctrl-C ends the program as usual. Idempotent. */
  done(): void;
}

/** Reactions to signals. */
export interface StopOptions {
  /** In a notebook each SIGINT is a stop, and the kernel always survives. In a terminal a second one exits at once, with
   * status 130 (143 for SIGTERM). Default: where this program runs. */
  notebook?: boolean;
  /** Called once, in a terminal, with a line that explains the first Ctrl-C. Default: prints it to stderr. */
  say?: (line: string) => void;
}

/** Exit statuses that shells report for a signal: 128 plus its number. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens for requests to stop, until `done` is called.
 * @param signal of the caller; aborting it is a request, too. */
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

/** SIGTERM ends a kernel whose notebook is closed, which must stay so. Windows has no SIGTERM. */
function signalNames(notebook: boolean): (keyof typeof STATUS)[] {
  return notebook || Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
}

function listen(name: Deno.Signal, listener: () => void): () => void {
  Deno.addSignalListener(name, listener);
  return () => Deno.removeSignalListener(name, listener);
}

/** Yields to the event loop: to prefetching, signals, and messages of a notebook. Awaiting a promise alone does not. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => resolve()));
}
