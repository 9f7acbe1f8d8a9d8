/** Runs a test on every backend that works on this machine.
 * @module */
import { type BackendName, useBackend } from "../lib/backend/use_backend.ts";

const NAMES: BackendName[] = ["tensorflow", "wasm", "cpu"];

/** Registers `name` once for each backend; one that does not start here is skipped, with its reason. */
export function testOnBackends(
  name: string,
  run: (backend: BackendName) => void | Promise<void>,
  backends: BackendName[] = NAMES,
): void {
  for (const backend of backends) {
    Deno.test(`${name} [${backend}]`, async (test) => {
      try {
        await useBackend(backend, { quiet: true });
      } catch (error) {
        console.warn(`skipped on ${backend}: ${(error as Error).message}`);
        await test.step({ name: "skipped", ignore: true, fn: () => {} });
        return;
      }
      await run(backend);
    });
  }
}
