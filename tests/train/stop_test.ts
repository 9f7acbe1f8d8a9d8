import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stopSignal } from "../../lib/train/stop.ts";

const signals = Deno.build.os !== "windows"; // Windows cannot send them to itself

/** Runs a program that trains until it is stopped, with a last step of one second; sends it signals, and returns its outcome. */
async function trained(options: { kill: Deno.Signal[]; afterDone?: boolean; notebook?: boolean }) {
  const { kill, afterDone = false, notebook = false } = options;
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
    console.log("saved", aborted);`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, code);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const args = ["run", "-A", "--no-check", "--config", config, file];
  const late = AbortSignal.timeout(60_000);
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "piped", signal: late }).spawn();
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
    if (n === 0) await until("aborted"); // or the program ends
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
