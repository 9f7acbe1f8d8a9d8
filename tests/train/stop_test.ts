import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stopSignal } from "../../lib/train/stop.ts";

const signals = Deno.build.os !== "windows"; // Windows cannot send them to itself

/** Runs a program that trains until it is stopped, with a last step of one second; sends it signals, and returns its outcome. */
async function trained(options: { kill: Deno.Signal[]; afterDone?: boolean; notebook?: boolean; ignoring?: "trap" | "nohup" }) {
  const { kill, afterDone = false, notebook = false, ignoring } = options;
  const code = `
    import { stopSignal } from ${JSON.stringify(import.meta.resolve("../../lib/train/stop.ts"))};
    const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const stop = stopSignal(undefined, { notebook: ${notebook} });
    let aborted = 0;
    stop.signal.addEventListener("abort", () => { aborted++; console.log("aborted"); });
    if (${afterDone}) stop.done();
    console.log("ready");
    while (!stop.signal.aborted) await sleep(20);
    await sleep(1000);
    stop.done();
    console.log("saved", aborted, "status", stop.exitStatus);`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, code);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const args = ["run", "-A", "--no-check", "--config", config, file];
  const late = AbortSignal.timeout(60_000);
  const command = ignoring === "trap" ? ["sh", "-c", `trap '' HUP; exec "$@"`, "sh", Deno.execPath()] : [Deno.execPath()];
  const env = { _: ignoring === "nohup" ? "/usr/bin/nohup" : Deno.execPath() }; // deno task keeps the variable alone
  const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(command[0]!, { args: [...command.slice(1), ...args], ...streams, env, signal: late }).spawn();
  const errors = new Response(child.stderr).text();
  let said = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (word: string): Promise<void> => {
    while (!said.includes(word)) {
      const { value, done } = await reader.read();
      if (done) return;
      said += value;
    }
  };
  await until("ready");
  for (const [n, signal] of kill.entries()) {
    child.kill(signal);
    if (ignoring) await new Promise((done) => setTimeout(done, 300));
    else if (n === 0) await until("aborted"); // or the program ends
  }
  await until("no such output");
  const { code: status, signal } = await child.status;
  await Deno.remove(file);
  return { status, signal, said, errors: await errors };
}

Deno.test({
  name: "stopSignal() aborts after the first Ctrl-C, and prints a line",
  ignore: !signals,
  fn: async () => {
    const { status, said, errors } = await trained({ kill: ["SIGINT"] });
    assertEquals(status, 0);
    assertStringIncludes(said, "saved 1");
    assertStringIncludes(errors, "Stopping after this step and saving a checkpoint; ");
  },
});

Deno.test({
  name: "stopSignal() ends the program at the second Ctrl-C, with the status that shells expect",
  ignore: !signals,
  fn: async () => {
    const twice = await trained({ kill: ["SIGINT", "SIGINT"] });
    assertEquals(twice.status, 130);
    assert(!twice.said.includes("saved"));
    assertEquals((await trained({ kill: ["SIGTERM", "SIGTERM"] })).status, 143);
  },
});

Deno.test({
  name: "stopSignal() stops when the terminal closes, also if the signal comes twice, and tells the exit status",
  ignore: !signals,
  fn: async () => {
    const { said, errors } = await trained({ kill: ["SIGHUP", "SIGHUP"] });
    assertStringIncludes(said, "saved 1 status 129");
    assert(!errors.includes("Ctrl-C"));
    assertStringIncludes((await trained({ kill: ["SIGTERM"] })).said, "status 143");
    assertStringIncludes((await trained({ kill: ["SIGHUP", "SIGTERM"] })).said, "saved 1 status 129");
  },
});

Deno.test({
  name: "stopSignal() carries on when the terminal closes, if SIGHUP was ignored from the start, as under nohup",
  ignore: !signals,
  fn: async () => {
    for (const ignoring of ["trap", "nohup"] as const) {
      const { said, status } = await trained({ kill: ["SIGHUP", "SIGHUP", "SIGINT"], ignoring });
      assertEquals(status, 0);
      assertStringIncludes(said, "saved 1 status 130");
    }
  },
});

Deno.test("stopSignal() shares the listeners of a signal that comes from it", () => {
  const outer = stopSignal();
  const inner = stopSignal(outer.signal);
  assertEquals(inner.signal, outer.signal);
  inner.done();
  assertEquals(stopSignal(outer.signal).signal, outer.signal);
  outer.done();
  const own = stopSignal(outer.signal);
  assert(own.signal !== outer.signal, "no longer listening");
  own.done();
});

Deno.test({
  name: "stopSignal() in a notebook accepts any number of stops, and the kernel survives",
  ignore: !signals,
  fn: async () => {
    const { status, said, errors } = await trained({ kill: ["SIGINT", "SIGINT", "SIGINT"], notebook: true });
    assertEquals([status, errors], [0, ""]);
    assertStringIncludes(said, "saved 1");
    // Closing the notebook ends the kernel with SIGTERM, which must not be caught.
    assertEquals((await trained({ kill: ["SIGTERM"], notebook: true })).signal, "SIGTERM");
  },
});

Deno.test({
  name: "done() removes the listeners, and Ctrl-C ends the program again",
  ignore: !signals,
  fn: async () => {
    const { signal, said } = await trained({ kill: ["SIGINT"], afterDone: true });
    assertEquals(signal, "SIGINT");
    assert(!said.includes("aborted"));
  },
});

Deno.test("stopSignal() is aborted by the caller's signal", () => {
  const own = new AbortController();
  const stop = stopSignal(own.signal);
  assert(!stop.signal.aborted);
  own.abort("enough");
  assert(stop.signal.aborted);
  assertEquals(stop.signal.reason, "enough");
  stop.done();
  stop.done();
});
