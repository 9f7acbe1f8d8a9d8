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

/** Options for starting a worker, also again on another backend. */
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

/** A client of a running worker. */
export class Client {
  readonly #options: ClientOptions;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #worker!: Worker;
  #last = 0;
  #started!: Started;

  private constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Starts the worker on the first backend that works.
   * @throws {Error} If the model is damaged, or if no backend works. */
  static async start(options: ClientOptions): Promise<Client> {
    const client = new Client(options);
    await client.#start(options.backends ?? BROWSER_BACKENDS);
    return client;
  }

  /** The active backend. */
  get started(): Started {
    return this.#started;
  }

  async #start(backends: readonly BrowserBackend[]): Promise<void> {
    this.#worker?.terminate();
    this.#worker = new Worker(this.#options.script);
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.result as never);
    };
    this.#worker.onerror = ({ message }) => this.#fail(new Error(message || "the worker could not be started"));
    const { model, bytes, wasm, onStart } = this.#options;
    const start = this.#send<Started>("start", model, undefined, wasm, backends);
    const worker = this.#worker;
    const weights = Promise.resolve(bytes).then((bytes) => worker.postMessage({ id: 0, method: WEIGHTS, args: [bytes] }));
    [this.#started] = await Promise.all([start, weights]);
    onStart?.(this.#started);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #send<T>(method: string, ...args: unknown[]): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, args } satisfies Request);
    });
  }

  /** Calls a method of the player in the worker. If the backend fails, the next backend replaces it.
   * @throws {Error} If the last backend fails. */
  async ask<T>(method: string, ...args: unknown[]): Promise<T> {
    const { backend } = this.#started;
    try {
      return await this.#send<T>(method, ...args);
    } catch (error) {
      const backends = this.#options.backends ?? BROWSER_BACKENDS;
      const left = backends.slice(backends.indexOf(backend) + 1);
      if (left.length === 0 || /^Cannot (generate|translate|encode|classify)/.test((error as Error).message)) throw error;
      if (this.#started.backend === backend) await this.#start(left); // another request may have done so already
      return await this.#send<T>(method, ...args);
    }
  }
}

/** Returns a function that runs a task one call at a time. A call during a run waits, and replaces a call that is already
 * waiting.
 * @param task The task; receives the arguments of the call. */
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
          await task(wish);
        }
      } finally {
        running = undefined;
      }
    })();
    return running;
  };
}
