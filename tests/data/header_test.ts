import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { headerOf, readHeader } from "../../lib/data/header.ts";
import { paint, withFolder } from "./_images.ts";

const ROOM = new URL("../../lib/data/", import.meta.url);

Deno.test("each exported type and function of lib/data/ is declared in one file", async () => {
  const places = new Map<string, string[]>();
  for (const { name } of Deno.readDirSync(ROOM)) {
    const text = await Deno.readTextFile(new URL(name, ROOM));
    for (const [, declared] of text.matchAll(/^export (?:async )?(?:interface|type|class|function|const) (\w+)/gm)) {
      places.set(declared!, [...places.get(declared!) ?? [], name]);
    }
  }
  assertEquals([...places].filter(([, files]) => files.length > 1), []);
});

Deno.test("headerOf() and readHeader() give the same header, and differ in how they report what cannot be read", () =>
  withFolder(async (folder) => {
    const path = await paint(join(folder, "1.png"), 12, 8, (x, y) => [x, y, 0]);
    assertEquals(await readHeader(path), { header: await headerOf(path) });
    await assertRejects(() => headerOf(join(folder, "3.png")), Error, "there is no such file; check the path");
    const none = await readHeader(join(folder, "3.png"));
    assertStringIncludes("reason" in none ? none.reason : "", "missing");
  }));
