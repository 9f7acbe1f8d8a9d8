import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { installKernel } from "../../../lib/cli/setup/kernel.ts";

Deno.test("installKernel() writes the kernel once, and again for another Deno", async () => {
  const folder = await Deno.makeTempDir();
  assertEquals(await installKernel(folder, "/somewhere/deno"), true);
  assertEquals(await installKernel(folder, "/somewhere/deno"), false);
  assertEquals(await installKernel(folder, "/elsewhere/deno"), true);
  const kernel = JSON.parse(await Deno.readTextFile(join(folder, "share", "jupyter", "kernels", "deno", "kernel.json")));
  assertEquals(kernel.argv, ["/elsewhere/deno", "jupyter", "--kernel", "--conn", "{connection_file}"]);
  assertEquals(kernel.language, "typescript");
  await Deno.remove(folder, { recursive: true });
});
