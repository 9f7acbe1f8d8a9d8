/** Stops a training run on request. A request can come from the notebook's Stop button, from Ctrl-C in a terminal, from
 * closing the terminal, or from the caller's AbortSignal.
 *
 * All stop requests are combined into one AbortSignal, which the training loop checks after each step, so that no completed work
 * is lost. The Stop button and Ctrl-C both send SIGINT; without a listener, SIGINT ends the Deno kernel of a notebook, and the
 * state of the kernel is lost. Signals are delivered only while the event loop runs, so the training loop must yield to it
 * between steps ({@linkcode yieldToEventLoop}); awaiting promises is not enough.
 * @module */
import { setImmediate } from "node:timers";
import { inNotebook } from "../plot/jupyter.ts";
import { ignoresHangups } from "./hangup.ts";

/** A listener for stop requests. */
export interface Stop {
  /** Aborted when a stop is requested. */
  readonly signal: AbortSignal;
  /** Exit status that shells report for the signal that requested the stop: 128 plus the number of the signal. */
  readonly exitStatus: number | undefined;
  /** Removes the listeners, after which Ctrl-C ends the program as usual. Idempotent. */
  done(): void;
}

/** Options of {@linkcode stopSignal}. */
export interface StopOptions {
  /** Whether the program runs in a notebook. In a notebook, every SIGINT requests a stop, and the kernel keeps running. In a
   * terminal, a second signal ends the program immediately, with status 130 (143 for SIGTERM). A second SIGHUP does not end the
   * program, since both the system and the shell may send SIGHUP when a terminal closes. Default: detected. */
  notebook?: boolean;
  /** Function that prints a message after the first signal in a terminal. Default: prints the message to stderr. */
  say?: (line: string) => void;
}

/** Exit statuses that shells report for signals: 128 plus the signal number. */
export const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Maps the abort signal of each active listener to the listener. */
const listening = new WeakMap<AbortSignal, Stop>();

/** Listens for stop requests until `done` is called.
 * @param signal The caller's signal; aborting it also requests a stop. If the signal belongs to an existing listener, the
 * existing listener is reused, and only its creator can remove it. */
export function stopSignal(signal?: AbortSignal, options: StopOptions = {}): Stop {
  const shared = signal && listening.get(signal);
  if (shared) return Object.create(shared, { done: { value: () => {} } });
  const { notebook = inNotebook(), say = console.error } = options;
  const controller = new AbortController();
  let first: keyof typeof EXIT_STATUS | undefined;
  let urged = false;
  const request = (name: keyof typeof EXIT_STATUS): void => {
    if (name === "SIGHUP" && ignoresHangups) return;
    if (urged && name !== "SIGHUP") Deno.exit(EXIT_STATUS[name]);
    urged ||= !notebook && name !== "SIGHUP";
    if (!notebook) tell(say, name);
    first ??= name;
    controller.abort(new DOMException("The training run was stopped by the user", "AbortError"));
  };
  const removers = signalNames(notebook).map((name) => listen(name, () => request(name)));
  const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  const stop = {
    signal: both,
    get exitStatus() {
      return first && EXIT_STATUS[first];
    },
    done() {
      listening.delete(both);
      removers.splice(0).forEach((remove) => remove());
    },
  };
  listening.set(both, stop);
  return stop;
}

function tell(say: (line: string) => void, name: keyof typeof EXIT_STATUS): void {
  const again = name === "SIGHUP" ? "" : "; press Ctrl-C again to stop immediately";
  try {
    say(`Stopping after this step and saving a checkpoint${again}`);
  } catch {
    // The terminal has been closed.
  }
}

/** Returns the signals to listen for. The kernel of a notebook receives SIGTERM when the notebook is closed, and must then exit.
 * Windows has only SIGINT. */
function signalNames(notebook: boolean): (keyof typeof EXIT_STATUS)[] {
  return notebook || Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
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
