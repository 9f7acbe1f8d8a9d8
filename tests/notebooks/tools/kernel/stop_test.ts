import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { course, texts } from "../../_notebooks.ts";
import { type Executed, type TestKernel, testKernel, textOf } from "./_kernel.ts";

/** Presses Stop while a cell runs that has printed "going". */
async function stopped(kernel: TestKernel, code: string): Promise<Executed> {
  const id = await kernel.beginUntil(code, "going");
  await kernel.manage("interrupt");
  return await kernel.end(id);
}

/** What a cell says that Stop did; its reply must say the same, and nothing must be red. */
function noteOf({ outputs, reply }: Executed): string {
  const notes = outputs.flatMap(({ type, content }) => type === "display_data" ? [content.data["text/plain"]] : []);
  assertEquals([reply.status, notes], ["error", [`${reply.ename}: ${reply.evalue}`]]);
  assertEquals(outputs.filter(({ type, content }) => type === "error" || content.name === "stderr"), []);
  return notes[0];
}

testKernel("Stop ends a loop that awaits nothing, and all variables are kept", async (kernel) => {
  await kernel.run("let steps = 0; const kept = new Map([['a', 1]]);");
  const loop = await stopped(kernel, "console.log('going'); await 0; while (true) steps++;");
  assertMatch(noteOf(loop), /^Stopped: .*a loop that awaits nothing\. All variables are kept/);
  assertEquals(textOf(await kernel.run("[steps > 0, kept.get('a')].join()")), '"true,1"');
  // also in a function that the cell awaits, whose promise V8 leaves pending
  const inside = await stopped(
    kernel,
    "async function run() { console.log('going'); await 0; while (true) steps++; }\nawait run();",
  );
  assertMatch(noteOf(inside), /^Stopped: .*a loop that awaits nothing/);
  assertEquals(textOf(await kernel.run("await Promise.resolve(kept.size)")), "1");
  assertMatch(noteOf(await stopped(kernel, "console.log('going'); await new Promise(() => {})")), /^Stopped: .*while it waited/);
});

testKernel("Stop ends a cell that waits: for a timer, for a loop in a function, for what never comes", async (kernel) => {
  await kernel.run("let rounds = 0; const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));");
  const cases = [
    "console.log('going'); await sleep(1e7);",
    "console.log('going'); await new Promise(() => {});",
    "async function rounding() { while (true) { rounds++; await sleep(5); } }\nconsole.log('going'); await rounding();",
    "async function* many() { while (true) yield await sleep(5); }\n" +
    "for await (const _ of many()) { if (rounds++ % 9 === 0) console.log('going'); }",
    "console.log('going'); await Promise.all([sleep(1e7), Promise.any([sleep(1e7)])]);",
  ];
  for (const code of cases) {
    assertMatch(noteOf(await stopped(kernel, code)), /^Stopped: The cell was stopped while it waited\. All variables are kept/);
  }
  const before = Number(textOf(await kernel.run("rounds")));
  await kernel.run("await sleep(50)");
  assertEquals(Number(textOf(await kernel.run("rounds"))), before, "what the cell started goes on");
});

testKernel(
  "Stop pressed again ends a loop that catches what Stop throws; a timer's callback does not end all timers",
  async (kernel) => {
    const code =
      "console.log('going'); for (;;) { try { await new Promise((done) => setTimeout(done, 1)); } catch { /* go on */ } }";
    const id = await kernel.beginUntil(code, "going");
    await kernel.manage("interrupt");
    await kernel.message(({ parent, content }) => parent === id && content.text?.includes("Press Stop again"));
    await kernel.manage("interrupt");
    assertMatch(noteOf(await kernel.end(id)), /^Stopped/);
    const timer = await stopped(
      kernel,
      "setTimeout(() => { console.log('going'); while (true); }, 1); await new Promise(() => {});",
    );
    assertMatch(noteOf(timer), /^Stopped: .*a loop that awaits nothing/);
    assertEquals(textOf(await kernel.run("await new Promise((done) => setTimeout(done, 5, 'timers run'))")), '"timers run"');
  },
);

testKernel("Stop runs finally blocks, and closes what for await reads from", async (kernel) => {
  const code = `
    async function* source() {
      try { while (true) { yield 1; await new Promise((r) => setTimeout(r, 5)); } } finally { console.log("closed"); }
    }
    try { for await (const _ of source()) console.log("going"); } finally { console.log("finally"); }`;
  const { outputs } = await stopped(kernel, code);
  const printed = outputs.map(({ content }) => content.text ?? "").join("");
  assertStringIncludes(printed, "finally");
  const id = await kernel.begin("await new Promise((r) => setTimeout(r, 50));");
  await kernel.end(id);
  assert(kernel.messages.some(({ content }) => content.text?.includes("closed")), "the generator was not closed");
});

testKernel("Stop leaves alone what an earlier cell waits for", async (kernel) => {
  await kernel.run(
    "let answer; const later = new Promise((r) => answer = r); let got; (async () => { got = await later; })(); 0",
  );
  noteOf(await stopped(kernel, "console.log('going'); await new Promise(() => {});"));
  assertEquals(textOf(await kernel.run("answer(42); await new Promise((r) => setTimeout(r)); got")), "42");
});

testKernel("Stop asks a listener of the cell to end it, and one of an earlier cell does not hinder", async (kernel) => {
  const listening = `
    let asked = 0;
    const { promise, resolve } = Promise.withResolvers();
    Deno.addSignalListener("SIGINT", () => { asked++; resolve("ended by itself"); });
    console.log("going");
    await promise;`;
  const own = await stopped(kernel, listening);
  assertEquals([own.reply.status, textOf(own)], ["ok", 'going\n"ended by itself"']);

  // the listener is still there
  const later = await stopped(kernel, "console.log('going'); await new Promise(() => {});");
  assertMatch(noteOf(later), /^Stopped: .*while it waited/);
  assertEquals(textOf(await kernel.run("asked")), "1");

  // a second press does not ask
  const deaf = "Deno.addSignalListener('SIGINT', () => { asked++; }); console.log('going'); await new Promise(() => {});";
  const id = await kernel.beginUntil(deaf, "going");
  await kernel.manage("interrupt");
  await kernel.message(({ parent, content }) => parent === id && content.text?.includes("Press Stop again"));
  await kernel.manage("interrupt");
  assertMatch(noteOf(await kernel.end(id)), /^Stopped: .*while it waited/);
  assertEquals(textOf(await kernel.run("asked")), "2");
});

testKernel(
  "Stop pressed once ends the cells of a lesson, whose first cell listens for SIGINT and does nothing",
  async (kernel) => {
    const lesson = (await course()).find(({ name }) => name.endsWith("07_pix2pix.ipynb"))!;
    const [setup] = texts(lesson, "code");
    assertStringIncludes(setup!.text, 'Deno.addSignalListener("SIGINT", () => {})');
    // in the cell itself,
    const own = await stopped(kernel, `${setup!.text}\nconsole.log("going"); await new Promise(() => {});`);
    assertMatch(noteOf(own), /^Stopped: .*while it waited/);
    // and in those after it: one that waits, and one that does not
    assertEquals((await kernel.run(setup!.text)).reply.status, "ok");
    assertMatch(
      noteOf(await stopped(kernel, "console.log('going'); await new Promise(() => {})")),
      /^Stopped: .*while it waited/,
    );
    assertMatch(noteOf(await stopped(kernel, "console.log('going'); await 0; while (true);")), /^Stopped: .*a loop that awaits/);
    // A training run is asked, also one that is the second in its cell.
    const training = `
    let [steps, runs] = [0, 0];
    for (const epochs of [1, 1e6]) {
      const view = plot.live({ seed: 1 });
      const model = pix2pix({ size: 32, filters: 4, layers: 1, seed: 1 });
      const pairs = data.toytown({ count: 6, size: 32, seed: 1 });
      for await (const event of view.follow(model.train(pairs, { epochs, seed: 1 }))) {
        if (event.type === "step") steps = event.step;
        if (event.type === "epoch" && epochs > 1) console.log("going");
      }
      runs++;
    }
    console.log("runs:", runs);`;
    const { reply, outputs } = await stopped(kernel, training);
    assertEquals(reply.status, "ok");
    assertStringIncludes(outputs.map(({ content }) => content.text ?? "").join(""), "runs: 2");
    assertEquals(textOf(await kernel.run("steps > 6 && steps < 1e4")), "true");
  },
);

testKernel("Stop ends a run of an earlier cell in good order if the cell reads its events", async (kernel) => {
  await kernel.run(`import { data, pix2pix, tf, useBackend } from "@forger/gan"; await useBackend();
    const model = pix2pix({ size: 32, filters: 4, layers: 1, seed: 1 });
    const events = model.train(data.toytown({ count: 6, size: 32, seed: 1 }), { epochs: 1e6, seed: 1 });
    let steps = 0; await events.next();`);
  noteOf(await stopped(kernel, "for await (const { type } of events) { if (type === 'step') steps++; console.log('going'); }"));
  const after = `const before = steps; await new Promise((done) => setTimeout(done, 500));
    for await (const { type } of model.train(data.toytown({ count: 6, size: 32, seed: 1 }), { epochs: 1 })) type;
    [before > 0, steps === before, model.provenance.steps].join();`;
  assertEquals(textOf(await kernel.run(after)), '"true,true,6"');
});

testKernel("Stop before a cell begins ends it, and those that wait", async (kernel) => {
  if (Deno.build.os !== "linux") return;
  const children = (await Deno.readTextFile(`/proc/${kernel.pid}/task/${kernel.pid}/children`)).trim().split(" ").map(Number);
  const helper = children.find((pid) => Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("helper.ts"))!;
  Deno.kill(helper, "SIGSTOP"); // no cell begins before the helper has looked at it
  const id = await kernel.begin("globalThis.ran = true");
  const next = await kernel.begin("globalThis.ran = true");
  await new Promise((done) => setTimeout(done, 1000)); // until the kernel has got the cells
  await kernel.manage("interrupt");
  assertMatch(noteOf(await kernel.end(id)), /^Stopped: The cell was stopped before it began/);
  assertEquals((await kernel.end(next)).reply.status, "aborted");
  Deno.kill(helper, "SIGCONT");
  assertEquals(textOf(await kernel.run("typeof ran")), '"undefined"');
});

testKernel("Stop while Deno asks for input ends the cell", async (kernel) => {
  const id = await kernel.begin("const name = prompt('Your name?'); console.log('hello', name);");
  await kernel.message(({ type }) => type === "input_request");
  await kernel.manage("interrupt");
  assertMatch(noteOf(await kernel.end(id)), /^Stopped: The cell was stopped while it asked for input/);
  assertEquals(textOf(await kernel.run("1 + 1")), "2");
});

testKernel("Stop while nothing runs does nothing, nor do signals to the kernel and to its group", async (kernel) => {
  await kernel.run("const kept = 'kept';");
  assert(await kernel.manage("interrupt"));
  if (Deno.build.os !== "windows") {
    const SIGINT = 2;
    assert(await kernel.manage("signal", { number: SIGINT }));
    assert(await kernel.manage("signal", { number: SIGINT, group: true }));
  }
  await kernel.ask("kernel_info_request", {}, { channel: "control" }); // after which the kernel has seen the signals
  assertEquals(textOf(await kernel.run("kept")), '"kept"');
  if (Deno.build.os === "windows") return;
  const id = await kernel.beginUntil("console.log('going'); await new Promise(() => {});", "going");
  await kernel.manage("signal", { number: 2, group: true }); // as VS Code does for kernels without interrupt_mode
  assertMatch(noteOf(await kernel.end(id)), /^Stopped/);
});

testKernel("Stop refuses the cells that wait behind the stopped one", async (kernel) => {
  const id = await kernel.beginUntil("console.log('going'); await new Promise(() => {});", "going");
  const next = await kernel.begin("globalThis.ran = true");
  await kernel.manage("interrupt");
  noteOf(await kernel.end(id));
  assertEquals((await kernel.end(next)).reply.status, "aborted");
  assertEquals(textOf(await kernel.run("typeof ran")), '"undefined"');
});

testKernel("Stop ends the training of a lesson in seconds, with everything kept", async (kernel) => {
  await kernel.run('import { data, pix2pix, tf, useBackend } from "@forger/gan"; await useBackend();');
  const training = `
    const model = pix2pix({ size: 32, filters: 4, layers: 1, seed: 1 });
    let steps = 0;
    for await (const event of model.train(data.toytown({ count: 6, size: 32, seed: 1 }), { epochs: 1e6, seed: 1 })) {
      if (event.type === "step") steps = event.step;
      if (event.type === "epoch") console.log("going", event.epoch);
    }
    console.log("ended after a step:", steps);`;
  const id = await kernel.beginUntil(training, "going");
  const pressed = performance.now();
  await kernel.manage("interrupt");
  const { reply, outputs } = await kernel.end(id);
  assertLess(performance.now() - pressed, 60_000);
  assertEquals(reply.status, "ok");
  assertStringIncludes(outputs.map(({ content }) => content.text ?? "").join(""), "ended after a step:");
  const after = await kernel.run("(await model.translate(tf.zeros([1, 32, 32, 3]))).shape.join()");
  assertEquals(textOf(after), '"1,32,32,3"');
});
