/** The glossary: notebooks/glossary.md.
 *
 * Each term is a section, so that chapters can link to it, as in `[mode collapse](glossary.md#mode-collapse)`, and that the link
 * works on GitHub, in JupyterLab and on the site:
 *
 * ```md
 * ## Discriminator
 *
 * The network that estimates whether an image is real.
 *
 * Also called: critic, D. First in [chapter 1](01_the_game.ipynb).
 * ```
 *
 * The first paragraph is the meaning. The other names after "Also called:" end with the sentence. On the site, the first use of
 * each name in each chapter becomes a link.
 * @module */
import { headingAnchors } from "./links.ts";
import { plainText } from "./plain_text.ts";

/** A term. */
export interface Term {
  /** Anchor of its section: "mode-collapse". */
  id: string;
  name: string;
  /** Other names. */
  others: string[];
  /** First paragraph, as plain text. */
  meaning: string;
}

/** Reads the terms from the text of glossary.md.
 * @throws {Error} if a term has no meaning, or if two terms have the same name. */
export function readTerms(text: string): Term[] {
  const terms = text.split(/^## +/m).slice(1).map((section): Term => {
    const [heading = "", ...lines] = section.split("\n");
    const paragraphs = lines.join("\n").trim().split(/\n\s*\n/);
    const name = heading.replaceAll(/[*_`]/g, "").replace(/ *#*$/, "").trim();
    const meaning = plainText(paragraphs[0]!);
    if (meaning === "" || meaning.startsWith("Also called")) {
      throw new Error(`Cannot read notebooks/glossary.md: "${name}" has no meaning; write a paragraph below its heading`);
    }
    const [, list = ""] = paragraphs.slice(1).join(" ").match(/\bAlso called:? +([^.]+)\./) ?? [];
    const others = list.split(/,| or /).map((other) => other.replaceAll(/[*_`]/g, "").replaceAll(/\s+/g, " ").trim());
    return { id: headingAnchors(heading).github, name, others: others.filter((other) => other !== ""), meaning };
  });
  const names = new Set<string>();
  for (const name of terms.flatMap((term) => [term.name, ...term.others])) {
    const key = name.toLowerCase();
    if (names.has(key)) throw new Error(`Cannot read notebooks/glossary.md: two terms are called "${name}"; rename one of them`);
    names.add(key);
  }
  return terms;
}

/** A name of a term in a text. */
export interface Mention {
  start: number;
  end: number;
  term: Term;
}

/** Finds the names of terms in texts. */
export class TermFinder {
  readonly #byName = new Map<string, Term>();
  readonly #byId: Map<string, Term>;
  readonly #pattern: RegExp | undefined;

  constructor(terms: readonly Term[]) {
    this.#byId = new Map(terms.map((term) => [term.id, term]));
    for (const term of terms) for (const name of [term.name, ...term.others]) this.#byName.set(name.toLowerCase(), term);
    // Single letters, such as D, mean too many things.
    const names = [...this.#byName.keys()].filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
    const words = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "\\s+"));
    if (words.length > 0) {
      this.#pattern = new RegExp(`(?<![\\p{L}\\p{N}_-])(${words.join("|")})(?:es|s)?(?![\\p{L}\\p{N}_-])`, "giu");
    }
  }

  byId(id: string): Term | undefined {
    return this.#byId.get(id);
  }

  /** Returns the first mention of each term in a text, in order.
   * @param skip terms to ignore, keyed by id. */
  find(text: string, skip: ReadonlySet<string>): Mention[] {
    if (!this.#pattern) return [];
    const seen = new Set(skip);
    return [...text.matchAll(this.#pattern)].flatMap((match) => {
      const term = this.#byName.get(match[1]!.toLowerCase().replaceAll(/\s+/g, " "))!;
      if (seen.has(term.id) || !this.#isWritten(match[1]!, term)) return [];
      seen.add(term.id);
      return [{ start: match.index, end: match.index + match[0].length, term }];
    });
  }

  /** An abbreviation such as FID counts only if it is written in capital letters. */
  #isWritten(found: string, { name, others }: Term): boolean {
    const known = [name, ...others].find((other) => other.toLowerCase() === found.toLowerCase());
    return known === undefined || !/^[A-Z]{2,}$/.test(known) || known === found;
  }
}
