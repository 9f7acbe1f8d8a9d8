/** The worker of a page: starts a backend, builds the model, and answers the page's requests.
 * @module */
import "./node.ts";
import { startBackend } from "./browser_backend.ts";
import { Player, unpackModel } from "./player.ts";
import type { Answer, BrowserBackend, PackedModel, Request } from "./protocol.ts";

let player: Player | undefined;

const METHODS: Record<string, (...args: never[]) => unknown> = {
  async start(
    model: PackedModel,
    bytes: Uint8Array<ArrayBuffer>,
    wasm: string | Uint8Array<ArrayBuffer>,
    wanted?: BrowserBackend[],
  ) {
    // An address that the page makes is no use: on a page from a file, the worker may fetch only addresses of its own.
    const address = typeof wasm === "string" ? wasm : URL.createObjectURL(new Blob([wasm], { type: "application/wasm" }));
    const started = await startBackend(address, wanted);
    player = new Player(unpackModel(model, bytes));
    return started;
  },
  translate: (...args: never[]) => player!.translate(...args as unknown as Parameters<Player["translate"]>),
  codes: (...args: never[]) => player!.codes(...args as unknown as Parameters<Player["codes"]>),
  encode: (...args: never[]) => player!.encode(...args as unknown as Parameters<Player["encode"]>),
  noise: (...args: never[]) => player!.noise(...args as unknown as Parameters<Player["noise"]>),
  generate: (...args: never[]) => player!.generate(...args as unknown as Parameters<Player["generate"]>),
  generateBoth: (...args: never[]) => player!.generateBoth(...args as unknown as Parameters<Player["generateBoth"]>),
  classify: (...args: never[]) => player!.classify(...args as unknown as Parameters<Player["classify"]>),
};

const port = globalThis as unknown as { onmessage: (event: MessageEvent<Request>) => void; postMessage(answer: Answer): void };
port.onmessage = async ({ data: { id, method, args } }) => {
  try {
    port.postMessage({ id, result: await METHODS[method]!(...args as never[]) });
  } catch (error) {
    port.postMessage({ id, error: (error as Error).message });
  }
};
