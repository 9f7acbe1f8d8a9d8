import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, join } from "node:path";
import { gallery, storedModels } from "../../lib/cli/gallery.ts";
import { galleryPage } from "../../lib/play/gallery.ts";
import { withFolder } from "../cli/_task.ts";

/** Writes a model folder's description. */
async function place(root: string, name: string, description: object | string): Promise<void> {
  const folder = join(root, "data", "models", name);
  await Deno.mkdir(folder, { recursive: true });
  const text = typeof description === "string" ? description : JSON.stringify(description);
  await Deno.writeTextFile(join(folder, "forger.json"), text);
}

Deno.test("deno task play without a model serves a gallery, and the page of each model at its name", () =>
  withFolder(async (root) => {
    const training = { data: "toytown (train)", count: 400, fingerprint: "", steps: 2000 };
    await place(root, "b <i>", { format: 1, kind: "pix2pix", settings: {}, networks: ["generator"], training });
    await place(root, "damaged", "{");
    await Deno.mkdir(join(root, "data", "models", "not a model"));
    const composed: string[] = [];
    const respond = gallery(await storedModels(root), (path) => {
      composed.push(basename(path));
      if (composed.length === 1) return Promise.reject(new Error("Cannot load the model: try again"));
      return Promise.resolve({ "index.html": new TextEncoder().encode(`page of ${basename(path)}`) });
    });
    const ask = async (path: string, host = "127.0.0.1") => {
      const response = await respond(new Request(`http://${host}:8123${path}`));
      return [response.status, await response.text()] as const;
    };
    const [status, html] = await ask("/");
    assertEquals(status, 200);
    assertStringIncludes(html, `<a href="b%20%3Ci%3E/">b &lt;i&gt;</a>`);
    assertStringIncludes(html, "Trained on 400 pairs of images from toytown (train) for 2,000 steps.");
    assertEquals(html.match(/<a /g)!.length, 1); // none for the damaged model
    assertStringIncludes(html, "is not JSON");
    assertEquals((await ask("/b%20%3Ci%3E"))[0], 307);
    assertEquals(await ask("/b%20%3Ci%3E/"), [500, "Cannot load the model: try again"]);
    for (let i = 0; i < 2; i++) assertEquals(await ask("/b%20%3Ci%3E/"), [200, "page of b <i>"]);
    assertEquals(composed.length, 2);
    assertEquals((await ask("/b%20%3Ci%3E/none"))[0], 404);
    assertEquals([(await ask("/none/"))[0], (await ask("/%ff/"))[0], (await ask("/..%2F/"))[0]], [404, 404, 404]);
    assertEquals((await ask("/", "forger.example"))[0], 403);
  }));

Deno.test("storedModels() reports on one line that there are no models", () =>
  withFolder(async (root) => {
    await assertRejects(() => storedModels(root), Error, `the folder ${join("data", "models")} does not exist; train a model`);
    await Deno.mkdir(join(root, "data", "models", "empty"), { recursive: true });
    await assertRejects(() => storedModels(root), Error, "contains no models; train a model, and open its page with deno task");
  }));

Deno.test("a gallery fetches nothing", () => {
  const html = galleryPage([{ name: "a", system: "GAN", about: "About" }]);
  assert(!/https?:|<script/.test(html));
  assertStringIncludes(html, "default-src 'none'");
});
