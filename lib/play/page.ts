/** The page's script: unpacks the page's parts, starts the worker, and shows the view of the model.
 *
 * The address may end in `#backend=wasm`, or in a list such as `#backend=webgl,wasm`, to try only these backends.
 * @module */
import { modelCard } from "./card.ts";
import { Client, type Started } from "./client.ts";
import { element } from "./dom.ts";
import { PAGE_PARTS, type PageData } from "./page_data.ts";
import { keepPage } from "./photo.ts";
import { ProgressLine, readData, readParts, scriptAddress } from "./parts.ts";
import { BROWSER_BACKENDS, type BrowserBackend, type Values } from "./protocol.ts";
import { hashParameters, unpackState, watchAddress } from "./share.ts";
import type { PageContext } from "./views/view.ts";
import { viewOf } from "./views/views.ts";

/** Values for tests and for the console of a browser. */
interface Scope {
  forger?: { client: Client; data: PageData };
}

/** Names of the backends that the user sees. */
const BACKEND_NAMES: Record<BrowserBackend, string> = {
  webgpu: "WebGPU",
  webgl: "WebGL",
  wasm: "WebAssembly",
  cpu: "JavaScript",
};
/** Methods of the player that return numbers instead of images. */
const NUMBERS = new Set(["codes", "noise", "encode"]);
/** Number of recent answers whose median time is shown. */
const ANSWERS = 8;

/** The lines of text on a page: the status, which screen readers announce, and a line about the backend, which they do not
 * announce, since it changes with each image. */
class Lines {
  readonly status: HTMLElement = element("p", { role: "status", class: "status" });
  readonly backend: HTMLElement = element("p", { class: "backend" });
  /** Time of the user's first action after the error that is shown, or `undefined` if there was none. */
  #acted: number | undefined;
  #started = "";
  /** Sentence about the backends that failed, or "". */
  #failed = "";
  #times: number[] = [];

  constructor() {
    for (const event of ["pointerdown", "keydown", "click", "input", "change", "drop", "paste"]) {
      addEventListener(event, () => this.#acted ??= performance.now(), { capture: true });
    }
  }

  say(text: string): void {
    this.status.classList.remove("error");
    this.status.textContent = text;
  }

  /** Shows one line about an error. */
  fail(error: unknown): void {
    const [line = "unknown error"] = (error instanceof Error ? error.message : `${error}`).split("\n");
    this.#acted = undefined;
    this.status.classList.add("error");
    const isOwn = /^Cannot /.test(line) && !(error instanceof TypeError); // unlike "Cannot read properties of undefined"
    this.status.textContent = isOwn ? line : `Cannot continue: ${line}`;
  }

  /** Shows the active backend. */
  started({ backend, failures }: Started): void {
    const others = failures.map(({ backend, reason }) => `${BACKEND_NAMES[backend]} (${reason})`).join(", ");
    this.#times = [];
    this.#started = `Runs in your browser with ${BACKEND_NAMES[backend]}`;
    this.#failed = others && ` Tried before: ${others}.`;
    this.backend.dataset["backend"] = backend;
    this.backend.textContent = `${this.#started}. Nothing leaves this page.${this.#failed}`;
    this.say(`Warming up ${BACKEND_NAMES[backend]}: the first image takes longer`);
  }

  /** Removes an error after an answer to a later request of the user. Other answers keep it, so that it can be read.
   * @param start Time of the request. */
  succeeded(start: number): void {
    if (this.status.classList.contains("error") && this.#acted !== undefined && start >= this.#acted) this.say("Ready");
  }

  /** Shows the time per image. The first answer is not counted, since it includes the preparation of the backend. */
  answered(milliseconds: number): void {
    if (this.#times.push(milliseconds) === 1) {
      if (this.status.textContent!.startsWith("Warming up")) this.say("Ready");
      return;
    }
    const times = this.#times.slice(Math.max(1, this.#times.length - ANSWERS)).sort((a, b) => a - b);
    const time = times[times.length >> 1]!;
    this.backend.textContent = `${this.#started}: ${time < 10 ? time.toFixed(1) : time.toFixed()} ms per image. ` +
      `Nothing leaves this page.${this.#failed}`;
  }
}

/** Builds the page. */
async function openPage(): Promise<void> {
  const page = document.getElementById(PAGE_PARTS.page) ?? document.body.appendChild(element("main"));
  const lines = new Lines();
  page.replaceChildren(lines.status); // in place of the line that says that the page may be incomplete
  try {
    const data = readData();
    const root = element("div", { class: "view" });
    const progress = new ProgressLine((text) => lines.say(text));
    page.prepend(element("header", {}, element("h1", {}, data.title), element("p", { class: "system" }, data.systemTitle)));
    page.append(progress.root, root, lines.backend, modelCard(data, (text) => lines.say(text)));
    document.title ||= data.title;
    const client = await startClient(data, progress, lines);
    progress.root.remove();
    (globalThis as Scope).forger = { client, data };
    watchAddress();
    keepPage();
    const shared = await unpackState(location.hash).catch((error) => lines.fail(error)); // the page then opens without the state
    await viewOf(data)(pageContext(data, root, client, lines, shared));
  } catch (error) {
    page.querySelector("progress")?.remove();
    lines.fail(error);
  }
}

/** Unpacks the page and starts the worker. */
async function startClient({ model }: PageData, progress: ProgressLine, lines: Lines): Promise<Client> {
  const { worker, wasm, weights } = readParts((read, all) => progress.show(read, all));
  const building = () => {
    if (!lines.status.classList.contains("error")) lines.say("Building the model"); // the worker may have failed already
  };
  weights.then(building, () => {}); // Client.start reports errors
  const [script, binary] = await Promise.all([worker, wasm]);
  const wanted = hashParameters().get("backend")?.split(",");
  const backends = BROWSER_BACKENDS.filter((backend) => wanted?.includes(backend) ?? true);
  return await Client.start({
    script: scriptAddress(script),
    wasm: binary,
    model,
    bytes: weights,
    backends: backends.length > 0 ? backends : BROWSER_BACKENDS,
    onStart: (started) => lines.started(started),
  });
}

/** Creates the context of the page's view. */
function pageContext(data: PageData, root: HTMLElement, client: Client, lines: Lines, shared: unknown): PageContext {
  let state = (): unknown => undefined;
  let waiting = 0;
  return {
    data,
    root,
    client,
    shared,
    say: (text) => lines.say(text),
    fail: (error) => lines.fail(error),
    keep: (describe) => state = describe,
    state: () => state(),
    async ask<T>(method: string, ...args: unknown[]): Promise<T> {
      const start = performance.now();
      const alone = waiting++ === 0; // otherwise, the time includes that of other answers
      let pictures = 1;
      try {
        const answer = await client.ask<T>(method, ...args);
        pictures = picturesIn(answer);
        lines.succeeded(start);
        return answer;
      } finally {
        waiting--;
        if (alone && !NUMBERS.has(method)) lines.answered((performance.now() - start) / pictures);
      }
    },
  };
}

/** Returns the number of images in an answer of the worker. Points and probabilities count as one. */
function picturesIn(answer: unknown): number {
  const { shape, images } = answer as { shape?: number[]; images?: Values };
  const [count = 1, ...others] = images?.shape ?? shape ?? [];
  return others.length === 3 ? count : 1;
}

openPage();
