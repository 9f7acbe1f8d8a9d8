/** A small course for the tests of the site.
 * @module */
import { dirname, join } from "node:path";
import type { NotebookCell, NotebookOutput } from "../../../notebooks/tools/notebook.ts";
import { type BuildOptions, buildSite, type Site } from "../../../notebooks/tools/site/build.ts";
import { withFolder } from "../../cli/_task.ts";

/** A red pixel. */
export const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

/** Returns a Markdown cell. */
export function markdown(source: string): NotebookCell {
  return { id: crypto.randomUUID(), cell_type: "markdown", metadata: {}, source };
}

/** Returns a code cell with outputs. */
export function code(source: string, ...outputs: NotebookOutput[]): NotebookCell {
  return { id: crypto.randomUUID(), cell_type: "code", metadata: {}, source, execution_count: 1, outputs };
}

/** Returns an output with printed text. */
export function printed(text: string): NotebookOutput {
  return { output_type: "stream", name: "stdout", text };
}

/** Returns an output with representations of a value. */
export function shown(data: Record<string, unknown>, metadata: Record<string, unknown> = {}): NotebookOutput {
  return { output_type: "display_data", data, metadata };
}

/** Returns the file of a notebook. */
export function notebook(...cells: NotebookCell[]): string {
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
}

/** A figure with a title, a caption and two curves. */
export const FIGURE = {
  data: [
    { type: "scatter", mode: "lines", name: "D", x: [0, 1, 2], y: [0, 1, 4], line: { color: "#d55e00" } },
    { type: "scatter", mode: "lines", name: "black", x: [0, 1, 2], y: [4, 1, 0], line: { color: "#000000" } },
  ],
  layout: {
    title: { text: '<b>What D says</b><br><span style="color:#5a6375">seed 1</span>' },
    annotations: [{ text: "Two curves.", showarrow: false }],
    meta: { alt: "What D says: two curves", caption: "Two curves." },
    font: { color: "#1f2430" },
    paper_bgcolor: "#ffffff",
    height: 460,
    showlegend: true,
    yaxis: { type: "log" },
  },
};

const FIRST = notebook(
  markdown("# 1 · The game\n\n> Two networks _play_.\n\n**Time** about 2 minutes. See [NOTATION.md](NOTATION.md) and chapter 2."),
  code('import { tf } from "x";', printed("Backend: wasm\n")),
  markdown(
    "## 1.1 Value\n\nBoth play for one value, equation 1 of [1], by [2, 1]; not [7]:\n\n" +
      "$$V = \\mathbb{E}[\\log ½ D] \\tag{1.1}$$\n\n" +
      "It suffers from mode collapse; mode collapse is bad. See (1.1), (9.9), section 2.1 and [the step](../lib/step.ts).",
  ),
  code(
    "const a = 1; // by (1.1)",
    shown({ "image/png": PNG, "text/plain": "1 row of images. The first pair; seed 1." }, {
      "image/png": { width: 900, height: 90 },
    }),
    shown({ "application/vnd.plotly.v1+json": FIGURE, "image/png": PNG, "text/plain": "What D says: two curves" }),
  ),
  markdown(
    "> **Checkpoint.** Why?\n>\n> <details><summary>Answer</summary>By (1.1), $V$ is 0.</details>\n\nTry `deno task game`.",
  ),
  markdown(
    "## Exercises\n\nSolutions: [solutions/01_game.ipynb](solutions/01_game.ipynb).\n\n**Exercise 1 (recall).** " +
      "What is $D$?\n\n**Exercise 2 (code).** Write it, as in exercise 1.",
  ),
  code("await check(NaN);", shown({ "text/plain": "Not yet" })),
  markdown(
    "## References\n\n- [1] I. J. Goodfellow, _Generative Adversarial Nets_, 2014. " +
      "[arXiv:1406.2661](https://arxiv.org/abs/1406.2661)",
  ),
);

const SOLUTIONS = notebook(
  markdown("# 1 · The game: solutions\n\nOf [01_game.ipynb](../01_game.ipynb)."),
  code('import { check } from "x";'),
  markdown("**Exercise 1 (recall).** A network, see [the step](../../lib/step.ts).\n\n**Exercise 2 (code).** So:"),
  code("await check(4);", shown({ "text/plain": "Right: 4" })),
);

const SECOND = notebook(
  markdown("# 2 · Pictures\n\n> Of noise."),
  markdown("## 2.1 Noise\n\nBack to [the value](01_game.ipynb#11-value), by (1.1), and to [it again](01_game.ipynb#1.1-Value)."),
  code("1 + 1;", shown({ "text/plain": "2" })),
);

/** The files of the course, keyed by path. */
export const COURSE: Readonly<Record<string, string>> = {
  "notebooks/01_game.ipynb": FIRST,
  "notebooks/02_pictures.ipynb": SECOND,
  "notebooks/solutions/01_game.ipynb": SOLUTIONS,
  "notebooks/NOTATION.md": "# Notation\n\n| Symbol | Meaning |\n| --- | --- |\n| $D$ | the discriminator of (1.1) |\n",
  "notebooks/glossary.md":
    "# Glossary\n\n## Mode collapse\n\nThe generator produces only a few _modes_.\n\nAlso called: collapse.\n",
  "notebooks/references.bib":
    "% [1]\n@misc{a2014, author = {Ian J. Goodfellow}, title = {Nets}, year = {2014}, eprint = {1406.2661}}\n" +
    "% [2]\n@misc{b2015, author = {Diederik P. Kingma and Jimmy Ba}, title = {Adam}, year = {2015}}\n",
  "lib/step.ts": `/** A step.\n * ${"Taught in"}: notebooks/01_game.ipynb, Eq. (1.1) */\nexport const step = 1;\n`,
};

/** Runs a test with the course in a folder.
 * @param changes files to change, keyed by path; `undefined` leaves a file out. */
export async function withCourse(
  changes: Record<string, string | undefined>,
  test: (root: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (root) => {
    for (const [path, text] of Object.entries({ ...COURSE, ...changes })) {
      if (text === undefined) continue;
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    await test(root);
  });
}

/** Builds the site of the course. */
export async function siteOf(
  changes: Record<string, string | undefined> = {},
  options: Omit<BuildOptions, "root"> = { playground: () => Promise.resolve("<!DOCTYPE html><title>Game</title>") },
): Promise<Site> {
  let site: Site | undefined;
  await withCourse(changes, async (root) => void (site = await buildSite({ root, ...options })));
  return site!;
}

/** Returns a text file of a site. */
export function textIn({ files }: Site, path: string): string {
  const content = files.get(path);
  if (typeof content !== "string") throw new Error(`There is no ${path}`);
  return content;
}
