/** cli.ts, from projects that are not clones: by its path, by an import map, and from a server. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "./_task.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a module in a folder, with a copy of deno.lock, without which Deno asks the npm registry for metadata. */
async function run(folder: string, module: string, args: string[], env: Record<string, string> = {}) {
  await Deno.copyFile(join(ROOT, "deno.lock"), join(folder, "copy.lock"));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-all", "--lock=copy.lock", module, ...args],
    cwd: folder,
    stdin: "null",
    env: { NO_COLOR: "1", FORGER_BACKEND: "wasm", FORGER_DEBUG: "", INIT_CWD: "", FORGER_CACHE: join(folder, "cache"), ...env },
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** A training run of one step. */
const TRAIN = "train pix2pix --data toytown --size 32 --filters 2 --count 1 --epochs 1 --no-evaluation --samples 0 --out o".split(
  " ",
);

Deno.test("cli.ts lists its commands, and rejects an unknown one", () =>
  withFolder(async (folder) => {
    for (const args of [[], ["--help"], ["help"]]) {
      const { code, stdout, stderr } = await run(folder, join(ROOT, "cli.ts"), args);
      assertEquals([code, stderr], [0, ""]);
      for (const name of ["setup", "demo", "train", "evaluate", "generate", "translate", "world", "inspect"]) {
        assertMatch(stdout, new RegExp(`^  ${name} `, "m"));
      }
    }
    const { code, stderr } = await run(folder, join(ROOT, "cli.ts"), ["trian"]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, "did you mean train?");
  }));

Deno.test("cli.ts trains in the working directory, and names the next command as it was called", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(
      join(folder, "deno.json"),
      JSON.stringify({ imports: { "@forger/gan/cli": join(ROOT, "cli.ts") }, compilerOptions: { noUnusedLocals: true } }),
    );
    // INIT_CWD is set by npx, and by the tasks of the user's own project
    const { code, stdout, stderr } = await run(folder, "@forger/gan/cli", TRAIN, { INIT_CWD: "/elsewhere" });
    assertEquals(code, 0, stderr);
    assert((await Deno.stat(join(folder, "o", "index.html"))).isFile);
    assertStringIncludes(stdout, `deno run -A ${join(ROOT, "cli.ts")} translate --model o`);
    const wrong = await run(folder, "@forger/gan/cli", ["train"]);
    assertEquals(wrong.code, 2);
    assert(!(stdout + wrong.stderr).includes("deno task"), wrong.stderr);
  }));

Deno.test("cli.ts works from a server, and setup then uses the cache folder", () =>
  withFolder(async (folder) => {
    const serve = async (request: Request) => {
      const path = new URL(request.url).pathname;
      const file = await Deno.readFile(join(ROOT, path)).catch(() => undefined);
      const type = path.endsWith(".json") ? "application/json" : "application/typescript";
      return file ? new Response(file, { headers: { "content-type": type } }) : new Response(null, { status: 404 });
    };
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, serve);
    try {
      const module = `http://127.0.0.1:${server.addr.port}/cli.ts`;
      const trained = await run(folder, module, TRAIN);
      assertEquals(trained.code, 0, trained.stderr);
      assertStringIncludes(trained.stdout, `deno run -A ${module} translate`);
      // no Python on PATH, so that nothing is downloaded
      const { code, stderr } = await run(folder, module, ["setup"], { PATH: folder });
      assertEquals(code, 0, stderr);
      assertMatch(stderr, /^Setup: Cannot find Python/m);
      const blocked = { PATH: folder, FORGER_CACHE: join(folder, "o", "index.html") }; // a file
      assertEquals((await run(folder, module, ["setup"], blocked)).code, 0);
    } finally {
      await server.shutdown();
    }
  }));
