/** What `inside.js` does in Deno, without Jupyter: a program plays the cells, and writes the wishes. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { ROOT } from "../../_notebooks.ts";

/** What each program begins with: `wish` asks for something, as the kernel does; `tick` waits until it must have been read. */
const BEGIN = `
  let number = 0;
  const wish = (force, since = 0) =>
    Deno.writeTextFileSync(wishFile, JSON.stringify({ id: ++number, force, since, collect: false }));
  const told = () => JSON.parse(Deno.readTextFileSync(stateFile));
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const tick = () => sleep(400);
  const results = [];
  /** Runs a cell that waits for some milliseconds. */
  const cell = (ms = 50) => $stoppable(sleep(ms)).then(() => results.push("ran"), ({ name }) => results.push(name));`;

/** Runs a program after `inside.js`. Returns its variable `results`, and what it printed before. */
async function inside(program: string): Promise<{ results: unknown; stdout: string; stderr: string }> {
  const folder = await Deno.makeTempDir({ prefix: "forger-inside-" });
  try {
    const [wish, state] = [join(folder, "wish.json"), join(folder, "state.json")];
    await Deno.writeTextFile(wish, "{}");
    const prelude = (await Deno.readTextFile(join(ROOT, "notebooks", "tools", "kernel", "inside.js"))).trim().replace(/;$/, "");
    const files = `const [wishFile, stateFile] = ${JSON.stringify([wish, state])};`;
    const main = join(folder, "main.js");
    const end = "console.log(JSON.stringify(results)); Deno.exit(0);";
    await Deno.writeTextFile(main, [files, `(${prelude})(wishFile, stateFile);`, BEGIN, program, end].join("\n"));
    const args = ["run", "--allow-all", "--no-check", "--quiet", main];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, env: { NO_COLOR: "1" } }).output();
    const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
    const lines = printed!.split("\n");
    return { results: JSON.parse(lines.pop() || "null"), stdout: lines.join("\n"), stderr: errors! };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a wish that comes when its cell has just ended stops no later cell", async () => {
  for (const force of [true, false]) {
    const { results } = await inside(`await cell(); wish(${force}); $watchForStop(); await cell(300); await cell(300);`);
    assertEquals([force, results], [force, ["ran", "ran", "ran"]]);
  }
  // and a wish of the next cell counts
  const { results } = await inside("await cell(); wish(true); $watchForStop(); wish(false); await cell(1e6);");
  assertEquals(results, ["ran", "Stopped"]);
});

Deno.test("a listener of an earlier cell, or one that does nothing, keeps no cell from being stopped", async () => {
  const adds = (listener: string) => `Deno.addSignalListener("SIGINT", ${listener});`;
  const now = "await sleep(5); const since = Date.now();";
  const cases: [name: string, program: string, wanted: unknown[]][] = [
    ["empty", `${now} ${adds("() => {}")} ${adds("function none() {\n}")}`, [0, 1, "Stopped"]],
    ["earlier", `${adds("() => results.push('asked')")} ${now}`, [0, 1, "Stopped"]],
    ["own", `${now} ${adds("() => results.push('asked')")}`, [1, 0, "asked"]],
    ["own, a bound one", `${now} ${adds("results.push.bind(results, 'asked')")}`, [1, 0, "asked"]],
    [
      "own, removed",
      `${now} const gone = () => results.push("asked"); ${adds("gone")} Deno.removeSignalListener("SIGINT", gone);`,
      [0, 1, "Stopped"],
    ],
  ];
  for (const [name, program, wanted] of cases) {
    const { results } = await inside(`${program} void cell(1e6); wish(false, since); await tick();
      results.unshift(told().asked, told().stopped);`);
    assertEquals([name, results], [name, wanted]);
  }
});

Deno.test("the state tells when the newest listener was added that does something", async () => {
  const { results } = await inside(`
    const newest = () => results.push(told().newest > 0);
    Deno.addSignalListener("SIGINT", () => {}); newest();
    const mine = () => results.push("asked");
    Deno.addSignalListener("SIGINT", mine); newest();
    Deno.removeSignalListener("SIGINT", mine); newest();`);
  assertEquals(results, [false, true, false]);
});

Deno.test("console.error() of a module prints whatever it is given", async () => {
  const { results, stdout, stderr } = await inside(`
    console.error("Backend: cpu");
    console.error(Object.create(null), { toString() { throw new Error("no text"); } });
    console.error(new RangeError("too small"), {});
    results.push("goes on");`);
  assertEquals([results, stdout.split("\n")[0]], [["goes on"], "Backend: cpu"]);
  assertEquals([stderr.includes("RangeError: too small"), stdout.includes("too small")], [true, false]);
});
