/** What the prose of a notebook says that can be checked: equations, papers, names, values.
 * @module */
import { join } from "node:path";
import * as forger from "../../mod.ts";
import { parseBibtex } from "../../notebooks/tools/site/bibtex.ts";

/** Numbers of the equations that the text sets: `\tag{7.1}`. */
export function equationsTagged(text: string): string[] {
  return [...text.matchAll(/\\tag\{(\d+\.\d+)\}/g)].map(([, tag]) => tag!);
}

/** Numbers of the equations that it names: "(7.1)", but not the number in "f(0.02)". */
export function equationsCited(text: string): string[] {
  return [...text.matchAll(/\((\d{1,2}\.[1-9]\d?)\)/g)].map(([, tag]) => tag!);
}

/** A text without code, formulas and links, which have brackets of their own. */
function plainProse(text: string): string {
  return text.replaceAll(/```[\s\S]*?```|`[^`\n]*`|\$\$[\s\S]*?\$\$|\$[^$\n]*\$|\[[^\]]*\]\([^)]*\)/g, " ");
}

/** Numbers of the papers that it names: "[1]", "[1, 2]". */
export function papersCited(text: string): number[] {
  return [...plainProse(text).matchAll(/\[(\d+(?:, ?\d+)*)\]/g)].flatMap(([, list]) => list!.split(",").map(Number));
}

/** A paper of the bibliography. */
export interface Paper {
  title: string;
  year: string;
  /** Of arXiv. */
  eprint?: string;
}

/** The papers of a BibTeX file, in its order: the first is [1]. */
export function references(bibtex: string): Paper[] {
  return parseBibtex(bibtex).map(({ fields }) => ({
    title: fields["title"]!,
    year: fields["year"]!,
    ...fields["eprint"] && { eprint: fields["eprint"] },
  }));
}

/** What stands between backticks. */
export function codeSpans(text: string): string[] {
  return [...text.replaceAll(/```[\s\S]*?```/g, "").matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
}

/** Where a name may be found. */
export interface Surroundings {
  /** All code of the notebook. */
  code: string;
  /** The notebook's folder. */
  folder: string;
  root: string;
  /** Tasks of deno.json. */
  tasks: string[];
}

/** Whether something between backticks is there: a task, a file, a public name of Forger, a name in the notebook's code, or a
 * structure of such names. */
export async function resolves(span: string, { code, folder, root, tasks }: Surroundings): Promise<boolean> {
  const task = span.match(/^deno task (\S+)/)?.[1];
  if (task) return tasks.includes(task);
  if (/^[\w.-]+(\/[\w.-]+)+\/?$|\.(ts|md|ipynb|bib|json)$/.test(span)) {
    return await exists(join(folder, span)) || await exists(join(root, span));
  }
  if (/^FORGER_[A-Z]+(=\w+)?$/.test(span)) return ["FORGER_SIZE", "FORGER_BACKEND", "FORGER_DATA"].includes(span.split("=")[0]!);
  const name = span.match(/^([A-Za-z_]\w*(?:\.\w+)*)(\(.*\))?$/)?.[1];
  if (name) return valueOf(forger, name) !== undefined || inCode(name, code);
  // Literals such as { training: true } and [batch, height, width, channels]: each word is in the code, or a dimension.
  const words = span.match(/[A-Za-z_]\w*/g) ?? [];
  return words.every((word) => DIMENSIONS.has(word) || inCode(word, code));
}

const DIMENSIONS = new Set(["batch", "height", "width", "channels", "true", "false"]);

function inCode(name: string, code: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replaceAll(".", "\\.")}(?![\\w$])`).test(code);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** What a dotted path leads to, from an object; undefined if it leads nowhere. */
export function valueOf(from: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], from);
}

/** Values that prose states: "`PIX2PIX.lambda` = 100". */
export function statedValues(text: string): { path: string; value: number }[] {
  return [...text.matchAll(/`([A-Z][\w.]*)` = (-?\d+(?:\.\d+)?)/g)].map(([, path, value]) => ({
    path: path!,
    value: Number(value),
  }));
}
