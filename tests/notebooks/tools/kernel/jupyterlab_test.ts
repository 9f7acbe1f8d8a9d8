// deno-lint-ignore-file no-import-prefix no-unversioned-import -- deno.lock states the version
/** The kernel in JupyterLab, in a browser: what a student sees.
 * @module */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { Page } from "npm:puppeteer-core";
import { environmentIn, installForgerKernel } from "../../../../lib/cli/setup/environment.ts";
import { missingForNotebooks } from "../../../../notebooks/tools/execute.ts";
import { writeNotebook } from "../../../../notebooks/tools/notebook.ts";
import { withFolder } from "../../../cli/_task.ts";
import { testInBrowser } from "../../../play/_browser.ts";
import { ROOT } from "../../_notebooks.ts";

const TIMEOUT = 300_000; // milliseconds in which JupyterLab loads, on a machine that is busy with other tests
const CELLS = [
  "const pairs = 3;\nfor (let i = 0; i < pairs; i++ {\n  console.log(i);\n}",
  'const steps: number = "many";\nsteps',
  "let n = 0;\nconsole.log('looping');\nwhile (true) n++;",
  "[n > 0, steps].join()",
];

/** Starts JupyterLab with a notebook of {@linkcode CELLS}. Returns the address of the notebook. */
async function startLab(folder: string): Promise<{ address: string; child: Deno.ChildProcess }> {
  const { jupyter, python } = environmentIn(ROOT);
  await installForgerKernel(folder, { deno: Deno.execPath(), python, root: ROOT }, "deno");
  const cells = CELLS.map((source, i) => ({ ...CODE, id: `cell-${i}`, source }));
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  await writeNotebook(join(folder, "try.ipynb"), { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const settings = ["--no-browser", "--allow-root", "--ip=127.0.0.1", `--port=${port}`, "--IdentityProvider.token=test"];
  const own = ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"].map((name) => [`JUPYTER_${name}`, join(folder, name)]);
  const child = new Deno.Command(jupyter, {
    args: ["lab", ...settings, `--ServerApp.root_dir=${folder}`],
    env: { JUPYTER_PATH: join(folder, "share", "jupyter"), ...Object.fromEntries(own), FORGER_TYPES: "on" },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/api?token=test`).then((answer) => answer.text().then(() => true), () => false);
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  while (!await isUp()) {
    assert(!hasEnded, "JupyterLab has ended");
    await pause();
  }
  return { address: `http://127.0.0.1:${port}/lab/tree/try.ipynb?token=test`, child };
}

const CODE = { cell_type: "code" as const, metadata: {}, execution_count: null, outputs: [] };

/** Runs a cell as a student does: a click, and Ctrl-Enter, again if JupyterLab did not react. */
async function run(page: Page, cell: number): Promise<void> {
  const prompt = `document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")[${cell}].textContent`;
  while (await page.evaluate(`${prompt}.includes("[ ]")`)) {
    await (await page.$$(".jp-CodeCell .cm-content"))[cell]!.click();
    await page.keyboard.down("Control");
    await page.keyboard.press("Enter");
    await page.keyboard.up("Control");
    for (let i = 0; i < 50 && await page.evaluate(`${prompt}.includes("[ ]")`); i++) await pause();
  }
}

const pause = () => new Promise((done) => setTimeout(done, 100));

/** Waits until something holds in the page, however long that takes: a single call of the browser may take a minute at most. */
async function until(page: Page, expression: string): Promise<void> {
  while (!await page.evaluate(expression)) await pause();
}

/** Waits until the outputs of a cell contain a text. Returns the outputs as text, and whether JupyterLab shows any in red. */
async function shown(page: Page, cell: number, text: string): Promise<{ text: string; isError: boolean }> {
  const area = `document.querySelectorAll(".jp-CodeCell")[${cell}].querySelector(".jp-Cell-outputArea")`;
  await until(page, `${area}.innerText.includes(${JSON.stringify(text)})`);
  const isError = `${area}.querySelector('[data-mime-type$="jupyter.error"], [data-mime-type$="jupyter.stderr"]') !== null`;
  return await page.evaluate(`({ text: ${area}.innerText, isError: ${isError} })`) as { text: string; isError: boolean };
}

testInBrowser("in JupyterLab, a cell says what is wrong with it, and Stop keeps the variables", async (browser, context) => {
  const missing = await missingForNotebooks(ROOT);
  if (missing) return void await context.step({ name: `skipped: ${missing}`, ignore: true, fn: () => {} });
  await withFolder(async (folder) => {
    const { address, child } = await startLab(folder);
    try {
      const page = await browser.newPage();
      await page.setViewport({ width: 1200, height: 1200 }); // so that JupyterLab's questions cover no cell
      await page.goto(address, { timeout: TIMEOUT, waitUntil: "domcontentloaded" });
      await until(page, `document.body.innerText.includes("Deno (Forger) | Idle")`);

      await run(page, 0);
      const syntax = await shown(page, 0, "SyntaxError");
      assertMatch(syntax.text, /SyntaxError: Unexpected token, expected "\)" \(line 2, column 32\)/);
      assertEquals(syntax.isError, true);

      await run(page, 1);
      const types = await shown(page, 1, "Type warning");
      assertMatch(types.text, /"many"[\s\S]*Line 1, column 7: Type 'string' is not assignable to type 'number'/);
      assertEquals(types.isError, false);

      await run(page, 2);
      await shown(page, 2, "looping");
      await (await page.$('jp-button[title*="nterrupt"], button[title*="nterrupt"], [data-command="notebook:interrupt-kernel"]'))!
        .click();
      const stopped = await shown(page, 2, "Stopped:");
      assertMatch(stopped.text, /in a loop that awaits nothing\. All variables are kept/);
      assertEquals(stopped.isError, false);

      await run(page, 3);
      assertMatch((await shown(page, 3, "many")).text, /true,many/);
    } finally {
      child.kill("SIGTERM");
      await child.status; // and with it, its kernel has ended
    }
  });
});
