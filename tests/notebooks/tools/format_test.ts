import { assertEquals, assertRejects } from "@std/assert";
import { formatNotebook } from "../../../notebooks/tools/format.ts";

function file(source: string[], kind = "code"): string {
  const code = kind === "code" ? { execution_count: null, outputs: [] } : {};
  const cell = { cell_type: kind, id: "a", metadata: {}, source, ...code };
  const metadata = { language_info: { name: "typescript" } };
  return JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }, undefined, 1) + "\n";
}

Deno.test("formatNotebook() formats code and prose, and leaves what is formatted", async () => {
  const sourceOf = async (text: string) => JSON.parse(await formatNotebook(text)).cells[0].source;
  assertEquals(await sourceOf(file(["let  a=1\n", "a"])), ["let a = 1;\n", "a;"]);
  assertEquals(await sourceOf(file(["*  one"], "markdown")), ["- one"]);
  const formatted = await formatNotebook(file(["let a = 1;\n", "a;"]));
  assertEquals(await formatNotebook(formatted), formatted);
});

Deno.test("formatNotebook() says what it cannot read", async () => {
  await assertRejects(() => formatNotebook("{"), Error, "Cannot format the notebook");
});
