/// <reference lib="dom" />
/** The code in the README.md of a model for plain TensorFlow.js runs, in Chromium and elsewhere; and the options of
 * `deno task export --tfjs`. */
import { assert, assertEquals, assertLess, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { extname, join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { UsageError } from "../../lib/cli/command.ts";
import { exportPlain } from "../../lib/cli/export.ts";
import { run } from "../../lib/cli/process.ts";
import { encodePng } from "../../lib/data/image.ts";
import { toImages, toTensor } from "../../lib/data/image_bytes.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import * as tf from "../../lib/tf.ts";
import { withFolder } from "../cli/_task.ts";
import { testInBrowser } from "./_browser.ts";
import { shaken } from "./_latent.ts";
import { DEFAULTS, MODELS, QUIET, saveTiny } from "./_models.ts";

const OPTIONS = { ...DEFAULTS, tfjs: true } as const;

/** Code of the given language in a README. */
async function codeIn(folder: string, language: string): Promise<string> {
  const readme = await Deno.readTextFile(join(folder, "README.md"));
  return readme.match(new RegExp("```" + language + "\n(.*?)```", "s"))![1]!;
}

Deno.test("the code for Node in the README.md runs, for every system", async () => {
  await withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const names = Object.keys(MODELS).map((name) => name.replaceAll(" ", "-"));
    for (const name of Object.keys(MODELS)) {
      const out = join(folder, "out", name.replaceAll(" ", "-"));
      await exportPlain({ ...OPTIONS, model: await saveTiny(folder, name), out }, QUIET);
      await Deno.writeTextFile(
        join(out, "script.ts"),
        await codeIn(out, "js") + '\nconsole.log("shape", output.shape.join());\n',
      );
    }
    const imports = { imports: { "@tensorflow/tfjs": `npm:@tensorflow/tfjs@${tf.version.tfjs}` } };
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ ...imports, lock: false }));
    const all = names.map((name) => `Deno.chdir("${name}"); await import("./${name}/script.ts"); Deno.chdir("..");`);
    await Deno.writeTextFile(join(folder, "out", "all.ts"), all.join("\n"));
    const args = ["run", "--no-check", "--allow-read", "--allow-env", "all.ts"];
    const ended = await run(Deno.execPath(), args, { folder: join(folder, "out") });
    const shapes = ended!.lines.filter((line) => line.startsWith("shape ")).map((line) => line.slice("shape ".length));
    const images = "1,32,32,3", digits = "1,28,28,1";
    assertEquals(
      shapes,
      [images, images, images, images, digits, "1,8,8,3", "1,2", digits, images, "1,10"],
      ended!.lines.join("\n"),
    );
  });
});

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".json": "application/json",
  ".js": "text/javascript",
  ".png": "image/png",
};

/** Serves a folder on the loopback, and TensorFlow.js at /tf.min.js. */
function serve(folder: string): Deno.HttpServer<Deno.NetAddr> {
  const script = new URL("tf.min.js", import.meta.resolve(`npm:@tensorflow/tfjs@${tf.version.tfjs}`));
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const file = await Deno.readFile(pathname === "/tf.min.js" ? script : join(folder, pathname)).catch(() => undefined);
    if (!file) return new Response(null, { status: pathname === "/favicon.ico" ? 204 : 404 });
    return new Response(file, { headers: { "content-type": TYPES[extname(pathname)] ?? "application/octet-stream" } });
  });
}

/** What the page of a README keeps for the test. */
interface Shown {
  shown: [lib: typeof tf, model: tf.LayersModel, input: tf.Tensor];
}

testInBrowser("the code for browsers in the README.md shows the image that Forger computes", async (browser, context) => {
  for (const [name, settings] of Object.entries({ "unet": {}, "resnet": { generator: "resnet", norm: "instance" } } as const)) {
    await withFolder(async (folder) => {
      await useBackend("cpu", { quiet: true });
      const model: Pix2Pix = shaken(pix2pix({ size: 32, filters: 4, blocks: 2, ...settings }));
      const photo = toImages(tf.randomUniform<tf.Rank.R4>([1, 32, 32, 3], -1, 1, "float32", 5))[0]!;
      const translated = await model.translate(toTensor([photo]), { dropout: false });
      const [values, [expected]] = [translated.dataSync<"float32">(), toImages(translated)];
      const [saved, out] = [join(folder, "saved"), join(folder, "out")];
      await model.save(saved);
      model.dispose();
      await exportPlain({ ...OPTIONS, model: saved, out }, QUIET);
      await Deno.writeFile(join(out, "input.png"), new Uint8Array(await encodePng(photo)));
      const code = (await codeIn(out, "html")).replace(/https:\S+tf\.min\.js/, "tf.min.js");
      const keep = "globalThis.shown = [tf, model, input, output];\n</script>";
      await Deno.writeTextFile(join(out, "index.html"), code.replace(/<\/script>\s*$/, keep));
      const server = serve(out);
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push((error as Error).message));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      try {
        await page.goto(`http://127.0.0.1:${server.addr.port}/index.html`);
        await page.waitForFunction("globalThis.shown !== undefined || undefined", { timeout: 60_000 });
        const pixels = await page.evaluate(() => {
          const canvas = document.querySelector("canvas")!;
          return [...canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data].filter((_, i) => i % 4 < 3);
        });
        const wrong = pixels.reduce((most, byte, i) => Math.max(most, Math.abs(byte - expected!.data[i]!)), 0);
        assertEquals(pixels.length, expected!.data.length);
        assertLess(wrong, 2, `${name}: pixels differ by ${wrong}`);
        for (const backend of ["cpu", "webgl"]) {
          await context.step(`${name} on ${backend}`, async () => {
            const found = await page.evaluate(async (backend: string) => {
              const [lib, model, input] = (globalThis as unknown as Shown).shown;
              const data = await input.data<"float32">();
              if (!await lib.setBackend(backend)) return undefined;
              return [...await (model.predict(lib.tensor(data, input.shape)) as tf.Tensor).data()];
            }, backend);
            if (!found) return console.warn(`skipped: Chromium has no ${backend}`);
            const difference = found.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);
            assertLess(difference, 1e-4, `${name} on ${backend}: ${difference}`);
          });
        }
        assertEquals(problems, []);
      } finally {
        await page.close();
        await server.shutdown();
        translated.dispose();
      }
    });
  }
});

Deno.test("--tfjs refuses what does not apply, and replaces no file unless it is asked to", async () => {
  await withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const out = join(folder, "out");
    const write = (name: string, values: object = {}) =>
      exportPlain({ ...OPTIONS, model: join(folder, name), out, ...values }, QUIET);
    for (const name of ["pix2pix", "bicyclegan", "gan", "cyclegan"]) await saveTiny(folder, name);
    await assertRejects(() => write("gan", { out: "page.html" }), UsageError, 'expected the name of a folder, got "page.html"');
    await assertRejects(() => write("gan", { folder: true }), UsageError, "--folder applies to pages");
    await assertRejects(() => write("pix2pix", { data: "toytown" }), UsageError, "--data applies to pages");
    const running = { runningStatistics: true };
    await assertRejects(() => write("gan", running), UsageError, "which always uses them");
    await assertRejects(() => write("bicyclegan", running), UsageError, "always uses the statistics of each image");
    await assertRejects(() => write("cyclegan", running), UsageError, "has no batch norm");
    assertEquals(await Deno.stat(out).catch(() => undefined), undefined);
    const lines = await write("pix2pix", { ...running, title: "My facades" });
    assertMatch(lines.join("\n"), /out: 0\.\d MB\n.*README\.md explains how to load the model/);
    const readme = await Deno.readTextFile(join(out, "README.md"));
    assertStringIncludes(readme, "# My facades\n\nA pix2pix model for TensorFlow.js 4.22.0.");
    assertStringIncludes(readme, "Batch norm uses running statistics.");
    assert(!readme.includes("enables dropout"));
    await assertRejects(() => write("pix2pix"), Error, "it exists; use --overwrite to replace it");
    await write("pix2pix", { overwrite: true, title: "My\n<b> | facades" });
    const other = await Deno.readTextFile(join(out, "README.md"));
    assertStringIncludes(other, "enables dropout, as in training");
    assertStringIncludes(other, "# My \\<b> \\| facades\n");
  });
});
