import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { sha256Of } from "../../lib/data/fetch.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("importing lib/data/mod.ts loads no native library and reaches for no network", async () => {
  // Without --allow-ffi and --allow-net either would be an error.
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--cached-only", "--no-check", "--allow-read", "--allow-env", "--allow-sys", "lib/data/mod.ts"],
    cwd: root,
    stderr: "piped",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});

Deno.test("data/ holds the sample that data/SHA256SUMS and data/README.md speak of", async () => {
  const lines = (await Deno.readTextFile(`${root}data/SHA256SUMS`)).trim().split("\n");
  assertEquals(lines.length, 6);
  let bytes = 0;
  for (const line of lines) {
    const [digest, path] = line.split("  ") as [string, string];
    assertEquals(await sha256Of(`${root}data/${path}`), digest, path);
    bytes += (await Deno.stat(`${root}data/${path}`)).size;
  }
  assert(bytes < 200_000, `${bytes} bytes`);
});
