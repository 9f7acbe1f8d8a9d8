/** The dependencies between the rooms of the library, and checks that they form no cycles and that each is allowed.
 *
 * An arrow is an import of one file by another. Type-only and dynamic imports count as well, since one has to read the imported
 * file to understand the importing one.
 * @module */
import { join, posix, relative } from "node:path";
import { projectFiles } from "./files.ts";

/** A room: files that belong together, and the rooms that they may import. */
export interface Room {
  name: string;
  /** Files, and folders with a final slash. The longest match decides to which room a file belongs. */
  holds: readonly string[];
  /** Names of the rooms that this room may import, besides itself. */
  may: readonly string[];
}

const BASE = ["tf", "settings", "folders"];
const PARTS = ["layers", "losses", "optimizers", "models"];
const IMAGES = ["data", "worlds", "metrics", "plot", "events"];

/** The rooms, each listed after those that it may import. */
export const ROOMS: readonly Room[] = [
  { name: "tf", holds: ["lib/tf.ts", "lib/packages.ts"], may: [] },
  { name: "settings", holds: ["lib/settings.ts"], may: [] },
  { name: "folders", holds: ["lib/user_folders.ts"], may: [] },
  { name: "backend", holds: ["lib/backend/"], may: BASE },
  { name: "data", holds: ["lib/data/"], may: [...BASE, "backend"] },
  { name: "events", holds: ["lib/events.ts"], may: ["tf", "data"] },
  { name: "worlds", holds: ["data/"], may: [...BASE, "backend", "data"] },
  { name: "plot", holds: ["lib/plot/"], may: [...BASE, "data", "events"] },
  { name: "layers", holds: ["lib/layers/"], may: [...BASE, "backend"] },
  { name: "losses", holds: ["lib/losses/"], may: [...BASE, "backend"] },
  { name: "optimizers", holds: ["lib/optimizers/"], may: [...BASE, "backend"] },
  { name: "models", holds: ["lib/models/"], may: [...BASE, "backend", "layers", "losses", "optimizers"] },
  { name: "metrics", holds: ["lib/metrics/"], may: [...BASE, "backend", "data", "plot", "layers", "models"] },
  { name: "train", holds: ["lib/train/"], may: [...BASE, "backend", ...IMAGES, ...PARTS] },
  { name: "systems", holds: ["lib/systems/"], may: [...BASE, "backend", ...IMAGES, ...PARTS, "train"] },
  { name: "play", holds: ["lib/play/"], may: [...BASE, "backend", ...IMAGES, ...PARTS, "train", "systems"] },
  { name: "mod", holds: ["mod.ts"], may: [...BASE, "backend", ...IMAGES, ...PARTS, "train", "systems"] },
  { name: "cli", holds: ["lib/cli/"], may: [...BASE, "backend", ...IMAGES, ...PARTS, "train", "systems", "play", "mod"] },
  { name: "checks", holds: ["notebooks/checks/", "notebooks/size.ts"], may: ["mod"] },
  { name: "comparisons", holds: ["notebooks/comparisons/"], may: ["mod"] },
  {
    name: "results",
    holds: ["notebooks/results/"],
    may: [...BASE, "backend", ...IMAGES, ...PARTS, "train", "systems", "play", "cli"],
  },
  { name: "notebook tools", holds: ["notebooks/tools/"], may: [...BASE, "data", "plot", "play", "mod", "cli", "checks"] },
];

/** Imports that are allowed although one room may not import the other, written as "from -> to". */
export const ALLOWED: readonly string[] = [
  // The metric of generated houses, public as metrics.captionScores, belongs to their world.
  "lib/metrics/mod.ts -> data/worlds/houses/scores.ts",
];

/** An import of one file by another. */
export interface Arrow {
  /** Path of the importing file, relative to the root. */
  from: string;
  /** Path of the imported file, relative to the root. */
  to: string;
  /** What is imported: "{ join, type X }", "type { X }", "* as tf"; "..." for a dynamic import. */
  what: string;
}

/** Formats an arrow for lists of exceptions: "lib/a.ts -> lib/b.ts". */
export function arrowName({ from, to }: Pick<Arrow, "from" | "to">): string {
  return `${from} -> ${to}`;
}

/** Static imports and exports. `deno fmt` places them at the start of a line, which distinguishes them from examples in JSDoc. */
const STATIC = /^(?:import|export)\b([^;"]*?)(?:\bfrom )?"(\.\.?\/[^"]+\.ts)"/gm;
/** Dynamic imports and `typeof import(...)`, except in whole-line comments. */
const DYNAMIC = /^(?!\s*(?:\*|\/\/|\/\*)).*?\bimport\(\s*"(\.\.?\/[^"]+\.ts)"/gm;

/** Lists the relative imports in a formatted source file.
 * @param from path of the file, relative to the root, with forward slashes. */
export function arrowsIn(from: string, source: string): Arrow[] {
  const target = (specifier: string) => posix.join(posix.dirname(from), specifier);
  const statics = [...source.matchAll(STATIC)].map(([, what, specifier]) => ({
    ...{ from, to: target(specifier!), what: what!.replaceAll(/\s+/g, " ").replace(/,? }/, " }").trim() },
  }));
  return [...statics, ...[...source.matchAll(DYNAMIC)].map(([, specifier]) => ({ from, to: target(specifier!), what: "..." }))];
}

/** Reads the arrows between the files of all rooms.
 * @param root root folder of the project. */
export async function readArrows(root: string): Promise<Arrow[]> {
  const paths = await projectFiles(root, [".ts"]);
  const names = paths.map((path) => relative(root, path).replaceAll("\\", "/"));
  const files = names.filter((name) => /^(lib|data|notebooks)\/|^mod\.ts$/.test(name));
  const arrows = await Promise.all(files.map(async (file) => arrowsIn(file, await Deno.readTextFile(join(root, file)))));
  return arrows.flat();
}

/** Finds the room that a file belongs to. */
function roomOf(file: string, rooms: readonly Room[]): Room | undefined {
  const matches = rooms.flatMap((room) => room.holds.map((path) => ({ room, path })))
    .filter(({ path }) => path.endsWith("/") ? file.startsWith(path) : file === path);
  return matches.sort((a, b) => b.path.length - a.path.length)[0]?.room;
}

/** Finds the arrows between rooms that the table does not allow, and files outside of all rooms.
 * @param ignored arrows to ignore, as {@linkcode arrowName} writes them.
 * @returns a sentence for each. */
export function forbiddenArrows(arrows: readonly Arrow[], rooms: readonly Room[], ignored: readonly string[] = []): string[] {
  const problems = arrows.flatMap((arrow) => {
    const { from, to, what } = arrow;
    const [room, other] = [roomOf(from, rooms), roomOf(to, rooms)];
    const homeless = [room ? [] : from, other ? [] : to].flat();
    if (!room || !other) return homeless.map((file) => `${file} belongs to no room; add it to the table`);
    if (room === other || room.may.includes(other.name) || ignored.includes(arrowName(arrow))) return [];
    return `${from} (${room.name}) must not import ${what} from ${to} (${other.name}); ${room.name} may import ` +
      `${room.may.join(", ") || "nothing"}`;
  });
  return [...new Set(problems)];
}

/** Finds import cycles: a shortest cycle for each group of files that depend on each other.
 * @param ignored arrows to ignore, as {@linkcode arrowName} writes them.
 * @returns the arrows of each cycle, in order. */
export function circles(arrows: readonly Arrow[], ignored: readonly string[] = []): Arrow[][] {
  const graph = Map.groupBy(arrows.filter((arrow) => !ignored.includes(arrowName(arrow))), ({ from }) => from);
  const found: Arrow[][] = [];
  const done = new Set<string>();
  for (const file of [...graph.keys()].sort()) {
    const circle = done.has(file) ? undefined : circleThrough(file, graph);
    if (!circle) continue;
    found.push(circle);
    // All files that depend on this file and on which it depends are in the same group.
    for (const other of graph.keys()) {
      if (pathBetween(file, other, graph) && pathBetween(other, file, graph)) done.add(other);
    }
  }
  return found;
}

type Graph = ReadonlyMap<string, Arrow[]>;

function circleThrough(file: string, graph: Graph): Arrow[] | undefined {
  const candidates = (graph.get(file) ?? []).flatMap((first) => {
    const back = first.to === file ? [] : pathBetween(first.to, file, graph);
    return back ? [[first, ...back]] : [];
  });
  return candidates.sort((a, b) => a.length - b.length)[0];
}

/** Finds a shortest path by breadth-first search. */
function pathBetween(start: string, end: string, graph: Graph): Arrow[] | undefined {
  const by = new Map<string, Arrow | undefined>([[start, undefined]]);
  for (const file of by.keys()) { // iteration over a Map includes keys added during the loop
    for (const arrow of graph.get(file) ?? []) if (!by.has(arrow.to)) by.set(arrow.to, arrow);
  }
  if (!by.has(end)) return undefined;
  const path: Arrow[] = [];
  for (let arrow = by.get(end); arrow; arrow = by.get(arrow.from)) path.unshift(arrow);
  return path;
}

/** Describes a cycle: "a.ts imports { x } from b.ts, which imports type { Y } from a.ts". */
export function circleSentence(circle: readonly Arrow[]): string {
  return `${circle[0]!.from} ` + circle.map(({ to, what }) => `imports ${what} from ${to}`).join(", which ");
}
