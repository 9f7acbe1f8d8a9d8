/** The messages that the Jupyter extension of VS Code sends: it connects to the kernel itself, without Jupyter's server.
 * @module */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Executed, type TestKernel, testKernel, textOf } from "./_kernel.ts";

/** Begins to run a cell as the extension does: it sends the next cell after the end of this one. */
async function begin(kernel: TestKernel, code: string): Promise<string> {
  const content = { code, silent: false, stop_on_error: false, allow_stdin: true, store_history: true };
  const metadata = { cellId: "vscode-notebook-cell:/home/anna/forger/notebooks/01_the_game.ipynb#W0sZmlsZQ" };
  return await kernel.send("execute_request", content, { metadata });
}

async function run(kernel: TestKernel, code: string): Promise<Executed> {
  return await kernel.end(await begin(kernel, code));
}

testKernel("VS Code: the start, cells, completion and errors", async (kernel) => {
  assertEquals((await kernel.ask("kernel_info_request", {})).language_info.name, "typescript");
  assertEquals((await kernel.ask("comm_info_request", {})).status, "ok");
  assertEquals(textOf(await run(kernel, "const counting = { alpha: 1 }; counting.alpha")), "1");
  const wrong = await run(kernel, "const a = ;");
  assertEquals([wrong.outputs.map(({ type }) => type), wrong.reply.status], [["error"], "error"]);
  assertMatch(textOf(wrong), /^SyntaxError: Unexpected token \(line 1, column 11\)/);
  assertEquals(textOf(await run(kernel, "counting.alpha + 1")), "2");
  const { matches } = await kernel.ask("complete_request", { code: "counting.", cursor_pos: 9 });
  assertStringIncludes(JSON.stringify(matches), "alpha");
});

testKernel("VS Code: Stop, which it sends among the cells and not on the channel for control", async (kernel) => {
  await run(kernel, "let n = 0;");
  for (
    const [code, note] of [["while (true) n++;", "in a loop that awaits nothing"], [
      "await new Promise(() => {});",
      "while it waited",
    ]]
  ) {
    const id = await begin(kernel, `console.log("going"); ${code}`);
    await kernel.message(({ parent, content }) => parent === id && content.text?.includes("going"));
    const { reply } = await kernel.end(await kernel.send("interrupt_request", {}));
    assertEquals(reply, { status: "ok" });
    assertStringIncludes(textOf(await kernel.end(id)), `Stopped: The cell was stopped ${note}`);
  }
  assertEquals(textOf(await run(kernel, "n > 0")), "true");
});
