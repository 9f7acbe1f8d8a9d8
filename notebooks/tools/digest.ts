/** Whether the outputs in a notebook are those of its code: a digest of the code, of all files that it imports, and of the versions of
 * the npm packages that these import.
 *
 * Comments that fill their lines, and indents, do not count: they change no output, and a better sentence should not cost a run of all
 * notebooks.
 * @module */
import { createHash } from "node:crypto";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../lib/cli/process.ts";
import { type Notebook, whole } from "./notebook.ts";

/** The parts of `deno info --json` that are read here. */
interface Graph {
  modules: { specifier: string; local?: string; dependencies?: { code?: { specifier?: string } }[] }[];
}

/** The digest of a notebook's code and of what it imports: 64 hexadecimal digits.
 * @param path where the notebook is, from which its imports lead.
 * @param root the project's root; files are named from there, so that the digest is the same in every place.
 * @throws {Error} if a file that it imports cannot be read. */
export async function digestOf(notebook: Notebook, path: string, root: string): Promise<string> {
  const cells = notebook.cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => whole(source));
  const { files, packages } = await importsOf(cells.join("\n"), path, root);
  const hash = createHash("sha256");
  for (const cell of cells) hash.update(`cell\n${essence(cell)}\n`);
  for (const name of packages) hash.update(`package ${name}\n`);
  for (const file of files) {
    hash.update(`file ${relative(root, file).replaceAll("\\", "/")}\n${essence(await Deno.readTextFile(file))}\n`);
  }
  return hash.digest("hex");
}

/** Code without the comments that fill their lines, and without its layout. */
export function essence(code: string): string {
  const lines = code.split("\n").map((line) => line.trim()).filter((line) => !/^(\/\/|\/\*|\*)/.test(line));
  return lines.join(" ").replaceAll(/\s+/g, " ").trim();
}

/** All files of the project that code imports, itself or by others, and the npm packages with their versions; both sorted. */
async function importsOf(code: string, path: string, root: string): Promise<{ files: string[]; packages: string[] }> {
  const imports = [...code.matchAll(/\b(?:from|import)\s*\(?\s*"(\.\.?\/[^"]+)"/g)].map(([, name]) =>
    resolve(dirname(path), name!)
  );
  const files = new Set<string>();
  const packages = new Set<string>();
  for (const entry of new Set(imports)) {
    const ended = await run(Deno.execPath(), ["info", "--json", entry], { folder: root, env: { NO_COLOR: "1" } });
    const graph = readGraph(ended?.lines ?? []);
    if (!ended?.success || !graph) throw new Error(`Cannot follow the import of ${entry} in ${path}; mend the path`);
    for (const { specifier, dependencies = [] } of graph.modules) {
      if (specifier.startsWith("file:")) files.add(fileURLToPath(specifier));
      for (const { code } of dependencies) if (code?.specifier?.startsWith("npm:")) packages.add(code.specifier);
    }
  }
  return { files: [...files].sort(), packages: [...packages].sort() };
}

/** Warnings may stand before the JSON. */
function readGraph(lines: string[]): Graph | undefined {
  const start = lines.indexOf("{");
  if (start < 0) return undefined;
  return JSON.parse(lines.slice(start, lines.lastIndexOf("}") + 1).join("\n")) as Graph;
}
