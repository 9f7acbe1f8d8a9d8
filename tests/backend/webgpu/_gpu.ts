/** Tests that need a GPU, or a driver that simulates one (Debian: mesa-vulkan-drivers).
 * @module */
/** What WebGPU finds here. */
export async function adapter(): Promise<GPUAdapter | null> {
  return await navigator.gpu?.requestAdapter() ?? null;
}

/** Registers a test that is skipped, with a message, where there is none. Reading leaves promises that Deno tells a little late. */
export function testOnGpu(name: string, run: () => Promise<void>): void {
  Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async (test) => {
      if (await adapter()) return await run();
      console.warn("skipped: no adapter is visible to navigator.gpu");
      await test.step({ name: "skipped", ignore: true, fn: () => {} });
    },
  });
}
