/** The option --model with the name of a pretrained model. */
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { listModels, listText } from "../../lib/cli/models.ts";
import { modelPath } from "../../lib/cli/model.ts";
import { modelFolder, PRETRAINED } from "../../lib/train/pretrained.ts";
import { lastLine, task, withFolder } from "./_task.ts";

const NAME = "digits-by-class";
const JUDGE = "digit-classifier";

Deno.test("generate, evaluate and export take the name of a pretrained model, in any folder", () =>
  withFolder(async (folder) => {
    const here = { INIT_CWD: folder };
    const run = async (name: string, ...args: string[]) => {
      const ended = await task(name, args, here);
      assertEquals(ended.status, 0, ended.stderr);
      return ended.stdout;
    };
    await run("generate", "--model", NAME, "--labels", "7,7", "--output", "sevens");
    assert((await Deno.stat(join(folder, "sevens", "2.png"))).isFile);
    const words = ["--data", "digits", "--count", "20", "--json"];
    const { model, label_accuracy } = JSON.parse(await run("evaluate", "--model", NAME, "--classifier", JUDGE, ...words));
    assertEquals(model, NAME);
    assert(label_accuracy > 0.5, `${label_accuracy}`);
    await run("export", "--model", NAME, "--out", "page.html");
    const page = await Deno.readTextFile(join(folder, "page.html"));
    assertStringIncludes(page, `"title":"${NAME}"`);
    assertStringIncludes(page, "deno task train conditional-gan --data digits"); // from the card
    assert(!page.includes(PRETRAINED));
    await run("export", "--model", NAME, "--out", "plain", "--tfjs");
    assert((await Deno.stat(join(folder, "plain", "README.md"))).isFile);
    const wrong = await task("translate", ["--model", NAME, "--input", "sevens", "--output", "out"], here);
    assertStringIncludes(lastLine(wrong), `Option --model: ${NAME} does not translate images`);
  }));

Deno.test("a folder takes precedence over a pretrained model of the same name, and a file does not", () =>
  withFolder(async (folder) => {
    const place = join(folder, NAME);
    assertEquals(await modelFolder(NAME, place), join(PRETRAINED, NAME));
    await Deno.writeTextFile(place, "");
    assertEquals(await modelFolder(NAME, place), join(PRETRAINED, NAME));
    await Deno.remove(place);
    await Deno.mkdir(place);
    const ended = await task("generate", ["--model", NAME, "--output", "out"], { INIT_CWD: folder });
    assertEquals(ended.status, 1);
    assertStringIncludes(lastLine(ended), `contains no model, but takes precedence over the pretrained model ${NAME}; rename`);
    await Deno.writeTextFile(join(place, "forger.json"), "{}");
    assertEquals(await modelFolder(NAME, place), place);
    for (const path of [`./${NAME}`, join(folder, "none")]) assertEquals(await modelPath(path), path);
  }));

Deno.test("a name that is neither a folder nor a pretrained model is rejected with the names that exist", async () => {
  const error = await assertRejects(() => modelPath("digits-by-clas"), Error);
  assertStringIncludes(error.message, "Cannot load the model: digits-by-clas is neither a folder nor a pretrained model");
  assertMatch(error.message, new RegExp(`pretrained models: .*\\b${JUDGE}\\b`));
});

Deno.test("deno task models lists the models, also those without a card, as text and as JSON", async () => {
  const { status, stdout, stderr } = await task("models", ["--json"]);
  assertEquals([status, stderr], [0, ""]);
  assertEquals(JSON.parse(stdout), JSON.parse(JSON.stringify(await listModels())));
  await withFolder(async (folder) => {
    assertEquals(listText(await listModels(folder)), "There are no pretrained models");
    const described = { format: 1, kind: "gan", settings: { shape: [28, 20, 1] }, networks: [] };
    await Deno.mkdir(join(folder, "plain"));
    await Deno.writeTextFile(join(folder, "plain", "forger.json"), JSON.stringify(described));
    assertEquals(listText(await listModels(folder)), "plain  GAN, 20x28, 0.0 MB");
  });
  assertStringIncludes((await task("models", [])).stdout, `${NAME}   Generates images`);
});
