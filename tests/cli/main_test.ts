import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const MAIN = import.meta.resolve("../../lib/cli/main.ts");

/** Runs a task that executes the given code in a separate process. */
async function task(work: string, args: string[] = [], env: Record<string, string> = {}) {
  const code = `import { runCommand } from "${MAIN}"; import { UsageError } from "${
    import.meta.resolve("../../lib/cli/command.ts")
  }";
    await runCommand({ name: "work", about: "Works.", options: {}, examples: [] }, async () => { ${work} });`;
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(path, code);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-env", path, ...args],
    env: { NO_COLOR: "1", FORGER_DEBUG: "", ...env },
    stdin: "null",
  });
  const { code: status, stdout, stderr } = await command.output();
  await Deno.remove(path);
  return { status, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("runCommand() exits with 0, or with the status that the command returns", async () => {
  assertEquals((await task("console.log('done')")).stdout, "done\n");
  assertEquals((await task("return 3")).status, 3);
});

Deno.test("runCommand() prints an error on one line of stderr, without a stack, and exits with 1", async () => {
  const { status, stdout, stderr } = await task(`throw new RangeError("Cannot work: expected\\n  this, got that; change it")`);
  assertEquals({ status, stdout, stderr }, {
    status: 1,
    stdout: "",
    stderr: "Cannot work: expected this, got that; change it\n",
  });
});

Deno.test("runCommand() exits with 2 if the command line is invalid", async () => {
  assertEquals((await task(`throw new UsageError("no")`)).status, 2);
  const { status, stderr } = await task("", ["--colour"]);
  assertEquals({ status, stderr }, { status: 2, stderr: 'Unknown option --colour for "deno task work"; see --help\n' });
});

Deno.test("runCommand() also prints errors of promises that are not awaited on one line", async () => {
  const { status, stderr } = await task(
    `Promise.reject(new Error("lost")); await new Promise((done) => setTimeout(done, 5000));`,
  );
  assertEquals({ status, stderr }, { status: 1, stderr: "lost\n" });
});

Deno.test("runCommand() prints the stack with FORGER_DEBUG=1", async () => {
  assertStringIncludes((await task(`throw new Error("deep")`, [], { FORGER_DEBUG: "1" })).stderr, "    at ");
});

Deno.test("runCommand() prints the help on stdout and exits with 0", async () => {
  const { status, stdout, stderr } = await task("throw new Error()", ["--help"]);
  assertEquals({ status, stderr }, { status: 0, stderr: "" });
  assert(stdout.startsWith("Usage: deno task work [options]\n"));
});
