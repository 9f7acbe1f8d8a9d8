import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { filesOfOldSite, writeSite } from "../../../notebooks/tools/site/write.ts";
import { withFolder } from "../../cli/_task.ts";

const files = (...names: string[]) => new Map(names.map((name) => [name, `content of ${name}`]));
const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

Deno.test("writeSite() replaces its own site, and removes what the new one has not", () =>
  withFolder(async (folder) => {
    const site = join(folder, "new", "site");
    await writeSite(site, files("index.html", "images/a.png"), await filesOfOldSite(site, false));
    await Deno.writeTextFile(join(site, "mine.txt"), "mine");
    await writeSite(site, files("index.html", "images/b.png"), await filesOfOldSite(site, false));
    assertEquals(await Deno.readTextFile(join(site, "index.html")), "content of index.html");
    assert(!await exists(join(site, "images", "a.png")) && await exists(join(site, "images", "b.png")));
    assertEquals(await Deno.readTextFile(join(site, "mine.txt")), "mine", "a file that is not the site's");
    assertEquals(await filesOfOldSite(site, false), ["images/b.png", "index.html"]);
  }));

Deno.test("writeSite() leaves files alone whose content does not change", () =>
  withFolder(async (folder) => {
    await writeSite(folder, files("a.html"), []);
    await Deno.utime(join(folder, "a.html"), 1, 1);
    await writeSite(folder, files("a.html", "b.html"), ["a.html"]);
    assertEquals((await Deno.stat(join(folder, "a.html"))).mtime?.getTime(), 1000);
  }));

Deno.test("filesOfOldSite() refuses a file, and a folder with something else unless asked to overwrite", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "a.txt"), "a");
    await assertRejects(() => filesOfOldSite(join(folder, "a.txt"), true), Error, "it is a file");
    await assertRejects(() => filesOfOldSite(folder, false), Error, "it contains files of something else");
    await Deno.writeTextFile(join(folder, "site.json"), '{"files": ["a.txt"]}'); // that of another program
    await assertRejects(() => filesOfOldSite(folder, false), Error, "it contains files of something else");
    assertEquals(await filesOfOldSite(folder, true), []);
    assertEquals(await filesOfOldSite(join(folder, "none"), false), []);
  }));

Deno.test("writeSite() removes nothing outside of its folder, whatever the list says", () =>
  withFolder(async (folder) => {
    const site = join(folder, "site");
    await Deno.writeTextFile(join(folder, "mine.txt"), "mine");
    await writeSite(site, files("index.html"), ["../mine.txt", join(folder, "mine.txt")]);
    assert(await exists(join(folder, "mine.txt")));
  }));
