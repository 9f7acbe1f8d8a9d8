/** Parts of the kernel that a real kernel seldom brings to their limits. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { environmentIn } from "../../../../lib/cli/setup/environment.ts";
import { kernelTest, ROOT } from "../../_notebooks.ts";

/** Runs a part; see parts.py. */
async function part(name: string): Promise<{ result: Record<string, unknown>; stderr: string }> {
  const script = join(import.meta.dirname!, "parts.py");
  const args = [script, join(ROOT, "notebooks", "tools", "kernel"), name];
  const { stdout, stderr } = await new Deno.Command(environmentIn(ROOT).python, { args }).output();
  const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { result: JSON.parse(printed!.trim() || "null"), stderr: errors! };
}

kernelTest("a cell runs as it is if the helper ends, or prints what is no answer, and the terminal says so", async () => {
  const { result, stderr } = await part("helper");
  const asTheyAre = [["await 1", null, null], ["await 2", null, null]];
  assertEquals(result, Object.fromEntries(["ends", "no JSON", "no object", "long"].map((name) => [name, asTheyAre])));
  assertEquals(stderr.match(/^The helper of the Forger kernel has ended: .*; restart the kernel$/gm)?.length, 4, stderr);
});

kernelTest("the kernel runs no cell before outputs can arrive", async () => {
  assertEquals((await part("ready")).result, [false, false, true] as unknown);
});

kernelTest("the reason is named for which Deno refuses a cell", async () => {
  assertEquals((await part("texts")).result, {
    package: "Cannot load npm:none, jsr:@a/b, https://a.b/c.ts: the name is wrong, or there is no network; correct the import",
    address: 'Deno refused the cell: error: Module not found "file:///a/b.ts"; correct the cell',
    nothing: "Deno refused the cell without a reason; restart the kernel",
    killed: "Deno ended: the system or another program killed it, most often because the memory is full. All variables are " +
      "lost; run the notebook from the top.",
  });
});
