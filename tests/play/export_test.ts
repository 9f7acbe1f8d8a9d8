import { assert, assertEquals, assertGreater, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, join } from "node:path";
import { embedCaptions, readCaption } from "../../data/worlds/houses/mod.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { UsageError } from "../../lib/cli/command.ts";
import { exportPage, reportLines } from "../../lib/cli/export.ts";
import { listModels, respond, serve } from "../../lib/cli/play.ts";
import { encodePng, readImageBytes } from "../../lib/data/image.ts";
import { pageScripts, type Scripts } from "../../lib/play/bundle.ts";
import { principalDirections } from "../../lib/play/directions.ts";
import { captionsFor } from "../../lib/play/export.ts";
import { FOLDER_FILES, folderFiles, type PageFiles, singleFile } from "../../lib/play/html.ts";
import type { PageData } from "../../lib/play/page_data.ts";
import { CMP_FACADES, coloursApart, paletteOfImages, paletteOfLabels, TOYTOWN } from "../../lib/play/palette.ts";
import { gan } from "../../lib/systems/gan.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import type { Provenance } from "../../lib/train/provenance.ts";
import { spoil } from "../cli/_spoil.ts";
import { lastLine, start, task, withFolder } from "../cli/_task.ts";
import { DEFAULTS, MODELS, QUIET, saveTiny } from "./_models.ts";

/** Exports a tiny model.
 * @returns the page as text, and what it knows. */
async function exported(
  folder: string,
  name: string,
  options: Partial<Parameters<typeof exportPage>[0]> = {},
  provenance?: Partial<Provenance>,
): Promise<{ html: string; data: PageData }> {
  await useBackend("cpu", { quiet: true });
  const model = await saveTiny(folder, name, provenance);
  const { page } = await exportPage({ ...DEFAULTS, model, out: join(folder, "page.html"), overwrite: true, ...options }, QUIET);
  const html = await Deno.readTextFile(page);
  return { html, data: JSON.parse(html.match(/id="forger">(.*?)<\/script>/s)![1]!) as PageData };
}

/** Decodes a PNG file in a data URL. */
async function pixels(url: string) {
  return await readImageBytes(Uint8Array.fromBase64(url.replace(/^data:image\/png;base64,/, "")));
}

Deno.test("deno task export makes one file of every system, which fetches nothing", async (context) => {
  for (const name of Object.keys(MODELS)) {
    await context.step(name, () =>
      withFolder(async (folder) => {
        const { html, data } = await exported(folder, name);
        assertEquals(data.model.kind, name.split(" ")[0]);
        assertEquals(data.title, name.replaceAll(" ", "-"));
        assertStringIncludes(data.snippet, `loadModel("${data.title}", "${data.model.kind}")`);
        const tags = html.replaceAll(/<(script|style)\b([^>]*)>.*?<\/\1>/gs, "<$1$2>"); // without the contents
        assertEquals(tags.match(/(https?|ws):|(src|href)="(?!data:)|@import/g), null);
        assertStringIncludes(tags, `content="default-src 'none'; `);
        assertStringIncludes(tags, "connect-src blob: data:;");
      }));
  }
});

Deno.test("deno task export replaces no file, unless it is asked to", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = await saveTiny(folder, "classifier");
    const out = join(folder, "a.html");
    await Deno.writeTextFile(out, "of a person");
    const values = { ...DEFAULTS, model: join(folder, "none"), out }; // refused before the model is loaded
    const { message } = await assertRejects(() => exportPage(values, QUIET), Error);
    assertEquals(message, `Cannot write ${out}: it exists; use --overwrite to replace it, or choose another path with --out`);
    await exportPage({ ...values, model, overwrite: true }, QUIET);
    assertStringIncludes(await Deno.readTextFile(out), "<!DOCTYPE html>");
    await Deno.mkdir(join(folder, "b.html"));
    await assertRejects(
      () => exportPage({ ...values, model, out: join(folder, "b.html"), overwrite: true }, QUIET),
      Error,
      "is a folder",
    );
    const several = join(folder, "several");
    await Deno.mkdir(several);
    await Deno.writeTextFile(join(several, "weights.bin"), "of a person");
    await assertRejects(
      () => exportPage({ ...values, model, out: several, folder: true }, QUIET),
      Error,
      "weights.bin: it exists",
    );
    assertEquals((await Array.fromAsync(Deno.readDir(several))).map(({ name }) => name), ["weights.bin"]);
  }));

Deno.test("deno task export writes a folder of files with --folder", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = await saveTiny(folder, "pix2pix");
    const out = join(folder, "page");
    const report = await exportPage({ ...DEFAULTS, model, out, folder: true }, QUIET);
    assertEquals(report.page, join(out, "index.html"));
    assertEquals(
      (await Array.fromAsync(Deno.readDir(out))).map(({ name }) => name).sort(),
      Object.values<string>(FOLDER_FILES).sort(),
    );
    assertStringIncludes(await Deno.readTextFile(report.page), `id="weights" data-file="weights.bin" data-bytes="`);
    const [line, place] = reportLines(report, { out });
    assertStringIncludes(line!, " MB, weights in uint8: outputs differ");
    assertStringIncludes(place!, "Put the folder on a web server");
    const single = await exportPage({ ...DEFAULTS, model, out: join(folder, "other") }, QUIET);
    assertEquals(single.page, join(folder, "other", "index.html"));
    assertEquals((await Array.fromAsync(Deno.readDir(join(folder, "other")))).length, 1);
  }));

Deno.test("deno task export writes a folder if the page is too large for one file, and says so", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const values = { ...DEFAULTS, model: await saveTiny(folder, "classifier"), out: join(folder, "page.html") };
    const report = await exportPage(values, QUIET, 1000);
    assertEquals([report.page, report.tooLarge], [join(folder, "page", "index.html"), true]);
    assertStringIncludes(reportLines(report, values)[1]!, "page.html would have more than 25 MB: the page is a folder");
    await assertRejects(() => exportPage(values, QUIET, 1000), Error, "index.html: it exists");
  }));

Deno.test("the tasks export and play work with their permissions in deno.json", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = await saveTiny(folder, "pix2pix", { direction: "BtoA" });
    const out = join(folder, "a.html");
    const ended = await task("export", ["--model", model, "--out", out, "--backend", "cpu"]);
    assertEquals(ended.status, 0, ended.stderr);
    assertStringIncludes(ended.stdout, `${out}: `);
    const again = await task("export", ["--model", model, "--out", out]);
    assertEquals([again.status, lastLine(again).split(";")[0]], [1, `Cannot write ${out}: it exists`]);

    const process = start("play", ["--model", model, "--no-browser", "--backend", "cpu"]);
    let printed = "";
    for await (const text of process.stdout.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
      printed += text;
      const [address] = printed.match(/http:\/\/127\.0\.0\.1:\d+\//) ?? [];
      if (address === undefined) continue;
      assertStringIncludes(await (await fetch(address)).text(), "<title>pix2pix · pix2pix</title>");
      process.kill("SIGINT");
    }
    assertEquals((await process.status).code, 0);
    await process.stderr.cancel();
  }));

Deno.test("pageScripts() bundles once, and reports on one line that it cannot bundle", () =>
  withFolder(async (folder) => {
    let bundled = 0;
    const scripts = await pageScripts(() => bundled++, join(folder, "cache"));
    assertEquals(await pageScripts(() => bundled++, join(folder, "cache")), scripts);
    assertEquals(bundled, 1);
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

Deno.test("deno task export reports damaged models and options without effect on one line", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const out = join(folder, "a.html");
    const refused = async (options: Partial<Parameters<typeof exportPage>[0]> & { model: string }) => {
      const { message } = await assertRejects(() => exportPage({ ...DEFAULTS, out, ...options }, QUIET), Error);
      assertEquals(message.split("\n").length, 1);
      assertEquals(await Deno.stat(out).catch(() => undefined), undefined);
      return message;
    };
    assertStringIncludes(await refused({ model: join(folder, "none") }), "Cannot load the model: ");
    const model = await saveTiny(folder, "pix2pix");
    assertStringIncludes(await refused({ model, direction: "AtoB" }), "Option --direction: it applies only to --data");
    assertStringIncludes(await refused({ model, data: "toytown", others: "x" }), "Option --others does not apply to ");
    assertStringIncludes(await refused({ model, data: join(folder, "nothing") }), "Cannot read");
    const gan = await saveTiny(folder, "gan");
    assertStringIncludes(await refused({ model: gan, data: "digits" }), "is a gan model, whose page shows no examples; omit it");
    await spoil(model);
    assertStringIncludes(await refused({ model }), "expected finite weights");
    await Deno.truncate(join(model, "generator", "weights.bin"), 100);
    assertStringIncludes(await refused({ model }), "does not fit the generator");
    await Deno.writeTextFile(join(model, "forger.json"), "{");
    assertStringIncludes(await refused({ model }), "is not JSON");
  }));

Deno.test("a page of toytown has its palette, and scenes that were held out, with their truth", () =>
  withFolder(async (folder) => {
    const { data } = await exported(folder, "pix2pix", {}, { direction: "BtoA" });
    assertEquals(data.input!.palette, [...TOYTOWN]);
    assertEquals(data.output, { channels: 3, meaning: "colours" });
    assertEquals(data.examples.length, 6);
    const { input, truth } = data.examples[0]!;
    const drawn = await pixels(input!);
    assertEquals([drawn.height, drawn.width, (await pixels(truth!)).width], [32, 32, 32]);
    const colours = new Set(TOYTOWN.map(({ colour }) => colour.join()));
    for (let i = 0; i < drawn.data.length; i += 3) assert(colours.has(drawn.data.subarray(i, i + 3).join()));
    assertEquals(data.card.data, "toytown (train)");
    assertStringIncludes(data.card.licence!, "drawn by Forger");
    assertEquals(data.card.trained, "Trained on 10 pairs of images of toytown (train), for 20 steps.");
    const other = await exported(folder, "pix2pix", {}, { direction: "AtoB" });
    assertEquals([other.data.input!.palette, other.data.output!.palette], [undefined, [...TOYTOWN]]);
  }));

Deno.test("a page shows the samples of the training run, if there is no other data", () =>
  withFolder(async (folder) => {
    const given = join(folder, "pix2pix", "samples", "given");
    await Deno.mkdir(given, { recursive: true });
    const image = (value: number, size = 32) => ({
      data: new Uint8Array(size * size * 3).fill(value),
      height: size,
      width: size,
      channels: 3,
    });
    await Deno.writeFile(join(given, "1-input.png"), await encodePng(image(10)));
    await Deno.writeFile(join(given, "1-target.png"), await encodePng(image(20)));
    await Deno.writeFile(join(given, "2-input.png"), await encodePng(image(10, 16))); // of another run
    const { data } = await exported(folder, "pix2pix", { data: undefined }, { data: "mine" });
    assertEquals(data.examples.map(({ name }) => name), ["sample 1"]);
    assertEquals((await pixels(data.examples[0]!.truth!)).data[0], 20);
  }));

Deno.test("with --data, the metric decides on the precision, and the page shows it", () =>
  withFolder(async (folder) => {
    const { data } = await exported(folder, "classifier", { data: "digits" }, { data: "digits (train)" });
    assertMatch(data.card.weights, /; accuracy on digits \(test\) 0\.\d+ instead of 0\.\d+$/);
    assertEquals(data.labels, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    assertEquals(data.examples.map(({ name }) => name), ["0", "1", "2", "3", "4", "5"]);
    const pairs = await exported(folder, "pix2pix", { data: "toytown", weights: "float16" }, { direction: "BtoA" });
    assertMatch(pairs.data.card.weights, /^float16: .*; L1 to the targets of toytown \(test\) [\d.]+ instead of [\d.]+$/);
  }));

Deno.test("a page of a CycleGAN has examples of both domains", () =>
  withFolder(async (folder) => {
    const { data } = await exported(folder, "cyclegan", {}, { data: "toytown (facade, brick and plaster, train)" });
    assertEquals(data.examples.map(({ back = false, truth }) => [back, truth !== undefined]).map(String), [
      ...new Array(6).fill("false,true"),
      ...new Array(6).fill("true,false"),
    ]);
    assertEquals(data.back, { input: data.output!, output: data.input! });
  }));

Deno.test("the command on a page names no folder of the user", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "pix2pix"));
    const args = ["pix2pix", "--data", "/home/me/my photos", "--out=/home/me/run", "--epochs", "3", "--log", "/home/me/log"];
    await Deno.writeTextFile(join(folder, "pix2pix", "command.json"), JSON.stringify({ args, from: "/home/me" }));
    const measures = { "L1, before training": 0.5, "L1, after training": 0.25, other: "x" };
    await Deno.writeTextFile(join(folder, "pix2pix", "run.json"), JSON.stringify({ measures }));
    const { html, data } = await exported(folder, "pix2pix", {}, { data: "my photos" });
    assertEquals(data.card.command, "deno task train pix2pix --data 'my photos' --epochs 3");
    assertEquals(data.card.metrics, { L1: 0.25 });
    assert(!html.includes("/home/me") && !html.includes(folder));
  }));

Deno.test("the words of a page encode captions as deno task generate does", async () => {
  await useBackend("cpu", { quiet: true });
  const { parts, size } = captionsFor(10);
  const choices = parts.map((part) => typeof part === "string" ? [{ text: part, sets: [] }] : part.words);
  const sentences = choices.reduce<{ text: string; sets: number[] }[]>(
    (all, words) =>
      all.flatMap((one) => words.map(({ text, sets }) => ({ text: `${one.text} ${text}`.trim(), sets: [...one.sets, ...sets] }))),
    [{ text: "", sets: [] }],
  );
  assertEquals(sentences.length, 24);
  for (const { text, sets } of sentences) {
    readCaption(text);
    assertEquals(Array.from({ length: size }, (_, i) => sets.includes(i) ? 1 : 0), embedCaptions([text]).arraySync()[0], text);
  }
  assertEquals(captionsFor(3).parts.at(-1), {
    name: "condition",
    words: [0, 1, 2].map((i) => ({ text: `${i}`, sets: [i] })),
  });
});

Deno.test("principalDirections() finds the direction that changes the images of a generator most", async () => {
  await useBackend("cpu", { quiet: true });
  const model = gan({ shape: [4, 4, 1], hidden: [], latent: 5, noise: "normal" }) as unknown as SomeModel;
  const [kernel] = model.networks["generator"]!.weights;
  // Only the second and, less so, the fourth element of the code have an effect.
  kernel!.write(
    tf.tensor2d([0, 0.5, 0, 0.1, 0].map((value) => new Array(16).fill(value).map((one, i) => one * (i % 2 ? 1 : -1)))),
  );
  const { axes, scales, mean } = principalDirections(model, model.networks["generator"]!)!;
  assertEquals([mean.length, axes.length, scales[0]], [5, 5, 1]);
  const [first] = axes;
  assertGreater(Math.abs(first![1]!), 0.95);
  assertGreater(Math.abs(first![3]!), 0.1);
  axes.forEach((a, i) => axes.forEach((b, j) => assert(Math.abs(dot(a, b) - (i === j ? 1 : 0)) < 1e-3)));
  model.dispose();
});

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

Deno.test("palettes have the names of known classes, or colours well apart", () => {
  assertEquals(CMP_FACADES.length, 12);
  assertEquals(paletteOfLabels(CMP_FACADES.map(({ colour }) => colour))[2], { name: "window", colour: [0, 85, 255] });
  assertEquals(paletteOfLabels([0, 7, 255]).map(({ name }) => name), ["value 0", "value 7", "value 255"]);
  const colours = coloursApart(256);
  assertEquals(new Set(colours.map(String)).size, 256);
  const apart = coloursApart(12).map((a, i, all) =>
    Math.min(...all.flatMap((b, j) => i === j ? [] : [Math.hypot(...a.map((v, c) => v - b[c]!))]))
  );
  assertGreater(Math.min(...apart), 80);
});

Deno.test("paletteOfImages() finds the colours of drawings, but not those of photographs", () => {
  const image = (value: (i: number) => number[]) => ({
    data: Uint8Array.from(Array.from({ length: 100 }, (_, i) => value(i)).flat()),
    ...{ height: 10, width: 10, channels: value(0).length },
  });
  const edges = paletteOfImages([image((i) => [i % 5 === 0 ? 1 : 255])]);
  assertEquals(edges, [{ name: "white", colour: [255, 255, 255] }, { name: "black", colour: [1, 1, 1] }]);
  const labels = paletteOfImages([image((i) => [...CMP_FACADES[i % 12]!.colour])]);
  assertEquals(labels, [...CMP_FACADES]);
  assertEquals(paletteOfImages([image((i) => [i, 255 - i, 2 * i])]), undefined);
  assertEquals(paletteOfImages([]), undefined);
});

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
});

Deno.test("deno task play without a model lists the models in data/models", () =>
  withFolder(async (folder) => {
    assertStringIncludes((await listModels(folder)).join(), "There are no models in data/models");
    for (const name of ["b", "a", "not a model"]) await Deno.mkdir(join(folder, "data", "models", name), { recursive: true });
    for (const name of ["a", "b"]) await Deno.writeTextFile(join(folder, "data", "models", name, "forger.json"), "{}");
    const [, ...lines] = await listModels(folder);
    assertEquals(lines.map((line) => basename(line)), ["a", "b"]);
  }));

Deno.test("deno task export refuses --data for a model whose page shows no examples", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = await saveTiny(folder, "stackgan");
    const values = { ...DEFAULTS, model, out: join(folder, "a.html"), data: "houses" };
    await assertRejects(() => exportPage(values, QUIET), UsageError, "Option --data does not apply to");
  }));
