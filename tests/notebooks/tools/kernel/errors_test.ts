import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { testKernel, textOf } from "./_kernel.ts";

testKernel("the kernel shows syntax errors in the cell, with line and column", async (kernel) => {
  const cases: [code: string, place: string, shown: string][] = [
    ["let b: number = ;", "Unexpected token (line 1, column 17)", "   1 | let b: number = ;"],
    ["const a = 1;\n\nconst f = (x) => { x + };", "(line 3, column 24)", "   3 | const f = (x) => { x + };"],
    ["const ä = 'naïve';\nconst emoji = '😀' '→';", "(line 2, column", "   2 | const emoji = '😀' '→';"],
    ["let text = `abc", "Unterminated template (line 1, column", "   1 | let text = `abc"],
    ["for (let i = 0; i < 3; i++) {", "(line 1, column", "   1 | for (let i = 0; i < 3; i++) {"],
    ["const x = <div>hello</p>;", "(line 1, column", "   1 | const x = <div>hello</p>;"],
    ["for await (const x of y) {\n  await z(;\n}", "(line 2, column 11)", "   2 |   await z(;"],
  ];
  for (const [code, place, shown] of cases) {
    const { reply, outputs } = await kernel.run(code);
    assertEquals([code, outputs.map(({ type }) => type)], [code, ["error"]]);
    assertEquals([reply.status, reply.ename, outputs[0]!.content.ename], ["error", "SyntaxError", "SyntaxError"]);
    assertStringIncludes(reply.evalue, place);
    assertEquals(reply.evalue, outputs[0]!.content.evalue);
    assertStringIncludes(outputs[0]!.content.traceback.join("\n"), shown);
  }
  assertStringIncludes(textOf(await kernel.run("const after = 7; after")), "7");
});

testKernel("the caret under a syntax error points to its place", async (kernel) => {
  const { reply } = await kernel.run("let b: number = ;");
  // deno-lint-ignore no-control-regex -- colors
  const [source, caret] = (reply.traceback as string[]).slice(-2).map((line) => line.replaceAll(/\x1b\[[0-9;]*m/g, ""));
  assertEquals(source![caret!.indexOf("^")], ";");
});

testKernel("errors that a cell throws pass as they are", async (kernel) => {
  const { reply, outputs } = await kernel.run("throw new RangeError('too small')");
  assertEquals([reply.status, reply.ename, reply.evalue], ["error", "RangeError", "too small"]);
  assertEquals(outputs.map(({ type, content }) => [type, content.ename, content.evalue]), [["error", "RangeError", "too small"]]);
  assertEquals((await kernel.run("await Promise.reject('no error object')")).reply.evalue, "no error object");
  assertEquals((await kernel.run("let a = 1; let a = 2;")).reply.ename, "SyntaxError"); // V8's own
});

testKernel("a package that cannot be loaded is named", async (kernel) => {
  const code = 'import x from "npm:@forger/no-such-package"; x';
  assertStringIncludes(textOf(await kernel.run(code)), "Cannot load npm:@forger/no-such-package");
});

testKernel("errors that no cell awaits are printed", async (kernel) => {
  const id = await kernel.begin(
    "setTimeout(() => { throw new TypeError('late') }, 1); Promise.reject(new RangeError('lost')); 1",
  );
  for (const text of ["Uncaught TypeError: late", "Uncaught (in promise) RangeError: lost"]) {
    await kernel.message(({ type, content }) => type === "stream" && content.name === "stderr" && content.text.includes(text));
  }
  assertEquals((await kernel.end(id)).reply.status, "ok");
  const handled = await kernel.run(
    "const p = Promise.reject(1); await new Promise((r) => setTimeout(r, 5)); await p.catch(() => 2)",
  );
  assertEquals(textOf(handled), "2");
});

testKernel("after an error, the cells that wait are not run", async (kernel) => {
  const slow = await kernel.begin("await new Promise((r) => setTimeout(r, 200)); throw new Error('first')");
  const waiting = [await kernel.begin("globalThis.second = true"), await kernel.begin("globalThis.third = true")];
  assertEquals((await kernel.end(slow)).reply.evalue, "first");
  for (const id of waiting) assertEquals((await kernel.end(id)).reply.status, "aborted");
  assertEquals(textOf(await kernel.run("[typeof second, typeof third].join()")), '"undefined,undefined"');

  const other = await kernel.begin("await 0; throw new Error('goes on')", { content: { stop_on_error: false } });
  const next = await kernel.begin("'ran'");
  assertEquals([(await kernel.end(other)).reply.status, (await kernel.end(next)).reply.status], ["error", "ok"]);
});

testKernel("messages of the library are not red, warnings and errors are", async (kernel) => {
  const folder = await Deno.makeTempDir();
  try {
    const module = `${folder}/messages.ts`;
    await Deno.writeTextFile(module, "export const say = (text: string) => console.error(text);");
    const code = `import { say } from ${JSON.stringify(module)};
      say("Backend: wasm 4.22 on cpu"); say("Error: no such file"); say("Warning: slow"); console.error("mine");`;
    const { outputs } = await kernel.run(code);
    const by = (name: string) =>
      outputs.filter(({ content }) => content.name === name).map(({ content }) => content.text).join("");
    assertEquals(by("stdout"), "Backend: wasm 4.22 on cpu\n");
    assertEquals(by("stderr"), "Error: no such file\nWarning: slow\nmine\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

testKernel("a cell that is nested so deeply that Deno would end is refused, and the next one is looked at", async (kernel) => {
  await kernel.run("const kept = 1;");
  for (const code of [`const sum = [${"1+".repeat(6000)}1];`, `const all = ${"(".repeat(4000)}1${")".repeat(4000)};`]) {
    const { reply, outputs } = await kernel.run(code);
    assertEquals([reply.status, outputs.map(({ type }) => type)], ["error", ["error"]]);
    assertStringIncludes(reply.evalue, "nested too deeply");
  }
  assertEquals(textOf(await kernel.run("kept")), "1");
  assertStringIncludes((await kernel.run("let b: number = ;")).reply.evalue, "(line 1, column 17)"); // the helper is there
});

testKernel("the end of Deno is told in one line", async (kernel) => {
  const id = await kernel.begin("console.log('going'); Deno.exit(3)");
  const next = await kernel.begin("1");
  const { reply, outputs } = await kernel.end(id);
  const error = outputs.find(({ type }) => type === "error")!;
  assertMatch(error.content.evalue, /^Deno ended: .*exit status 3\. All variables are lost; run the notebook from the top\.$/);
  assertEquals([reply.status, reply.evalue], ["error", error.content.evalue]);
  assertEquals((await kernel.end(next)).reply.status, "aborted");
  assertEquals(await kernel.manage("wait"), false); // Jupyter then starts it again
});

testKernel("the end of the kernel by SIGTERM is not taken for a full memory", async (kernel) => {
  if (Deno.build.os === "windows") return;
  await kernel.beginUntil("console.log('going'); await new Promise(() => {});", "going");
  const SIGTERM = 15;
  await kernel.manage("signal", { number: SIGTERM });
  assert(!await kernel.manage("wait"));
  assertEquals(kernel.messages.filter(({ type }) => type === "error"), []);
});

testKernel("memory that does not suffice is named", async (kernel) => {
  const { outputs } = await kernel.run("const all = []; while (true) all.push(new Array(1e6).fill(Math.random()));");
  assertStringIncludes(outputs.find(({ type }) => type === "error")!.content.evalue, "ran out of memory");
  assert(!await kernel.manage("wait"));
}, { env: { DENO_V8_FLAGS: "--max-old-space-size=200" } });
