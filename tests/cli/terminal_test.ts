import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openLog } from "../../lib/cli/event_log.ts";
import { surroundings, task, withFolder, words } from "./_task.ts";
import { hasTerminals, onTerminal } from "./_terminal.ts";

const WORDS = ["gan", "--data", "digits", "--count", "40", "--filters", "2", "--batch", "4", "--samples", "0", "--epochs", "4"];
const STEPS = 40;

/** Status, warnings and the numbers of the steps in a run folder, whose files must be whole. */
async function stateOf(out: string): Promise<{ status: string; warnings: string[]; steps: number[] }> {
  const { status, warnings } = JSON.parse(await Deno.readTextFile(join(out, "run.json")));
  const page = await Deno.readTextFile(join(out, "index.html"));
  assertStringIncludes(page, `>${status}<`);
  assert(page.trimEnd().endsWith("</html>"));
  const rows = (await Deno.readTextFile(join(out, "losses.csv"))).trimEnd().split("\n").slice(1);
  assertEquals([...Deno.readDirSync(out)].filter(({ name }) => /\.(part|lock)$/.test(name)), []);
  return { status, warnings, steps: rows.map((row) => Number(row.split(",")[1])) };
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

/** Registers a test that closes the terminal of a training run in the middle. */
function testClosing(
  name: string,
  mode: "ignored" | "background" | undefined,
  check: (out: string, status: number) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: !hasTerminals,
    fn: () =>
      withFolder(async (folder) => {
        const out = join(folder, "run");
        const close = { file: join(out, "losses.csv"), lines: STEPS / 4 + 3 };
        const { status } = await onTerminal("train", [...WORDS, "--out", out], { ...mode && { mode }, close });
        await check(out, status);
      }),
  });
}

testClosing(
  "train stops with everything kept when its terminal closes, and resumes to the same bits",
  undefined,
  async (out, status) => {
    assertEquals(status, 129);
    const stopped = await stateOf(out);
    const last = stopped.steps.length;
    assertEquals([stopped.status, stopped.steps], [`stopped after step ${last} of ${STEPS}`, upTo(last)]);
    assert(await Deno.stat(join(out, "forger.json")).then(() => true));
    assertEquals((await task("train", ["--resume", out], { FORGER_BACKEND: "cpu" })).status, 0);
    assertEquals((await stateOf(out)).steps, upTo(STEPS));
    const whole = `${out}-whole`;
    assertEquals((await task("train", [...WORDS, "--out", whole], { FORGER_BACKEND: "cpu" })).status, 0);
    const weights = (folder: string) => Deno.readFile(join(folder, "generator", "weights.bin"));
    assertEquals(await weights(out), await weights(whole));
  },
);

testClosing("train that ignores SIGHUP, as under nohup, goes on when its terminal closes", "ignored", async (out, status) => {
  assertEquals(status, 0);
  assertEquals(await stateOf(out), { status: "finished", warnings: [], steps: upTo(STEPS) });
});

testClosing("train in the background goes on when its terminal disappears without a signal", "background", async (out) => {
  const finished = () => Deno.readTextFile(join(out, "run.json")).then((text) => text.includes('"finished"'), () => false);
  const late = performance.now() + 120_000;
  while (!await finished() && performance.now() < late) await new Promise((done) => setTimeout(done, 100));
  await new Promise((done) => setTimeout(done, 1000)); // for the page, and the lock
  assertEquals(await stateOf(out), { status: "finished", warnings: [], steps: upTo(STEPS) });
});

/** Runs a task whose outputs are pipes that are closed before it writes anything. */
async function withoutReaders(
  name: string,
  args: string[],
  which: ("stdout" | "stderr")[],
): Promise<{ code: number; stderr: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: await words(name, args),
    ...{ stdin: "null", stdout: "piped", stderr: "piped", ...surroundings({ FORGER_BACKEND: "cpu" }) },
  }).spawn();
  const read = (stream: "stdout" | "stderr") => {
    if (!which.includes(stream)) return new Response(child[stream]).text();
    return child[stream].cancel().then(() => "");
  };
  const [stderr, , { code }] = await Promise.all([read("stderr"), read("stdout"), child.status]);
  return { code, stderr };
}

Deno.test("train, generate, inspect, world and --help carry on silently when nobody reads their outputs", () =>
  withFolder(async (folder) => {
    const [out, world] = [join(folder, "run"), join(folder, "world")];
    const both: ("stdout" | "stderr")[] = ["stdout", "stderr"];
    assertEquals((await withoutReaders("train", [...WORDS, "--out", out], both)).code, 0);
    assertEquals(await stateOf(out), { status: "finished", warnings: [], steps: upTo(STEPS) });
    const commands: [name: string, args: string[], file: string][] = [
      ["generate", ["--model", out, "--output", join(folder, "new")], join(folder, "new", "16.png")],
      ["world", ["--out", world, "--count", "2", "--size", "32"], world],
      ["inspect", [join(folder, "new"), "--grid", join(folder, "grid.png")], join(folder, "grid.png")],
      ["train", ["gan", "--help"], folder],
    ];
    for (const [name, args, file] of commands) {
      assertEquals(await withoutReaders(name, args, both), { code: 0, stderr: "" }, name);
      assert(await Deno.stat(file).then(() => true), name);
    }
  }));

Deno.test("train --log - goes on when the reader of the log is gone, and says so in run.json", () =>
  withFolder(async (folder) => {
    const out = join(folder, "run");
    const { code, stderr } = await withoutReaders("train", [...WORDS, "--log", "-", "--out", out], ["stdout"]);
    assertEquals(code, 0, stderr);
    const { status, warnings, steps } = await stateOf(out);
    assertEquals([status, warnings.length, steps], ["finished", 1, upTo(STEPS)]);
    assertStringIncludes(warnings[0]!, "log");
    assertEquals(stderr.split("Warning: ").length, 2);
  }));

Deno.test("openLog() names the file that cannot be written", { ignore: Deno.build.os !== "linux" }, async () => {
  const log = await openLog("/dev/full");
  await assertRejects(() => log!.write({ type: "warning", epoch: 1, step: 1, message: "" }), Error, "the log to /dev/full");
  await log!.close();
});

Deno.test("a result that cannot be written to a full disk is an error in one line", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const script = `exec "$@" > /dev/full`;
  const args = ["-c", script, "sh", Deno.execPath(), ...await words("train", ["gan", "--help"])];
  const { code, stderr } = await new Deno.Command("sh", { args, ...surroundings() }).output();
  const text = new TextDecoder().decode(stderr);
  assertEquals([code, text.trimEnd().split("\n").length], [1, 1], text);
});

for (const columns of [0, 10]) {
  Deno.test({
    name: `train on a terminal of ${columns} columns shows its progress in lines that do not wrap`,
    ignore: !hasTerminals,
    fn: () =>
      withFolder(async (folder) => {
        const { status, shown } = await onTerminal("train", [...WORDS, "--out", join(folder, "run")], { columns });
        assertEquals(status, 0, shown);
        const drawn = shown.split("\r\x1b[2K").filter((text) => !text.includes("\n"));
        assert(drawn.some((text) => text.length > 0));
        for (const text of drawn) assert(text.length < (columns || 80), text);
      }),
  });
}
