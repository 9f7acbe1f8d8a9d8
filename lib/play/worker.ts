/** The worker of a page: starts a backend, builds the model, and answers the page's requests.
 * @module */
import "./node.ts";
import { prepareWasm, prepareWebgpu, reportLoss, startBackend } from "./browser_backend.ts";
import { registerInferenceKernels } from "./inference_kernels.ts";
import { buildModel, Player, setWeights } from "./player.ts";
import { type Answer, type BrowserBackend, type PackedModel, type Request, WEIGHTS } from "./protocol.ts";

let player: Player | undefined;
let takeWeights: (bytes: Uint8Array<ArrayBuffer>) => void;
const weights = new Promise<Uint8Array<ArrayBuffer>>((resolve) => takeWeights = resolve);

const METHODS: Record<string, (...args: never[]) => unknown> = {
  async start(
    packed: PackedModel,
    bytes: Uint8Array<ArrayBuffer> | undefined,
    wasm: string | Uint8Array<ArrayBuffer>,
    wanted?: BrowserBackend[],
  ) {
    // An address that the page creates does not work: on a page from a file, the worker may fetch only its own addresses.
    const address = typeof wasm === "string" ? wasm : URL.createObjectURL(new Blob([wasm], { type: "application/wasm" }));
    const prepareChecked = () => {
      // tfjs itself would wait forever for a file that it cannot compile.
      if (typeof wasm !== "string" && !WebAssembly.validate(wasm)) throw new Error("the .wasm file cannot be compiled");
      return prepareWasm(address, registerInferenceKernels);
    };
    const prepare = { webgpu: prepareWebgpu, wasm: prepareChecked };
    const started = await startBackend(prepare, wanted);
    reportLoss();
    const model = buildModel(packed);
    player = new Player(setWeights(model, packed, bytes ?? await weights));
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

/** Returns the buffers in a result. The buffers are transferred to the page instead of copied, since the worker does not need
 * them again. */
function buffersIn(result: unknown): Transferable[] {
  if (ArrayBuffer.isView(result)) return [result.buffer as ArrayBuffer];
  return typeof result === "object" && result !== null ? Object.values(result).flatMap(buffersIn) : [];
}

interface Port {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(answer: Answer, transfer?: Transferable[]): void;
}

const port = globalThis as unknown as Port;
port.onmessage = async ({ data: { id, method, args } }) => {
  if (method === WEIGHTS) return takeWeights(args[0] as Uint8Array<ArrayBuffer>);
  try {
    const result = await METHODS[method]!(...args as never[]);
    port.postMessage({ id, result }, buffersIn(result));
  } catch (error) {
    port.postMessage({ id, error: (error as Error).message });
  }
};
