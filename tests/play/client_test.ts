import { assertEquals, assertRejects } from "@std/assert";
import { Client, lastResult, lastWish } from "../../lib/play/client.ts";
import type { BrowserBackend, PackedModel, Request } from "../../lib/play/protocol.ts";

/** A worker that starts on the first backend of its list, and answers each request with its backend. */
class FakeWorker {
  static all: FakeWorker[] = [];
  /** Backends on which every request fails, or on which the worker does not start. */
  static broken: readonly BrowserBackend[] = [];
  static unstartable: readonly BrowserBackend[] = [];
  onmessage: (event: { data: unknown }) => void = () => {};
  onerror: (event: { message: string }) => void = () => {};
  ended = false;
  backend: BrowserBackend = "cpu";
  readonly asked: unknown[] = [];

  constructor() {
    FakeWorker.all.push(this);
  }

  terminate(): void {
    this.ended = true;
  }

  postMessage({ id, method, args }: Request): void {
    if (id === 0) return; // the weights
    if (method === "start") this.backend = (args[3] as BrowserBackend[])[0]!;
    else this.asked.push(args[0]);
    const fails = (method === "start" ? FakeWorker.unstartable : FakeWorker.broken).includes(this.backend);
    const result = method === "start" ? { backend: this.backend, failures: [] } : `${args[0]} on ${this.backend}`;
    // As in a worker, each answer takes time. A terminated worker does not answer.
    const answer = () => !this.ended && this.onmessage({ data: fails ? { id, error: "out of memory" } : { id, result } });
    setTimeout(answer, method === "start" ? 5 : 1);
  }
}

/** Starts a client with fake workers. */
async function withClient(
  states: { broken?: BrowserBackend[]; unstartable?: BrowserBackend[] },
  run: (client: Client) => Promise<void>,
): Promise<void> {
  const original = globalThis.Worker;
  globalThis.Worker = FakeWorker as unknown as typeof Worker;
  FakeWorker.all = [];
  [FakeWorker.broken, FakeWorker.unstartable] = [states.broken ?? [], states.unstartable ?? []];
  const model: PackedModel = { kind: "gan", settings: {}, networks: {} };
  try {
    await run(await Client.start({ script: "", wasm: "", model, bytes: new Uint8Array(), backends: ["webgl", "wasm", "cpu"] }));
  } finally {
    globalThis.Worker = original;
  }
}

Deno.test("if a backend fails, the next one answers all requests that were sent, and one worker is started", async () => {
  await withClient({ broken: ["webgl"] }, async (client) => {
    const answers = await Promise.all(["a", "b", "c"].map((what) => client.ask<string>("generate", what)));
    assertEquals(answers, ["a on wasm", "b on wasm", "c on wasm"]);
    assertEquals(client.started, { backend: "wasm", failures: [{ backend: "webgl", reason: "out of memory" }] });
    assertEquals(FakeWorker.all.map(({ ended }) => ended), [true, false]);
  });
});

Deno.test("a request during a change of backends waits for the new worker", async () => {
  await withClient({ broken: ["webgl"] }, async (client) => {
    const first = client.ask("generate", "first");
    while (FakeWorker.all.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    const second = client.ask("generate", "second");
    assertEquals(await Promise.all([first, second]), ["first on wasm", "second on wasm"]);
    assertEquals(FakeWorker.all.map(({ asked }) => asked), [["first"], ["first", "second"]]);
  });
});

Deno.test("if the last backend fails, every request fails with its error, also later ones", async () => {
  await withClient({ broken: ["webgl", "wasm", "cpu"] }, async (client) => {
    const results = await Promise.allSettled(["a", "b"].map((what) => client.ask("generate", what)));
    assertEquals(results.map(({ status }) => status), ["rejected", "rejected"]);
    await assertRejects(() => client.ask("generate", "c"), Error, "out of memory");
    assertEquals(FakeWorker.all.length, 3);
  });
  await withClient({ broken: ["webgl"], unstartable: ["wasm"] }, async (client) => {
    const results = await Promise.allSettled(["a", "b"].map((what) => client.ask("generate", what)));
    assertEquals(results.map(({ status }) => status), ["rejected", "rejected"]);
    await assertRejects(() => client.ask("generate", "c"), Error, "out of memory");
    assertEquals(FakeWorker.all.length, 2);
  });
});

Deno.test("the backends that failed are known, in their order", async () => {
  await withClient({ broken: ["webgl", "wasm"] }, async (client) => {
    await client.ask("generate", "a");
    assertEquals(client.started.failures.map(({ backend }) => backend), ["webgl", "wasm"]);
    assertEquals(client.started.backend, "cpu");
  });
});

Deno.test("after an error of the worker itself, the next backend answers all requests, also later ones", async () => {
  await withClient({}, async (client) => {
    const waiting = client.ask("generate", "a");
    await Promise.resolve(); // it has been sent
    FakeWorker.all[0]!.onerror({ message: "Uncaught Error: the browser lost access to the GPU" });
    assertEquals(await waiting, "a on wasm");
    assertEquals(client.started.failures, [{ backend: "webgl", reason: "the browser lost access to the GPU" }]);
    FakeWorker.all[1]!.onerror({ message: "" }); // nothing waits
    assertEquals(await client.ask("generate", "b"), "b on cpu");
    FakeWorker.all[2]!.onerror({ message: "broken" });
    for (let i = 0; i < 2; i++) await assertRejects(() => client.ask("generate", "c"), Error, "broken");
    assertEquals(FakeWorker.all.length, 3);
  });
});

Deno.test("of the calls during a run, only the last one runs, also if the run fails", async () => {
  const ran: number[] = [];
  const call = lastWish(async (wish: number) => {
    ran.push(wish);
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (wish < 0) throw new Error(`no ${wish}`);
  });
  await Promise.all([1, 2, 3].map(call));
  assertEquals(ran, [1, 3]);
  await Promise.all([-4, 5].map(call));
  assertEquals(ran, [1, 3, -4, 5]);
  await assertRejects(() => Promise.all([6, -7].map(call)), Error, "no -7");
  await call(8);
  assertEquals(ran, [1, 3, -4, 5, 6, -7, 8]);
});

Deno.test("only the last of several tasks has a result or an error, even if an earlier one ends later", async () => {
  const after = (milliseconds: number, result: string) =>
    new Promise<string>((resolve, reject) =>
      setTimeout(() => result === "wrong" ? reject(new Error(result)) : resolve(result), milliseconds)
    );
  const last = lastResult<string>();
  assertEquals(await Promise.all([last(after(9, "a")), last(after(3, "wrong")), last(after(1, "c"))]), [
    undefined,
    undefined,
    "c",
  ]);
  await assertRejects(() => last(after(1, "wrong")), Error, "wrong");
});
