import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../lib/cli/command.ts";
import { startWorkers } from "../../lib/cli/workers.ts";

/** Calls a function while each process that it starts is `sleep`, and the nth cannot be started.
 * @returns The exit statuses of the processes. */
async function withProcesses(nth: number, use: () => Promise<void> | void): Promise<(Deno.Signal | null)[]> {
  const { Command } = Deno;
  const started: Deno.ChildProcess[] = [];
  Deno.Command = class {
    constructor(_: string, { args: __, ...options }: Deno.CommandOptions) {
      if (started.length === nth - 1) throw new Error("Resource temporarily unavailable");
      const process = new Command("sleep", { ...options, args: ["60"] }).spawn();
      const spawn = () => (started.push(process), process);
      return { spawn } as unknown as Deno.Command;
    }
  } as unknown as typeof Deno.Command;
  try {
    await use();
    return (await Promise.all(started.map((process) => process.status))).map(({ signal }) => signal);
  } finally {
    Deno.Command = Command;
    Deno.env.delete("TF_CONFIG");
  }
}

Deno.test("startWorkers() ends the processes that it has started if a further one cannot be started", async () => {
  const message = "Option --workers: cannot start a process (Resource temporarily unavailable); omit it";
  const signals = await withProcesses(3, () => void assertThrows(() => startWorkers(4), UsageError, message));
  assertEquals(signals, ["SIGKILL", "SIGKILL"]);
});

Deno.test("startWorkers() ends processes that wait for this one, if the run ends before it begins, or at Deno.exit", async () => {
  assertEquals(await withProcesses(9, () => startWorkers(2).end(false)), ["SIGKILL"]);
  const exit = () => {
    startWorkers(2);
    globalThis.dispatchEvent(new Event("unload")); // as Deno.exit does
  };
  assertEquals(await withProcesses(9, exit), ["SIGKILL"]);
});
