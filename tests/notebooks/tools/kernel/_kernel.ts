/** A kernel that a test talks to by messages of the Jupyter protocol, over ZeroMQ (see bridge.py).
 * @module */
import { join } from "node:path";
import { environmentIn, installForgerKernel, installKernel } from "../../../../lib/cli/setup/environment.ts";
import { kernelTest, ROOT } from "../../_notebooks.ts";

/** A message from the kernel. */
export interface Message {
  client: number;
  channel: "shell" | "iopub" | "stdin" | "control";
  type: string;
  /** Id of the request that it answers. */
  parent: string;
  // deno-lint-ignore no-explicit-any -- whatever the protocol says
  content: any;
  buffers: number[];
}

/** What a cell did. */
export interface Executed {
  reply: Message["content"];
  /** Its outputs, in their order, up to "idle". */
  outputs: Message[];
}

/** Options of {@linkcode TestKernel.begin}. */
export interface BeginOptions {
  /** Fields of the request besides the code. */
  content?: Record<string, unknown>;
  client?: number;
}

/** A running kernel. */
export class TestKernel implements AsyncDisposable {
  readonly messages: Message[] = [];
  #waiting = new Set<() => void>();
  #count = 0;
  #done: Record<string, unknown>[] = [];
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #reading: Promise<void>;

  #child: Deno.ChildProcess;
  #folder: string;

  private constructor(child: Deno.ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    this.#writer = child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Starts a kernel: "deno-forger", unless another one is named. */
  static async start(
    { kernel = "deno-forger", env = {}, cwd = join(ROOT, "notebooks") }: {
      kernel?: string;
      env?: Record<string, string>;
      cwd?: string;
    } = {},
  ): Promise<TestKernel> {
    const folder = await Deno.makeTempDir({ prefix: "forger-kernel-test-" });
    const { python } = environmentIn(ROOT);
    await installKernel(folder, Deno.execPath());
    await installForgerKernel(folder, { deno: Deno.execPath(), python, root: ROOT });
    const child = new Deno.Command(python, {
      args: [join(import.meta.dirname!, "bridge.py"), kernel, cwd],
      // Most tests need no types, whose checker is slow to start.
      env: { JUPYTER_PATH: join(folder, "share", "jupyter"), FORGER_SIZE: "test", FORGER_TYPES: "off", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const started = new TestKernel(child, folder);
    await started.#until(() => started.#done.length > 0);
    return started;
  }

  /** Id of the kernel's process. */
  get pid(): number {
    return this.#done.find(({ done }) => done === "start")!["pid"] as number;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const message = JSON.parse(line);
        if (message.done) this.#done.push(message);
        else this.messages.push(message);
      }
      this.#waiting.forEach((look) => look());
    }
  }

  /** Waits until something holds. It is tried after each message. */
  #until(holds: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => holds() && (this.#waiting.delete(look), resolve());
    this.#waiting.add(look);
    look();
    const ended = this.#reading.then(() => Promise.reject(new Error("The kernel's bridge has ended; see its output above")));
    return Promise.race([promise, ended]);
  }

  /** Waits for a message of a kind. */
  async message(found: (message: Message) => boolean): Promise<Message> {
    await this.#until(() => this.messages.some(found));
    return this.messages.find(found)!;
  }

  /** Sends a request; returns its id. */
  async send(type: string, content: unknown, { channel = "shell", client = 0, metadata = {} } = {}): Promise<string> {
    const id = `test-${++this.#count}`;
    await this.#write({ send: type, id, channel, content, client, metadata });
    return id;
  }

  async #write(line: unknown): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(line) + "\n"));
  }

  /** Interrupts, restarts or signals the kernel, as Jupyter does, or waits for its end. Returns whether it is alive. */
  async manage(
    what: "interrupt" | "restart" | "signal" | "wait" | "alive",
    more: Record<string, unknown> = {},
  ): Promise<boolean> {
    const before = this.#done.length;
    await this.#write({ do: what, ...more });
    await this.#until(() => this.#done.length > before);
    if (what === "restart") await this.#untilReady();
    return this.#done.at(-1)!["alive"] as boolean;
  }

  /** Waits until messages of a new kernel arrive: the clients connect again after a while, as in a front end. */
  async #untilReady(): Promise<void> {
    const asked: string[] = [];
    const ask = async () => void asked.push(await this.send("kernel_info_request", {}));
    const timer = setInterval(ask, 500);
    await this.message(({ type, parent, client }) => type === "status" && client === 0 && asked.includes(parent));
    clearInterval(timer);
  }

  /** Sends a request and waits for its reply. */
  async ask(type: string, content: unknown, options: { channel?: string; client?: number } = {}): Promise<Message["content"]> {
    const { channel = "shell", client = 0 } = options;
    const id = await this.send(type, content, { channel, client });
    return (await this.message((message) => message.parent === id && message.channel === channel)).content;
  }

  /** Begins to run a cell. Returns its id. */
  async begin(code: string, { content = {}, client = 0 }: BeginOptions = {}): Promise<string> {
    const request = { silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true };
    return await this.send("execute_request", { code, ...request, ...content }, { client });
  }

  /** Waits for the end of a cell: for its reply and for "idle". */
  async end(id: string, client = 0): Promise<Executed> {
    const own = () => this.messages.filter((message) => message.parent === id && message.client === client);
    const isIdle = ({ type, content }: Message) => type === "status" && content.execution_state === "idle";
    await this.#until(() => own().some(({ type }) => type.endsWith("_reply")) && own().some(isIdle));
    const iopub = own().filter(({ channel }) => channel === "iopub");
    const outputs = iopub.slice(0, iopub.findIndex(isIdle)).filter(({ type }) => !["status", "execute_input"].includes(type));
    return { reply: own().find(({ type }) => type.endsWith("_reply"))!.content, outputs };
  }

  /** Runs a cell to its end. */
  async run(code: string, options: BeginOptions = {}): Promise<Executed> {
    return await this.end(await this.begin(code, options), options.client);
  }

  /** Runs a cell and waits until it has printed a text. Returns its id. */
  async beginUntil(code: string, printed: string): Promise<string> {
    const id = await this.begin(code);
    await this.message(({ parent, type, content }) => parent === id && type === "stream" && content.text.includes(printed));
    return id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {}); // the bridge then ends the kernel
    await this.#child.status;
    await this.#reading;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Text of the outputs of a cell: what it printed, its value and its errors. */
export function textOf({ outputs }: Executed): string {
  const texts = outputs.map(({ content }) =>
    content.text ?? content.data?.["text/plain"] ?? `${content.ename}: ${content.evalue}`
  );
  // deno-lint-ignore no-control-regex -- colors
  return texts.join("").replaceAll(/\x1b\[[0-9;]*m/g, "");
}

/** Registers a test with a kernel of its own; skipped, with a message, if `.venv` has no Jupyter. */
export function testKernel(
  name: string,
  test: (kernel: TestKernel) => Promise<void>,
  options: Parameters<typeof TestKernel.start>[0] = {},
): void {
  kernelTest(name, async () => {
    await using kernel = await TestKernel.start(options);
    await test(kernel);
  });
}
