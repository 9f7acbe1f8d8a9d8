/** Draws how results are computed: which network or operation receives what, and where its output goes.
 * @module */
import { type Drawing, drawing, lines, words } from "./drawing.ts";
import { panelOf, spaced, WIDTH } from "./game.ts";

/** What to draw. The formulas are those of a game: "G(x, z)" says that G receives x and z. */
export interface DataflowOptions {
  /** Title. */
  title: string;
  /** Meaning of each letter that stands for something given: `{ x: "label map" }`. */
  given: Readonly<Record<string, string>>;
  /** Meaning of each letter that stands for a network: `{ G: "generator" }`. */
  networks?: Readonly<Record<string, string>>;
  /** Meaning of each letter that stands for an operation without weights: `{ R: "rule that recovers labels" }`. */
  operations?: Readonly<Record<string, string>>;
  /** The results, with the formulas of what they are computed from: `{ scores: ["x", "R(G(x))"] }`. */
  results: Readonly<Record<string, readonly string[]>>;
}

/** Draws a computation from formulas.
 *
 * @example
 * ```ts
 * import { plot } from "./mod.ts";
 *
 * await plot.show(plot.dataflow({
 *   title: "Scores",
 *   given: { x: "label map" },
 *   networks: { G: "generator" },
 *   operations: { R: "rule that recovers labels" },
 *   results: { scores: ["x", "R(G(x))"] },
 * }));
 * ``` */
export function dataflow({ title, given, networks = {}, operations = {}, results }: DataflowOptions): Drawing {
  const meanings = Object.entries({ ...given, ...networks, ...operations });
  const head = lines(meanings.map(([letter, meaning]) => `${letter}: ${spaced(meaning)}`), WIDTH - 8);
  const none = Object.fromEntries(Object.keys(results).map((name) => [name, []])); // nothing learns from a result
  const update = { trains: Object.keys(networks), losses: results, only: none };
  const { elements, height } = panelOf({ title, given, networks, updates: [] }, update);
  const top = 42 + 18 * head.length + 12;
  const text = Object.entries(results).map(([name, of]) => `${name} from ${of.join(" and ")}`);
  const all = [
    words(title, 4, 20, { size: 19, weight: 600 }),
    ...head.map((line, i) => words(line, 4, 42 + 18 * i)),
    `<g transform="translate(0 ${top})">\n${elements.join("\n")}\n</g>`,
  ];
  const legend = meanings.map(([letter, meaning]) => `${letter} is ${spaced(meaning)}`).join(", ");
  return drawing(title, `${legend}. Results: ${text.join("; ")}.`, { width: WIDTH, height: top + height + 4 }, all);
}
