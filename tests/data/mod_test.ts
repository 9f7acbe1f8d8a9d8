import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { sha256Of } from "../../lib/data/fetch.ts";
import { unpairedFromFolder } from "../../lib/data/image_folders.ts";
import { mnist } from "../../lib/data/mnist.ts";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("importing data/mod.ts loads no native library and needs no network", async () => {
  // Without --allow-ffi and --allow-net, either would raise an error.
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--cached-only", "--no-check", "--allow-read", "--allow-env", "--allow-sys", "data/mod.ts"],
    cwd: root,
    stderr: "piped",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});

Deno.test("data/ contains the samples that data/SHA256SUMS lists", async () => {
  const lines = (await Deno.readTextFile(`${root}data/SHA256SUMS`)).trim().split("\n");
  assertEquals(lines.length, 3 * 6 + 10 + 4 + 13);
  let bytes = 0;
  for (const line of lines) {
    const [digest, path] = line.split("  ") as [string, string];
    assertEquals(await sha256Of(`${root}data/${path}`), digest, path);
    bytes += (await Deno.stat(`${root}data/${path}`)).size;
  }
  assert(bytes < 1_000_000, `${bytes} bytes`);
});

Deno.test("the readers read the samples", async () => {
  const pairs = await Promise.all(
    ["toytown", "town", "night"].map((name) => pairsFromFolder(`${root}data/${name}`, { size: 64, split: "train" })),
  );
  assertEquals(pairs.map(({ count }) => count), [4, 4, 4]);
  const styles = await unpairedFromFolder(`${root}data/brick2plaster`, { size: 64 });
  assertEquals([styles.aCount, styles.bCount], [4, 4]);
  const written = await mnist({ folder: `${root}data/digits`, split: "test" });
  assertEquals([written.count, written.height, written.classes], [100, 28, 10]);
});
