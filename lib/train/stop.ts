/** Stopping a training by hand: the notebook's Stop button, Ctrl-C in a terminal, an AbortSignal of the caller's.
 *
 * All three come as one signal that a training looks at after each step, so that nothing is lost. The notebook's Stop button sends SIGINT,
 * which ends a Deno kernel with all its state unless someone listens; a terminal's Ctrl-C sends the same. A signal is only heard while
 * the event loop turns: a loop that listens must wait for a task (a timer, setImmediate) between its steps, not only for promises.
 * @module */
import { inNotebook } from "../plot/jupyter.ts";

/** A signal that is listened to until `done`. */
export interface Stop {
  /** Aborted when someone wants an end. */
  readonly signal: AbortSignal;
  /** Stops listening: from now on a Ctrl-C ends the program, as it always does. Safe to call twice. */
  done(): void;
}

/** How signals are taken. */
export interface StopOptions {
  /** In a notebook every SIGINT is a Stop, and the kernel always lives. In a terminal the second one ends the program at once, with
   * status 130 (143 after SIGTERM). Default: whichever this program is in. */
  notebook?: boolean;
  /** Told once, in a terminal, what the first Ctrl-C does. Default: a line on stderr. */
  say?: (line: string) => void;
}

/** What a shell reports of a program that a signal ended: 128 and the signal's number. */
const STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Listens for a wish to stop, until `done` is called.
 * @param signal of the caller's, which counts too. */
export function stopSignal(signal?: AbortSignal, options: StopOptions = {}): Stop {
  const { notebook = inNotebook(), say = console.error } = options;
  const controller = new AbortController();
  const wish = (name: keyof typeof STATUS): void => {
    if (!notebook && controller.signal.aborted) Deno.exit(STATUS[name]);
    if (!notebook && !controller.signal.aborted) say("Stopping after this step, with everything kept; once more stops at once");
    controller.abort(new DOMException("The training was stopped by hand", "AbortError"));
  };
  const removers = signalNames(notebook).map((name) => listen(name, () => wish(name)));
  const done = (): void => removers.splice(0).forEach((remove) => remove());
  const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  return { signal: both, done };
}

/** A kernel is ended by SIGTERM when the notebook is closed: that must stay so. Windows has no SIGTERM. */
function signalNames(notebook: boolean): (keyof typeof STATUS)[] {
  return notebook || Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
}

function listen(name: Deno.Signal, listener: () => void): () => void {
  Deno.addSignalListener(name, listener);
  return () => Deno.removeSignalListener(name, listener);
}
