import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { makeFolder } from "../../lib/cli/paths.ts";
import { withFolder } from "./_task.ts";

Deno.test("makeFolder() makes a folder and those it lies in, and leaves one that is there", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a", "b");
    await makeFolder(path, "--out");
    await Deno.writeTextFile(join(path, "kept.txt"), "");
    await makeFolder(path, "--out");
    assert((await Deno.stat(join(path, "kept.txt"))).isFile);
  }));

Deno.test("makeFolder() names what is in the way, and the option, in one line", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    const link = join(folder, "link");
    await Deno.symlink(join(folder, "gone"), link);
    const cases = [
      [file, "it is a file"],
      [join(file, "a", "b"), `${file} is a file`],
      [link, "it is a link that leads nowhere"],
    ] as const;
    for (const [path, reason] of cases) {
      const { message } = await assertRejects(() => makeFolder(path, "--out"), Error);
      assertEquals(message, `Cannot write into ${path}: ${reason}; choose another folder by --out`);
    }
  }));

Deno.test("makeFolder() passes on the system's reason where nothing is in the way", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x".repeat(300));
    const { message } = await assertRejects(() => makeFolder(path, "--out"), Error);
    assert(message.startsWith(`Cannot write into ${path}: it cannot be made, `), message);
    assert(message.endsWith("; choose another folder by --out") && !message.includes("mkdir"), message);
  }));
