/** Dead links: those of the pages and the notebooks that lead to a file or a heading of the project, and the source's notes on where it
 * is taught. Links to the web are not followed.
 * @module */
import { dirname, join, relative, resolve } from "node:path";
import { cellText, type Notebook } from "../../notebooks/tools/notebook_cells.ts";

/** Links of a page: `[text](target)`, `src="target"`, `href="target"`. */
const LINK = /\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:src|href)="([^"]+)"/g;

/** Where a source file says that it is taught: a notebook, and perhaps an equation of it. */
const TAUGHT = /Taught in: *(?:\*\s*)?(notebooks\/[\w./-]+\.ipynb)(?:,\s*(?:\*\s*)?Eq\. \((\d+\.\d+)\))?/g;

/** The dead links of some files, a sentence each.
 * @param root the project's.
 * @param paths pages (.md), notebooks (.ipynb) and sources (.ts) below it. */
export async function deadLinks(root: string, paths: readonly string[]): Promise<string[]> {
  const dead: string[] = [];
  for (const path of paths) {
    const text = await pageText(path);
    const found = path.endsWith(".ts") ? taughtIn(root, text) : deadIn(path, text);
    for (const what of await found) dead.push(`${relative(root, path)}: ${what}`);
  }
  return dead;
}

/** A file's words: a notebook's are its Markdown cells. */
async function pageText(path: string): Promise<string> {
  const text = await Deno.readTextFile(path);
  if (!path.endsWith(".ipynb")) return text;
  const { cells } = JSON.parse(text) as Notebook;
  return cells.filter((cell) => cell.cell_type === "markdown").map(cellText).join("\n\n");
}

async function deadIn(path: string, text: string): Promise<string[]> {
  const dead: string[] = [];
  // What stands in code is an example of a link, not a link.
  const prose = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, "");
  for (const [, bracket, attribute] of prose.matchAll(LINK)) {
    const link = (bracket ?? attribute)!;
    if (/^[a-z][a-z0-9+.-]*:/i.test(link)) continue;
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : resolve(dirname(path), decodeURIComponent(file));
    const exists = await Deno.stat(target).then(() => true, () => false);
    if (!exists) dead.push(`the link to ${link} leads to no file`);
    else if (anchor && !anchors(await pageText(target)).has(decodeURIComponent(anchor))) {
      dead.push(`the link to ${link} leads to no heading`);
    }
  }
  return dead;
}

/** The anchors of a page: those that GitHub makes of its headings, and those written as `id="..."`. */
export function anchors(text: string): Set<string> {
  const found = new Set<string>([...text.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id!));
  const seen = new Map<string, number>();
  for (const [, heading] of text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const words = heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    found.add(times === 0 ? slug : `${slug}-${times}`);
    // JupyterLab keeps capitals and makes dashes of spaces alone.
    found.add(heading!.replaceAll(" ", "-"));
  }
  return found;
}

async function taughtIn(root: string, text: string): Promise<string[]> {
  const dead: string[] = [];
  for (const [, notebook, equation] of text.matchAll(TAUGHT)) {
    const words = await pageText(join(root, notebook!)).catch(() => undefined);
    if (words === undefined) dead.push(`says that it is taught in ${notebook}, which does not exist`);
    else if (equation && !words.includes(`\\tag{${equation}}`)) {
      dead.push(`says that it is Eq. (${equation}) of ${notebook}, which has none`);
    }
  }
  return dead;
}
