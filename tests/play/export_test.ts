import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { UsageError } from "../../lib/cli/command.ts";
import { exportPage, exportPlain, reportLines } from "../../lib/cli/export.ts";
import { canFit } from "../../lib/cli/export/outputs.ts";
import { FOLDER_FILES } from "../../lib/play/html.ts";
import { spoil } from "../cli/_spoil.ts";
import { lastLine, start, task, withFolder } from "../cli/_task.ts";
import { DEFAULTS, exported, MODELS, QUIET, saveTiny } from "./_models.ts";

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
      "it is an existing folder; choose another path with --out",
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

Deno.test("deno task export replaces no model and no results of a training run, even with --overwrite", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = await saveTiny(folder, "gan of points");
    const run = join(folder, "run");
    await Deno.mkdir(run);
    await Deno.writeTextFile(join(run, "run.json"), "{}");
    const weights = join(model, "generator", "weights.bin");
    const before = await Deno.readFile(weights);
    const values = { ...DEFAULTS, model, overwrite: true };
    const message = "contains a trained model or the results of a training run; choose another path with --out";
    for (const out of [model, run, join(run, "index.html"), join(model, "generator")]) {
      const options = { ...values, out, folder: out.endsWith("generator") };
      await assertRejects(() => exportPage(options, QUIET), Error, message);
    }
    for (const out of [model, join(model, "generator")]) {
      await assertRejects(() => exportPlain({ ...values, out, tfjs: true }, QUIET), Error, message);
    }
    assertEquals(await Deno.readFile(weights), before);
  }));

Deno.test("canFit() measures the compressed weights", async () => {
  const random = crypto.getRandomValues(new Uint8Array(10_000));
  assertEquals(await Promise.all([10_000, 9_999].map((largest) => canFit(random, largest))), [true, false]);
  assertEquals(await canFit(new Uint8Array(10_000), 9_999), true);
});

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
    assertStringIncludes(await Deno.readTextFile(report.page), `id="weights" data-file="weights.bin?`);
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
    assertStringIncludes(
      reportLines(report, values)[1]!,
      "The page has more than 25 MB, so it is a folder with several files instead of the file",
    );
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
    assertStringIncludes(await refused({ model, direction: "AtoB" }), "Option --direction has an effect only with --data");
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

Deno.test("deno task export refuses --data for a model whose page shows no examples", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = await saveTiny(folder, "stackgan");
    const values = { ...DEFAULTS, model, out: join(folder, "a.html"), data: "houses" };
    await assertRejects(() => exportPage(values, QUIET), UsageError, "Option --data does not apply to");
  }));
