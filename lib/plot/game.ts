/** Draws the game of a system: what the networks pass to each other, which losses follow, and which networks each update freezes.
 *
 * A system declares its game beside its training step, as formulas: "D(x, G(x))" says that D receives x and the output of G for
 * x. Everything else, such as the layout and the path of the gradients, follows from the formulas. A test compares the formulas
 * with what the training step does.
 * @module */
import { completeSettings, type Described } from "../settings.ts";
import { arrow, type Drawing, drawing, lines, round, widthOf, words } from "./drawing.ts";
import { colourOf } from "./style.ts";

/** One update of the weights of some networks. */
export interface GameUpdate {
  /** Letters of the networks that learn; all others are frozen. */
  trains: readonly string[];
  /** The terms of each loss, such as `{ l1: ["y", "G(x)"] }`. The names are those under which the losses are reported. */
  losses: Readonly<Record<string, readonly string[]>>;
  /** Losses that change only some of the networks that learn, with the letters of these networks. */
  only?: Readonly<Record<string, readonly string[]>>;
  /** Name of the phase of the training run, such as "Stage I". */
  phase?: string;
  /** Number of times that the update is repeated. Default 1. */
  times?: number;
}

/** What the networks of a system pass to each other. */
export interface Game {
  /** Title. */
  title: string;
  /** Meaning of each letter that stands for a given value: `{ x: "input", z: "noise" }`. */
  given: Readonly<Record<string, string>>;
  /** Name of the network for each letter: `{ G: "generator" }`. Letters without a network stand for operations. */
  networks: Readonly<Record<string, string>>;
  /** The updates of one training step, in order. */
  updates: readonly GameUpdate[];
  /** Kinds and weights of the losses: `{ l1: "× 100" }`. */
  notes?: Readonly<Record<string, string>>;
}

/** A system of the registry, or a model. */
export interface GameSource {
  /** Describes the game for the given settings. */
  game?(settings?: object): Game | undefined;
  kind: string;
  fields?: Described<object>;
}

/** Options for {@linkcode game}. */
export interface GameOptions {
  /** Settings of a system of the registry that differ from its defaults. A model has its own. */
  settings?: object;
  /** Numbers of the updates to draw, counted from 1. Default: all. */
  updates?: number[];
}

/** Part of a formula: a given value, a value that a network computes, or a loss. */
interface Term {
  /** Letter, or name of the loss. */
  name: string;
  /** The whole formula. */
  text: string;
  kind: "given" | "value" | "loss";
  of: Term[];
  rank: number;
  y: number;
}

/** The only colour on which white is more legible than black. */
const DARK = colourOf("generator");
export const WIDTH = 570;
/** Minimum vertical distances between given values, and between computed values or losses, in pixels. */
const [LETTER_ROW, VALUE_ROW] = [42, 66];

/** Draws the game of a system, with one panel for each update.
 *
 * @example
 * ```ts
 * import { pix2pix, plot, systems } from "./mod.ts";
 *
 * await plot.show(plot.game(pix2pix({ size: 32, conditional: false })));
 * await plot.show(plot.game(systems.systemOf("cyclegan")!), { file: "cyclegan.svg" });
 * ```
 * @param system A model, or a system of the registry.
 * @throws {Error} If the system does not describe its game.
 * @throws {RangeError} If there is no update of one of the numbers. */
export function game(system: GameSource, options: GameOptions = {}): Drawing {
  const { fields, kind } = system;
  const { settings = {}, updates: wanted } = options;
  const played = system.game?.(fields && completeSettings(kind, fields, settings));
  if (!played) {
    throw new Error(`Cannot draw the game of ${kind}: the system does not describe its game; add game() to the system`);
  }
  const { title, given, networks, updates } = played;
  const missing = wanted?.find((number) => updates[number - 1] === undefined);
  if (missing !== undefined) {
    const range = `expected numbers of updates from 1 to ${updates.length}`;
    throw new RangeError(`Cannot draw the game of ${kind}: ${range}, got ${missing}; change updates`);
  }
  const legend = Object.entries({ ...given, ...networks }).map(([letter, name]) => `${letter}: ${spaced(name)}`);
  const head = lines(legend, WIDTH - 8);
  const elements = [words(title, 4, 20, { size: 19, weight: 600 }), ...head.map((line, i) => words(line, 4, 42 + 18 * i))];
  let top = 42 + 18 * head.length + 12;
  for (const [i, update] of updates.entries()) {
    if (wanted && !wanted.includes(i + 1)) continue;
    const panel = panelOf(played, update);
    elements.push(words(headingOf(played, update, i), 4, top, { size: 17, weight: 600 }));
    elements.push(`<g transform="translate(0 ${top + 34})">\n${panel.elements.join("\n")}\n</g>`);
    top += panel.height + 66;
  }
  const notes = lines(["Filled: learns", "dashed: frozen", "coloured arrows: the gradient flows back."], WIDTH - 8);
  elements.push(...notes.map((line, i) => words(line, 4, top - 6 + 18 * i)));
  return drawing(title, textOf(played, wanted), { width: WIDTH, height: top - 4 + 18 * notes.length - 8 }, elements);
}

/** Splits the name of a network or a loss into words: "sketchDiscriminator" as "sketch discriminator", "xToY" as "x to Y". */
export function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, " $&").replaceAll(/ [A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
}

function headingOf(played: Game, update: GameUpdate, index: number): string {
  const { trains, phase, times = 1 } = update;
  const frozen = frozenIn(played, update);
  const said = (letters: readonly string[], one: string, several: string) =>
    `${letters.join(" and ")} ${letters.length > 1 ? several : one}`;
  const moving = said(trains, "learns", "learn") + (times > 1 ? ` (${times} times)` : "");
  const still = frozen.length > 0 ? `, ${said(frozen, "is", "are")} frozen` : "";
  return `${index + 1}. ${phase ? `${phase}: ` : ""}${moving}${still}`;
}

/** Returns the letters of the networks that take part in an update without learning. */
function frozenIn({ networks }: Game, update: GameUpdate): string[] {
  const letters = termsOf(update).filter(({ kind }) => kind === "value").map(({ name }) => name);
  const learning = new Set(update.trains.map((letter) => networks[letter]));
  return [...new Set(letters)].filter((letter) => networks[letter] && !learning.has(networks[letter]));
}

function textOf(played: Game, wanted?: number[]): string {
  const updates = played.updates.map((update, i) => {
    if (wanted && !wanted.includes(i + 1)) return "";
    const losses = Object.entries(update.losses).map(([name, of]) => `${spaced(name)} from ${of.join(" and ")}`);
    return `${headingOf(played, update, i)}; losses: ${losses.join("; ")}.`;
  });
  const letters = Object.entries({ ...played.given, ...played.networks }).map(([letter, name]) => `${letter} is ${spaced(name)}`);
  return `${letters.join(", ")}. ${updates.filter(Boolean).join(" ")}`;
}

/** Returns the terms of an update's losses, each after those that it depends on. Equal values are one term; a given value is
 * drawn wherever it is used. */
export function termsOf({ losses }: Pick<GameUpdate, "losses">): Term[] {
  const terms: Term[] = [];
  const add = (name: string, text: string, kind: Term["kind"], of: Term[]): Term => {
    terms.push({ name, text, kind, of, rank: 0, y: 0 });
    return terms.at(-1)!;
  };
  const read = (formula: string): Term => {
    const [, name, inner] = formula.match(/^([^(]+)(?:\((.*)\))?$/)!;
    if (!inner) return add(name!, formula, "given", []);
    return terms.find(({ text }) => text === formula) ?? add(name!, formula, "value", split(inner).map(read));
  };
  for (const [name, of] of Object.entries(losses)) add(name, name, "loss", of.map(read));
  return terms;
}

/** Splits the arguments of a formula at the commas outside of parentheses. */
function split(inner: string): string[] {
  let depth = 0;
  const marked = [...inner].map((character) => {
    depth += character === "(" ? 1 : character === ")" ? -1 : 0;
    return character === "," && depth === 0 ? "\n" : character;
  });
  return marked.join("").split("\n").map((part) => part.trim());
}

/** Assigns each term a column as close as possible to the terms that use it, and a position from the top. */
function arrange(terms: Term[]): void {
  for (const term of terms) term.rank = term.kind === "given" ? 0 : Math.max(...term.of.map(({ rank }) => rank)) + 1;
  for (const term of terms.toReversed()) {
    const users = terms.filter(({ of }) => of.includes(term));
    if (users.length > 0) term.rank = Math.min(...users.map(({ rank }) => rank)) - 1;
  }
  let next = 0;
  for (const term of terms.filter(({ kind }) => kind === "given")) term.y = LETTER_ROW * next++;
  for (let rank = 0; rank <= Math.max(...terms.map(({ rank }) => rank)); rank++) {
    const column = terms.filter((term) => term.rank === rank);
    for (const term of column) {
      const ys = term.of.map(({ y }) => y);
      if (ys.length > 0) term.y = (Math.min(...ys) + Math.max(...ys)) / 2;
    }
    column.sort((a, b) => a.y - b.y).reduce((above: Term | undefined, term) => {
      const least = above?.kind === "given" && term.kind === "given" ? LETTER_ROW : VALUE_ROW;
      if (above) term.y = Math.max(term.y, above.y + least);
      return term;
    }, undefined);
  }
}

/** Draws the terms of an update and the arrows between them. */
export function panelOf(played: Game, update: GameUpdate): { elements: string[]; height: number } {
  const terms = termsOf(update);
  arrange(terms);
  const step = Math.min(150, (WIDTH - 104) / Math.max(...terms.map(({ rank }) => rank)));
  const x = ({ rank }: Term) => 26 + rank * step;
  const half = (term: Term) =>
    term.kind === "given" ? 17 : term.kind === "value" ? 24 : widthOf(spaced(term.name), 15, 600) / 2 + 9;
  const flows = gradients(played, update, terms);
  const arrows = terms.flatMap((to) =>
    to.of.toSorted((a, b) => a.y - b.y).map((from, i) => {
      const y = to.y + (i - (to.of.length - 1) / 2) * 12;
      const colour = flows.get(from)?.get(to);
      return arrow([[x(from) + half(from) + 2, from.y], [x(to) - half(to) - 2, y]], colour ? { colour, back: true } : {});
    })
  );
  const shapes = terms.map((term) => shapeOf(term, x(term), half(term), played, update));
  const height = Math.max(...terms.map(({ y, kind }) => kind === "given" ? y + 16 : y + 40));
  return { elements: [...arrows, ...shapes], height };
}

/** Returns the colours of the arrows along which a gradient flows back from a loss to a network that learns. */
function gradients({ networks }: Game, { trains, only }: GameUpdate, terms: Term[]): Map<Term, Map<Term, string>> {
  const flows = new Map<Term, Map<Term, string>>();
  for (const loss of terms.filter(({ kind }) => kind === "loss")) {
    const learning = (only?.[loss.name] ?? trains).map((letter) => networks[letter]);
    const learns = (term: Term): boolean =>
      term.kind === "value" && learning.includes(networks[term.name]) || term.of.some(learns);
    const follow = (to: Term): void => {
      for (const from of to.of.filter(learns)) {
        const colours = flows.get(from) ?? new Map<Term, string>();
        const shared = colours.has(to) && colours.get(to) !== colourOf(loss.name);
        flows.set(from, colours.set(to, shared ? colourOf(networks[trains[0]!]!) : colourOf(loss.name)));
        follow(from);
      }
    };
    follow(loss);
  }
  return flows;
}

function shapeOf(term: Term, x: number, half: number, { networks, notes }: Game, { trains }: GameUpdate): string {
  const { name, text, kind, y } = term;
  const across = `x="${round(x - half)}" width="${round(2 * half)}"`;
  const box = (height: number, radius: number, style: string) =>
    `<rect ${across} y="${round(y - height / 2)}" height="${height}" rx="${radius}" ${style}/>`;
  const centred = { anchor: "middle", weight: 600 } as const;
  if (kind === "given") {
    return box(30, 15, 'fill="none" stroke="currentColor" stroke-width="1.5"') + words(name, x, y + 6, { ...centred, size: 17 });
  }
  const network = networks[name];
  const colour = kind === "loss" ? colourOf(name) : network ? colourOf(network) : "currentColor";
  const filled = kind === "loss" || trains.some((letter) => network && networks[letter] === network);
  const outline = `fill="none" stroke="${colour}" stroke-width="${network ? 2.5 : 1.5}"`;
  const style = filled ? `fill="${colour}"` : network ? `${outline} stroke-dasharray="6 4"` : outline;
  const ink = !filled ? "currentColor" : colour === DARK ? "#ffffff" : "#111111";
  const below = kind === "loss" ? notes?.[name] : widthOf(text) < 86 ? text : undefined;
  return box(kind === "loss" ? 30 : 40, kind === "loss" ? 8 : 6, style) +
    (kind === "loss" ? words(spaced(name), x, y + 5, { ...centred, fill: ink }) : letterOf(name, x, y + 7, ink)) +
    (below ? words(below, x, y + (kind === "loss" ? 31 : 36), { anchor: "middle" }) : "");
}

/** Draws the letter of a network; that of "D_X" has a subscript. */
function letterOf(name: string, x: number, y: number, fill: string): string {
  const [base, subscript] = name.split("_") as [string, string | undefined];
  const style = { anchor: "middle", weight: 600, fill } as const;
  if (!subscript) return words(base, x, y, { ...style, size: base.length > 2 ? 15 : 20 });
  return words(base, x - 5, y, { ...style, size: 20 }) + words(subscript, x + 9, y + 4, { ...style, size: 15 });
}
