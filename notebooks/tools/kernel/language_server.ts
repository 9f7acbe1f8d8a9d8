/** A client of `deno lsp`, which checks types as `deno check` does and keeps what it knows: a cell takes fractions of a second.
 * @module */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** A diagnostic of the Language Server Protocol. Lines and columns are counted from 0. */
export interface Diagnostic {
  range: { start: { line: number; character: number } };
  code?: number;
  message: string;
}

// deno-lint-ignore no-explicit-any -- messages of the protocol
type Message = any;

/** A process of `deno lsp` with one open document, as if it were in a folder. */
export class LanguageServer implements Disposable {
  #child: Deno.ChildProcess;
  #writer: WritableStreamDefaultWriter<Uint8Array>;
  #answers = new Map<number, PromiseWithResolvers<Message>>();
  #count = 0;
  #version = 0;
  #uri: string;
  #initialized: Promise<void>;

  constructor(folder: string) {
    const nice = Deno.build.os === "windows" ? [] : ["nice", "-n", "10"]; // cells go first
    const [program, ...args] = [...nice, Deno.execPath(), "lsp", "--quiet"];
    this.#child = new Deno.Command(program!, { args, cwd: folder, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#uri = pathToFileURL(join(folder, "forger_cells.ts")).href; // the folder decides how imports resolve
    this.#read().catch(() => {}).finally(() => {
      for (const { reject } of this.#answers.values()) reject(new Error("deno lsp has ended"));
    });
    this.#initialized = this.#initialize(folder);
    this.#initialized.catch(() => {}); // diagnostics() reports it
  }

  async #initialize(folder: string): Promise<void> {
    const config = configFor(folder);
    const uri = pathToFileURL(config ? dirname(config) : folder).href;
    await this.#request("initialize", {
      processId: Deno.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "notebooks" }],
      capabilities: { textDocument: { diagnostic: {} } },
      initializationOptions: { enable: true, lint: false, ...(config && { config }) },
    });
    this.#send({ method: "initialized", params: {} });
  }

  /** Returns the diagnostics of a text.
   * @throws {Error} if the server has ended. */
  async diagnostics(text: string): Promise<Diagnostic[]> {
    await this.#initialized;
    const document = { uri: this.#uri, version: ++this.#version };
    if (this.#version > 1) {
      this.#send({ method: "textDocument/didChange", params: { textDocument: document, contentChanges: [{ text }] } });
    } else {
      this.#send({ method: "textDocument/didOpen", params: { textDocument: { ...document, languageId: "typescript", text } } });
    }
    return (await this.#request("textDocument/diagnostic", { textDocument: { uri: this.#uri } })).items ?? [];
  }

  [Symbol.dispose](): void {
    try {
      this.#child.kill("SIGKILL");
    } catch { /* it has ended */ }
  }

  #request(method: string, params: Message): Promise<Message> {
    const id = ++this.#count;
    const answer = Promise.withResolvers<Message>();
    this.#answers.set(id, answer);
    this.#send({ id, method, params });
    return answer.promise;
  }

  #send(message: Message): void {
    const body = new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#writer.write(new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`)).catch(() => {});
    this.#writer.write(body).catch(() => {});
  }

  async #read(): Promise<void> {
    let rest = new Uint8Array();
    for await (const chunk of this.#child.stdout) {
      const before = rest;
      rest = new Uint8Array(before.length + chunk.length);
      rest.set(before);
      rest.set(chunk, before.length);
      for (let message; (message = firstMessage(rest)) !== undefined;) {
        rest = rest.slice(message.end);
        this.#handle(JSON.parse(message.text));
      }
    }
  }

  #handle({ id, method, params, result, error }: Message): void {
    if (method !== undefined) { // the server asks for settings: the defaults will do
      if (id !== undefined) this.#send({ id, result: params?.items?.map(() => null) ?? null });
      return;
    }
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    if (error) answer?.reject(new Error(error.message));
    else answer?.resolve(result);
  }
}

/** The first message among bytes, if it is complete, and where it ends. */
function firstMessage(bytes: Uint8Array): { text: string; end: number } | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200)).match(/^[\s\S]*?\r\n\r\n/)?.[0];
  const end = head ? head.length + Number(head.match(/content-length: *(\d+)/i)![1]) : Infinity;
  return end <= bytes.length ? { text: new TextDecoder().decode(bytes.subarray(head!.length, end)), end } : undefined;
}

/** Path of the deno.json that applies to a folder, if there is one. */
function configFor(folder: string): string | undefined {
  const found = ["deno.json", "deno.jsonc"].map((name) => join(folder, name)).find(existsSync);
  return found ?? (dirname(folder) === folder ? undefined : configFor(dirname(folder)));
}
