/** Check for dead links: links in pages and notebooks to files or headings of the project, and "Taught in" notes in source files,
 * which name the notebook that teaches the code. Links to the web are not followed.
 * @module */
import { dirname, join, relative, resolve } from "node:path";
import { type Notebook, whole } from "../../notebooks/tools/notebook.ts";

/** Links in a page: `[text](target)`, `src="target"`, `href="target"`. */
const LINK = /\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:src|href)="([^"]+)"/g;

/** Notes in a source file that name a notebook, optionally with an equation. */
const TAUGHT = /Taught in: *(?:\*\s*)?(notebooks\/[\w./-]+\.ipynb)(?:,\s*(?:\*\s*)?Eq\. \((\d+\.\d+)\))?/g;

/** Describes each dead link of some files in a sentence.
 * @param root root folder of the project.
 * @param paths pages (.md), notebooks (.ipynb) and source files (.ts) under it. */
export async function deadLinks(root: string, paths: readonly string[]): Promise<string[]> {
  const dead: string[] = [];
  for (const path of paths) {
    const text = await pageText(path);
    const found = path.endsWith(".ts") ? deadNotes(root, text) : deadInPage(path, text);
    for (const what of await found) dead.push(`${relative(root, path)}: ${what}`);
  }
  return dead;
}

/** Reads the text of a file, or the Markdown cells of a notebook. */
async function pageText(path: string): Promise<string> {
  const text = await Deno.readTextFile(path);
  if (!path.endsWith(".ipynb")) return text;
  const { cells } = JSON.parse(text) as Notebook;
  return cells.filter((cell) => cell.cell_type === "markdown").map(({ source }) => whole(source)).join("\n\n");
}

async function deadInPage(path: string, text: string): Promise<string[]> {
  const dead: string[] = [];
  // Links in code are examples.
  const prose = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");
  for (const [, bracket, attribute] of prose.matchAll(LINK)) {
    const link = (bracket ?? attribute)!;
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) continue;
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : resolve(dirname(path), decodeURIComponent(file));
    const exists = await Deno.stat(target).then(() => true, () => false);
    if (!exists) dead.push(`the link to ${link} points to a file that does not exist`);
    else if (anchor && !anchors(await pageText(target)).has(decodeURIComponent(anchor))) {
      dead.push(`the link to ${link} points to a heading that does not exist`);
    }
  }
  return dead;
}

/** Returns the anchors of a page: those that GitHub and JupyterLab derive from headings, and `id="..."` attributes. */
export function anchors(text: string): Set<string> {
  const found = new Set<string>([...text.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id!));
  const seen = new Map<string, number>();
  for (const [, heading] of text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const words = heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    found.add(times === 0 ? slug : `${slug}-${times}`);
    // JupyterLab replaces spaces with dashes and changes nothing else.
    found.add(heading!.replaceAll(" ", "-"));
  }
  return found;
}

async function deadNotes(root: string, text: string): Promise<string[]> {
  const dead: string[] = [];
  for (const [, notebook, equation] of text.matchAll(TAUGHT)) {
    const words = await pageText(join(root, notebook!)).catch(() => undefined);
    if (words === undefined) dead.push(`"Taught in" names ${notebook}, which does not exist`);
    else if (equation && !words.includes(`\\tag{${equation}}`)) {
      dead.push(`"Taught in" names Eq. (${equation}) of ${notebook}, which does not exist`);
    }
  }
  return dead;
}
