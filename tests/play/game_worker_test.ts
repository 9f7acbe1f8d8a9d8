/** The game's worker, in a worker of Deno. */
import { assertEquals } from "@std/assert";
import type { Order, Report } from "../../lib/play/game/messages.ts";
import { DEFAULTS, type GameSettings } from "../../lib/play/game/settings.ts";

/** Starts the worker on plain JavaScript or, with a .wasm file, on the first backend that works.
 * @returns Functions that send it an order, and that wait for its next report of a type. */
function startWorker(settings: Partial<GameSettings>, wasm?: Uint8Array<ArrayBuffer>) {
  const worker = new Worker(new URL("../../lib/play/game/worker.ts", import.meta.url), { type: "module" });
  const [reports, wishes]: [Report[], (() => void)[]] = [[], []];
  worker.onmessage = ({ data }) => {
    reports.push(data);
    wishes.shift()?.();
  };
  const tell = (order: Order) => worker.postMessage(order);
  const next = async (): Promise<Report> => {
    if (reports.length === 0) await new Promise<void>((resolve) => wishes.push(resolve));
    return reports.shift()!;
  };
  const backends = wasm ? ["wasm", "cpu"] as const : ["cpu"] as const;
  tell({ type: "start", settings: { ...DEFAULTS, ...settings }, wasm: wasm ?? new Uint8Array(), backends });
  return { worker, tell, next };
}

Deno.test("a step by hand after which the losses are not finite is reported", async () => {
  for (const which of ["discriminator", "generator", "both"] as const) {
    const { worker, tell, next } = startWorker({ discriminatorRate: 1e38, generatorRate: 1e38, batch: 8 });
    assertEquals([(await next()).type, (await next()).type], ["started", "look"]);
    const types: string[] = [];
    for (let step = 0; step < 5 && types.at(-1) !== "diverged"; step++) {
      tell({ type: "step", which });
      tell({ type: "pause" }); // with another snapshot
      assertEquals((await next()).type, "look");
      const report = await next();
      types.push(report.type);
      if (report.type === "diverged") assertEquals((await next()).type, "look");
    }
    assertEquals(types.at(-1), "diverged", which);
    worker.terminate();
  }
});

Deno.test("with a .wasm file of another program, the game runs in plain JavaScript instead of waiting forever", async () => {
  const otherModule = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  const { worker, tell, next } = startWorker({ batch: 8 }, otherModule);
  assertEquals(await next(), { type: "started", backend: "cpu" });
  assertEquals((await next()).type, "look");
  tell({ type: "step", which: "both" });
  assertEquals((await next()).type, "look");
  worker.terminate();
});
