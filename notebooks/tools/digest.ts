/** Digests that detect stale outputs of a notebook: hashes of its code, of all files that it imports, and of the versions of the
 * npm packages that the code and these files import.
 *
 * Whole-line comments and indentation are not hashed: they cannot change an output, and a corrected comment should not require
 * all notebooks to run again.
 * @module */
import { createHash } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../lib/cli/process.ts";
import { type Notebook, whole } from "./notebook.ts";

/** The fields of `deno info --json` that are used here. */
interface Graph {
  modules: { specifier: string; local?: string; dependencies?: { code?: { specifier?: string } }[] }[];
}

/** Computes the digest of a notebook's code and of all that it imports: 64 hexadecimal digits.
 * @param path path of the notebook, the base of its relative imports.
 * @param root root folder of the project, whose deno.json has the import map. Files are hashed with their paths relative to it.
 * @throws {Error} if an imported file cannot be read. */
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

/** Removes whole-line comments and layout from code. */
export function essence(code: string): string {
  const lines = code.split("\n").map((line) => line.trim()).filter((line) => !/^(\/\/|\/\*|\*)/.test(line));
  return lines.join(" ").replaceAll(/\s+/g, " ").trim();
}

/** Lists the project's files that code imports, directly or indirectly, and the npm packages with their versions, both sorted. */
async function importsOf(code: string, path: string, root: string): Promise<{ files: string[]; packages: string[] }> {
  const map = await readImportMap(root);
  const imports = [...code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].flatMap(([, name]) => {
    if (/^\.\.?\//.test(name!)) return [resolve(dirname(path), name!)];
    const target = mapped(name!, map);
    return target?.startsWith("./") ? [resolve(root, target)] : []; // other packages, such as @std/assert, are not hashed
  });
  const files = new Set<string>();
  const packages = new Set<string>();
  for (const entry of new Set(imports)) {
    const ended = await run(Deno.execPath(), ["info", "--json", entry], { folder: root, env: { NO_COLOR: "1" } });
    const graph = readGraph(ended?.lines ?? []);
    if (!ended?.success || !graph) throw new Error(`Cannot resolve the import of ${entry} in ${path}; correct the path`);
    for (const { specifier, dependencies = [] } of graph.modules) {
      if (specifier.startsWith("file:")) files.add(fileURLToPath(specifier));
      for (const { code } of dependencies) if (code?.specifier?.startsWith("npm:")) packages.add(code.specifier);
    }
  }
  return { files: [...files].sort(), packages: [...packages].sort() };
}

/** Reads the import map in the project's deno.json; it is empty if there is no such file. */
async function readImportMap(root: string): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(join(root, "deno.json")).catch(() => "{}");
  return (JSON.parse(text) as { imports?: Record<string, string> }).imports ?? {};
}

/** Applies an import map to a name. A key that ends in a slash maps all names that begin with it.
 * @returns `undefined` if the map has no key for the name. */
function mapped(name: string, map: Record<string, string>): string | undefined {
  if (map[name] !== undefined) return map[name];
  const keys = Object.keys(map).filter((key) => key.endsWith("/") && name.startsWith(key));
  const key = keys.sort((a, b) => b.length - a.length)[0]; // the longest key decides
  return key === undefined ? undefined : map[key] + name.slice(key.length);
}

/** Parses the output of `deno info`, which may print warnings before the JSON. */
function readGraph(lines: string[]): Graph | undefined {
  const start = lines.indexOf("{");
  if (start < 0) return undefined;
  return JSON.parse(lines.slice(start, lines.lastIndexOf("}") + 1).join("\n")) as Graph;
}
