/** Tests that need a GPU or a software driver (Debian: mesa-vulkan-drivers).
 * @module */
/** Returns the WebGPU adapter, if there is one. */
export async function adapter(): Promise<GPUAdapter | null> {
  return await navigator.gpu?.requestAdapter() ?? null;
}

/** Registers a test that is skipped without an adapter. Sanitizers are off because reads leave promises that resolve later. */
export function testOnGpu(name: string, run: () => Promise<void>): void {
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async (test) => {
      if (await adapter()) return await run();
      console.warn("skipped: navigator.gpu found no adapter");
      await test.step({ name: "skipped", ignore: true, fn: () => {} });
    },
  });
}
