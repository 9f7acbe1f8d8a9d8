/** Sends requests from the page to its worker. While the user is drawing, only the latest request is kept.
 * @module */
import type { Answer, BrowserBackend, PackedModel, Request } from "./protocol.ts";
import { BROWSER_BACKENDS, WEIGHTS } from "./protocol.ts";

/** Result of {@linkcode Client.start}. */
export interface Started {
  backend: BrowserBackend;
  /** Backends that failed before, and the reasons. */
  failures: { backend: BrowserBackend; reason: string }[];
}

/** Options for starting a worker, which also apply to a restart on another backend. */
export interface ClientOptions {
  /** Address of the worker's script. */
  script: string;
  /** Address or contents of the .wasm file. A page that was opened from a file must pass the contents. */
  wasm: string | Uint8Array<ArrayBuffer>;
  model: PackedModel;
  /** The packed weights. The worker starts before they have arrived. */
  bytes: Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
  /** Backends to try, in this order. Default: all. */
  backends?: readonly BrowserBackend[];
  /** Called when another backend replaces one that failed. */
  onStart?: (started: Started) => void;
}

/** Error of a request whose worker is replaced by another worker. The client then repeats the request. */
const REPLACED = new Error("another backend has replaced the worker");

/** A client of a running worker. */
export class Client {
  readonly #options: ClientOptions;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #worker: Worker | undefined;
  #last = 0;
  /** Error of the current worker that was not caused by a request. All requests to the worker then fail. */
  #broken: Error | undefined;
  #started!: Started;
  /** Settled when the current worker has started. Rejected if no backend is left: all later requests then fail, too. */
  #ready: Promise<void>;

  private constructor(options: ClientOptions) {
    this.#options = options;
    this.#ready = this.#start(options.backends ?? BROWSER_BACKENDS);
  }

  /** Starts the worker on the first backend that works.
   * @throws {Error} If the model is damaged, or if no backend works. */
  static async start(options: ClientOptions): Promise<Client> {
    const client = new Client(options);
    await client.#ready;
    return client;
  }

  /** The active backend. */
  get started(): Started {
    return this.#started;
  }

  /** Replaces the worker. The requests to the old worker fail with {@linkcode REPLACED}.
   * @param failed Backends that have failed before. */
  async #start(backends: readonly BrowserBackend[], failed: Started["failures"] = []): Promise<void> {
    this.#worker?.terminate();
    this.#fail(REPLACED);
    this.#broken = undefined;
    const worker = this.#worker = new Worker(this.#options.script);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.result as never);
    };
    worker.onerror = ({ message }) => {
      if (worker !== this.#worker) return;
      this.#broken = new Error(message.replace(/^Uncaught (Error: )?/, "") || "the worker could not be started");
      this.#fail(this.#broken);
    };
    const { model, bytes, wasm, onStart } = this.#options;
    const start = this.#send<Started>(worker, "start", model, undefined, wasm, backends);
    const weights = Promise.resolve(bytes).then((bytes) => worker.postMessage({ id: 0, method: WEIGHTS, args: [bytes] }));
    const [{ backend, failures }] = await Promise.all([start, weights]);
    this.#started = { backend, failures: [...failed, ...failures] };
    onStart?.(this.#started);
  }

  #fail(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  #send<T>(worker: Worker, method: string, ...args: unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      const id = ++this.#last;
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, method, args } satisfies Request);
    });
  }

  /** Calls a method of the player in the worker. If the backend fails, the next backend replaces it, and all requests that have
   * not been answered are repeated.
   * @throws {Error} If the last backend fails. */
  async ask<T>(method: string, ...args: unknown[]): Promise<T> {
    for (;;) {
      await this.#ready;
      const worker = this.#worker!;
      try {
        return await this.#send<T>(worker, method, ...args);
      } catch (error) {
        if (/^Cannot (generate|translate|encode|classify)/.test((error as Error).message)) throw error;
        if (worker !== this.#worker) continue; // another request has replaced it already
        const { backend, failures } = this.#started;
        const backends = this.#options.backends ?? BROWSER_BACKENDS;
        const left = backends.slice(backends.indexOf(backend) + 1);
        if (left.length === 0) throw error;
        const [reason = ""] = (error as Error).message.split("\n");
        this.#ready = this.#start(left, [...failures, { backend, reason }]);
      }
    }
  }
}

/** Returns a function that runs a task one call at a time. A call during a run waits, and replaces a call that is already
 * waiting. If a run fails while a call waits, the result is that of the waiting call.
 * @param task The task; receives the argument of the call.
 * @returns The function. The function's promise is settled after the last run. */
export function lastWish<T>(task: (wish: T) => Promise<void>): (wish: T) => Promise<void> {
  let next: { wish: T } | undefined;
  let running: Promise<void> | undefined;
  return (wish) => {
    next = { wish };
    running ??= (async () => {
      try {
        while (next) {
          const { wish } = next;
          next = undefined;
          try {
            await task(wish);
          } catch (error) {
            if (!next) throw error;
          }
        }
      } finally {
        running = undefined;
      }
    })();
    return running;
  };
}

/** Returns a function that waits for a task, such as reading a file. If it is called again before the task has ended, the result
 * or the error of the earlier task is dropped: the function returns `undefined` for it. */
export function lastResult<T>(): (task: Promise<T>) => Promise<T | undefined> {
  let last: Promise<T>;
  return async (task) => {
    last = task;
    try {
      const result = await task;
      return task === last ? result : undefined;
    } catch (error) {
      if (task === last) throw error;
      return undefined;
    }
  };
}
