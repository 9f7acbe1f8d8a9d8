import { assert, assertEquals, assertGreater, assertMatch, assertRejects, assertStringIncludes, fail } from "@std/assert";
import { join } from "node:path";
import { serve } from "../../lib/cli/play.ts";
import { respond } from "../../lib/cli/serve.ts";
import { pageScripts, type Scripts } from "../../lib/play/bundle.ts";
import { folderFiles, type PageFiles, singleFile } from "../../lib/play/html.ts";
import type { PageData } from "../../lib/play/page_data.ts";
import { withFolder } from "../cli/_task.ts";

const scripts: Scripts = { worker: "/* worker */", page: "const end = '</script><!--';", style: "p { color: red }" };
const bytes = new Uint8Array(1000);

/** A page with the given title. */
function pageOf(title: string): PageFiles {
  return { data: { title, systemTitle: "GAN" } as PageData, scripts, wasm: bytes, weights: bytes };
}

Deno.test("a title cannot end an element of a page", async () => {
  const title = "</script></title><img src=x onerror=alert(1)>";
  const html = new TextDecoder().decode(await singleFile(pageOf(title)));
  assert(!html.includes("<img"));
  assertEquals(html.match(/<\/script>/g)!.length, html.match(/<script\b/g)!.length);
  assertEquals(JSON.parse(html.match(/id="forger">(.*?)<\/script>/s)![1]!).title, title);
});

Deno.test("pageScripts() bundles once, and reports on one line that it cannot bundle", () =>
  withFolder(async (folder) => {
    const scripts = await pageScripts();
    assertEquals(await pageScripts(() => fail("bundled again")), scripts);
    assert(!scripts.worker.includes("import.meta"));
    // A cache without esbuild, and a registry that does not answer.
    const [place, registry] = [Deno.env.get("DENO_DIR"), Deno.env.get("NPM_CONFIG_REGISTRY")];
    Deno.env.set("DENO_DIR", join(folder, "deno"));
    Deno.env.set("NPM_CONFIG_REGISTRY", "http://127.0.0.1:9/");
    try {
      const { message } = await assertRejects(() => pageScripts(() => {}, join(folder, "other")), Error);
      assertMatch(
        message,
        /^Cannot bundle the page's scripts: [^\n]+; the first export downloads esbuild, which needs a network/,
      );
    } finally {
      for (const [name, value] of Object.entries({ DENO_DIR: place, NPM_CONFIG_REGISTRY: registry })) {
        if (value === undefined) Deno.env.delete(name);
        else Deno.env.set(name, value);
      }
    }
  }));

Deno.test("deno task play serves the files of a page, and nothing else, on this machine", async () => {
  const server = serve(pageOf("mine"), undefined);
  try {
    assertEquals(server.addr.hostname, "127.0.0.1");
    const address = `http://127.0.0.1:${server.addr.port}`;
    for (const [path, type] of [["/", "text/html"], ["/worker.js", "text/javascript"], ["/tfjs.wasm", "application/wasm"]]) {
      const response = await fetch(address + path);
      assertEquals(response.status, 200);
      assertStringIncludes(response.headers.get("content-type")!, type!);
      await response.body!.cancel();
    }
    const second = serve(pageOf("other"), undefined); // the next port
    assertGreater(second.addr.port, server.addr.port);
    await second.shutdown();
    const { port } = server.addr;
    const { message } = await assertRejects(() => Promise.resolve().then(() => serve(pageOf("other"), port)), Error);
    assertEquals(message, `Cannot serve the page: port ${port} is in use; choose another port with --port`);
  } finally {
    await server.shutdown();
  }
  const files = folderFiles(pageOf("mine"));
  const statusOf = (path: string, method = "GET") => respond(files, new Request(`http://127.0.0.1${path}`, { method })).status;
  assertEquals(["/../deno.json", "/constructor", "/x"].map((path) => statusOf(path)), [404, 404, 404]);
  assertEquals(statusOf("/", "POST"), 405);
  // A website whose name leads to this machine.
  assertEquals(respond(files, new Request("http://forger.example:8123/")).status, 403);
});

Deno.test("a page says how large its parts are together; addresses of files change with their contents", async () => {
  const page = pageOf("mine");
  const decode = (html?: Uint8Array) => new TextDecoder().decode(html);
  for (const html of [decode(await singleFile(page)), decode(folderFiles(page)["index.html"])]) {
    const [all, ...sizes] = [...html.matchAll(/ data-bytes="(\d+)"/g)].map(([, size]) => Number(size));
    assertEquals([sizes.length, all], [3, sizes.reduce((sum, size) => sum + size, 0)]);
  }
  const addressOf = (weights: Uint8Array<ArrayBuffer>) =>
    decode(folderFiles({ ...page, weights })["index.html"]).match(/ data-file="(weights\.bin\?[0-9a-f]{16})"/)![1];
  assertEquals(addressOf(bytes), addressOf(bytes.slice()));
  assert(addressOf(bytes) !== addressOf(Uint8Array.of(1)));
});
