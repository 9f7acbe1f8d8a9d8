import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { executeNotebook } from "../../../../notebooks/tools/execute.ts";
import { readNotebook, writeNotebook } from "../../../../notebooks/tools/notebook.ts";
import { keptLesson, kernelTest, ROOT } from "../../_notebooks.ts";
import { type Message, TestKernel, testKernel, textOf } from "./_kernel.ts";

/** Messages without what differs from run to run. */
function essence(messages: Message[]): unknown[] {
  const joined: { type: string; content: unknown }[] = [];
  for (const { type, content } of messages) {
    const last = joined.at(-1) as { type: string; content: { name: string; text: string } } | undefined;
    if (type === "stream" && last?.type === "stream" && last.content.name === content.name) last.content.text += content.text;
    else joined.push({ type, content: structuredClone(content) });
  }
  return joined;
}

const CELLS = [
  "1 + 1",
  "const text = 'ünïcödé 😀 → \\u2028 \\\\ \"quoted\"'; console.log(text); text",
  "({ a: [1, 2], b: { c: null } })",
  "Deno.jupyter.html`<b>bold</b> & <i>more</i>`",
  "Deno.jupyter.md`# Title\n\n$x^2$`",
  "await Deno.jupyter.display({ 'text/plain': 'shown', 'application/json': { deep: [1, { x: 2 }] } }, { raw: true })",
  'const shown = (text: string) => ({ data: { "text/plain": text }, metadata: {}, transient: { display_id: "d" } });' +
  'await Deno.jupyter.broadcast("display_data", shown("one"));' +
  'await Deno.jupyter.broadcast("update_display_data", shown("two"));',
  'await Deno.jupyter.broadcast("clear_output", { wait: true }); console.log("after");',
  '({ [Symbol.for("Jupyter.display")]: () => ({ "application/vnd.plotly.v1+json": { data: [{ y: [1, 2] }], layout: {} }, ' +
  '"text/html": "<div>plot</div>", "image/svg+xml": "<svg/>" }) })',
  "{a: 1}",
  "undefined",
  "throw new SyntaxError('thrown')",
  "await Promise.reject(new TypeError('rejected'))",
  "console.log('%s is %d', 'x', 5); console.table([{ a: 1 }]); console.warn('careful');",
  "enum Kind { One, Two }; Kind.Two",
  "const { readable, writable } = new TransformStream(); await writable.getWriter().write?.call === undefined",
  "for await (const n of (async function* () { yield 1; yield 2; })()) console.log(n);",
  "for await (const n of [Promise.resolve('a'), 'b']) console.log(n);",
  "const thenable = { then: (done: (x: number) => void) => done(7) }; await thenable as unknown as number",
  "await (async () => { try { return await Promise.resolve('inner'); } finally { console.log('finally'); } })()",
];

kernelTest("cells give the same messages and replies as on Deno's own kernel", async () => {
  await using own = await TestKernel.start({ kernel: "deno" });
  await using forger = await TestKernel.start();
  for (const code of CELLS) {
    const [wanted, got] = [await own.run(code), await forger.run(code)];
    await own.run("await new Promise((done) => setTimeout(done, 30))"); // Deno may send outputs after "idle"
    const late = own.messages.filter(({ client, channel, parent, type }) =>
      client === 0 && channel === "iopub" && parent === own.messages.findLast(({ content }) => content.code === code)?.parent &&
      !["status", "execute_input"].includes(type)
    );
    const { execution_count: _a, traceback: _b, ...reply } = wanted.reply;
    const { execution_count: _c, traceback: _d, ...gotReply } = got.reply;
    assertEquals([code, gotReply], [code, reply]);
    const without = (messages: Message[]) =>
      essence(messages).map((each) => JSON.stringify(each).replaceAll(/"execution_count":\d+|"traceback":\[.*?\]/g, "")).sort();
    assertEquals([code, without(got.outputs)], [code, without(late)]);
  }
});

testKernel("the code of a cell is broadcast as it was written", async (kernel) => {
  const code = "await Promise.resolve(1); // a comment";
  const id = await kernel.begin(code);
  const { content } = await kernel.message(({ parent, type }) => parent === id && type === "execute_input");
  assertEquals(content.code, code);
  assertEquals((await kernel.end(id)).reply.execution_count, content.execution_count);
});

testKernel("outputs come before the end of their cell, however large they are", async (kernel) => {
  for (let n = 0; n < 40; n++) {
    const { outputs } = await kernel.run(n % 2 ? `console.log(${n});` : `["value", ${n}];`);
    assertEquals(outputs.length, 1, `cell ${n}`);
  }
  const large = await kernel.run("const line = 'é'.repeat(30_000); for (let i = 0; i < 400; i++) console.log(i, line); i_am");
  const printed = large.outputs.map(({ content }) => content.text ?? "").join("");
  assertEquals(printed.split("\n").length, 401);
  assertEquals(large.outputs.at(-1)!.content.ename, "ReferenceError");
});

testKernel("prompt() and confirm() ask the client that runs the cell", async (kernel) => {
  const id = await kernel.begin("const name = prompt('Your name?'); const sure = confirm('Sure?'); `${name} ${sure}`", {
    client: 1,
  });
  const asked = await kernel.message(({ type }) => type === "input_request");
  assertEquals([asked.client, asked.content.prompt.includes("Your name?")], [1, true]);
  await kernel.send("input_reply", { value: "Zoë" }, { channel: "stdin", client: 1 });
  await kernel.message(({ type, content }) => type === "input_request" && content.prompt.includes("Sure?"));
  await kernel.send("input_reply", { value: "y" }, { channel: "stdin", client: 1 });
  assertEquals(textOf(await kernel.end(id, 1)), '"Zoë true"');
});

testKernel("two clients each get their replies, and both see all outputs", async (kernel) => {
  const [a, b] = await Promise.all([kernel.begin("'from a'", { client: 0 }), kernel.begin("'from b'", { client: 1 })]);
  const [first, second] = [await kernel.end(a, 0), await kernel.end(b, 1)];
  assertEquals([textOf(first), textOf(second)], ['"from a"', '"from b"']);
  const replies = kernel.messages.filter(({ type }) => type === "execute_reply").map(({ client, parent }) => [client, parent]);
  assertEquals(replies.sort(), [[0, a], [1, b]]);
  for (const client of [0, 1]) {
    for (const id of [a, b]) {
      await kernel.message((each) => each.client === client && each.parent === id && each.type === "execute_result");
    }
  }
});

testKernel("other requests are answered as by Deno's kernel", async (kernel) => {
  await kernel.run("const counting = { alpha: 1, beta: 2 };");
  const info = await kernel.ask("kernel_info_request", {});
  assertEquals([info.status, info.language_info.name, info.protocol_version], ["ok", "typescript", "5.3"]);
  assertEquals((await kernel.ask("kernel_info_request", {}, { channel: "control" })).status, "ok");
  const { matches } = await kernel.ask("complete_request", { code: "counting.al", cursor_pos: 11 });
  assert(matches.some((match: string) => match.includes("alpha")), JSON.stringify(matches));
  assertEquals((await kernel.ask("inspect_request", { code: "counting", cursor_pos: 3, detail_level: 0 })).status, "ok");
  assertEquals((await kernel.ask("is_complete_request", { code: "if (true) {" })).status, "incomplete");
  assertEquals((await kernel.ask("comm_info_request", {})).comms, {});
  assertEquals((await kernel.ask("history_request", { hist_access_type: "tail", n: 1, output: false, raw: true })).history, []);
  await kernel.send("comm_open", { comm_id: "c", target_name: "none", data: {} });
  assertEquals(textOf(await kernel.run("'still there'")), '"still there"');
});

testKernel("a restart gives a fresh kernel, also while a cell runs", async (kernel) => {
  await kernel.run("const before = 1;");
  const pid = textOf(await kernel.run("Deno.pid"));
  assert(await kernel.manage("restart"));
  assertEquals(textOf(await kernel.run("typeof before")), '"undefined"');
  assert(textOf(await kernel.run("Deno.pid")) !== pid);
  await kernel.beginUntil("console.log('going'); while (true);", "going");
  assert(await kernel.manage("restart"));
  assertEquals(textOf(await kernel.run("'again'")), '"again"');
});

testKernel("Deno ends with the kernel, even if the kernel is killed", async (kernel) => {
  const pid = Number(textOf(await kernel.run("Deno.pid")));
  const SIGKILL = 9;
  await kernel.manage("signal", { number: SIGKILL });
  await kernel.manage("wait");
  const isThere = () => new Deno.Command("kill", { args: ["-0", String(pid)], stderr: "null" }).outputSync().success;
  while (isThere()) await new Promise((done) => setTimeout(done, 50));
  assertEquals(isThere(), false);
});

kernelTest("a lesson runs on the kernel to its end, and shows what it shows on Deno's own", async () => {
  const lesson = await keptLesson("00_start_here");
  const path = await Deno.makeTempFile({ suffix: ".ipynb" });
  try {
    const kernelspec = { display_name: "Deno (Forger)", language: "typescript", name: "deno-forger" };
    await writeNotebook(path, { ...lesson, metadata: { ...lesson.metadata, kernelspec } });
    const folder = join(ROOT, "notebooks");
    const { notebook } = await executeNotebook(path, { root: ROOT, size: "test", folder });
    const { notebook: own } = await executeNotebook(join(folder, "00_start_here.ipynb"), { root: ROOT, size: "test" });
    notebook.cells.forEach(({ id, outputs = [] }, n) => {
      const kinds = (all: typeof outputs) =>
        all.map(({ output_type, data }) => [output_type, Object.keys(data ?? {}).sort()].join()).sort();
      assertEquals([id, kinds(outputs)], [id, kinds(own.cells[n]!.outputs ?? [])]);
      assertEquals(outputs.filter(({ name }) => name === "stderr"), [], `${id} is red`);
    });
    assertMatch(JSON.stringify((await readNotebook(path)).metadata.kernelspec), /deno-forger/);
    assertStringIncludes(JSON.stringify(notebook.cells), "Backend: ");
  } finally {
    await Deno.remove(path);
  }
});
