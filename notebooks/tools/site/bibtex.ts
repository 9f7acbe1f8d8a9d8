/** Bibliographies in BibTeX.
 *
 * The course cites papers by number. In the file, a comment with the number stands before each entry: `% [1]`. Comments are
 * allowed between entries only, as in BibTeX itself, which ignores all text there.
 * @module */

/** An entry of a bibliography. */
export interface Entry {
  /** Number by which the course cites the paper. */
  number: number;
  /** Type of the entry, such as "article", in lower case. */
  type: string;
  /** Key of the entry, such as "isola2017". */
  key: string;
  /** Fields as plain text, keyed by name in lower case. */
  fields: Readonly<Record<string, string>>;
}

/** Parses a bibliography.
 * @param name file name for error messages.
 * @throws {Error} if the text is not BibTeX, or if the entries are not numbered in order from 1. */
export function parseBibtex(text: string, name = "references.bib"): Entry[] {
  const entries: Entry[] = [];
  const keys = new Set<string>();
  const reader = new Reader(text, name);
  for (let comment = reader.between(); comment !== undefined; comment = reader.between()) {
    const at = reader.line();
    const { type, key, fields } = reader.entry();
    if (type === "comment" || type === "preamble" || type === "string") continue;
    const number = Number(comment.match(/\[(\d+)\]\s*$/)?.[1]);
    if (number !== entries.length + 1) {
      const marked = Number.isNaN(number) ? "has no number" : `is numbered [${number}]`;
      throw reader.error(`entry ${key} ${marked}; write "% [${entries.length + 1}]" on the line before it`, at);
    }
    if (keys.has(key)) throw reader.error(`the key ${key} is used twice; choose another key`, at);
    keys.add(key);
    entries.push({ number, type, key, fields });
  }
  return entries;
}

/** Reads the text from left to right. */
class Reader {
  readonly text: string;
  readonly name: string;
  #at = 0;

  constructor(text: string, name: string) {
    this.text = text;
    this.name = name;
  }

  /** One-based number of the current line. */
  line(): number {
    return this.text.slice(0, this.#at).split("\n").length;
  }

  error(what: string, line = this.line()): Error {
    return new Error(`Cannot read ${this.name}, line ${line}: ${what}`);
  }

  /** Reads up to the next entry.
   * @returns the text before the entry; `undefined` at the end of the file. */
  between(): string | undefined {
    const end = this.text.indexOf("@", this.#at);
    const passed = this.text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end;
    return end < 0 ? undefined : passed;
  }

  /** Reads an entry: `@article{key, name = value, ...}`. */
  entry(): Omit<Entry, "number"> {
    const [, type, key] = this.#take(/@\s*([A-Za-z]+)\s*\{\s*([^\s,{}%"]+)\s*,/y, "an entry such as @article{name2020,");
    const fields: Record<string, string> = {};
    while (!this.#next(/\s*\}/y)) {
      const [, name] = this.#take(
        /\s*([A-Za-z][\w-]*)\s*=\s*/y,
        'a field such as title = {...}, or "}" (comments go between entries)',
      );
      if (fields[name!.toLowerCase()] !== undefined) throw this.error(`the field ${name} is given twice; remove one`);
      fields[name!.toLowerCase()] = plainText(this.#value());
      if (!this.#next(/\s*,/y)) {
        this.#take(/\s*\}/y, '"," or "}" after a field');
        break;
      }
    }
    return { type: type!.toLowerCase(), key: key!, fields };
  }

  /** Reads a value: braces, quotation marks, or a number. */
  #value(): string {
    const number = this.#next(/\d+/y);
    if (number) return number[0];
    const start = this.line();
    const [open] = this.#take(/[{"]/y, "a value in braces");
    const from = this.#at;
    for (let depth = 0; this.#at < this.text.length; this.#at++) {
      const sign = this.text[this.#at]!;
      if (sign === "\\") this.#at++;
      else if (depth === 0 && sign === (open === "{" ? "}" : '"')) return this.text.slice(from, this.#at++);
      else if (sign === "{") depth++;
      else if (sign === "}") depth--;
    }
    throw this.error("the value that begins here does not end; close its braces", start);
  }

  #next(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match) this.#at = pattern.lastIndex;
    return match ?? undefined;
  }

  #take(pattern: RegExp, expected: string): RegExpExecArray {
    const match = this.#next(pattern);
    if (match) return match;
    const got = this.text.slice(this.#at).trim().split("\n")[0]!.slice(0, 30);
    throw this.error(`expected ${expected}, got "${got}"; correct the entry`);
  }
}

/** Combining characters for LaTeX's accents. */
const ACCENTS: Record<string, string> = {
  "'": "\u0301",
  "`": "\u0300",
  "^": "\u0302",
  '"': "\u0308",
  "~": "\u0303",
  c: "\u0327",
};

/** Converts the LaTeX of a value to plain text: `L{\'e}on` becomes "Léon". */
function plainText(latex: string): string {
  return latex
    .replaceAll(/\\(?:(['`^"~])|(c)(?![A-Za-z]))\s*\{?([A-Za-z])\}?/g, (_, sign, cedilla, letter) => {
      return (letter + ACCENTS[sign ?? cedilla]).normalize("NFC");
    })
    .replaceAll(/\\([&%$#_])/g, "$1")
    .replaceAll("~", "\u00a0").replaceAll("---", "—").replaceAll("--", "–")
    .replaceAll(/[{}]/g, "").replaceAll(/\s+/g, " ").trim();
}

/** Returns the authors of an entry as "P. Isola, J.-Y. Zhu and A. A. Efros". More than `most` are "and others". */
export function authorsOf({ fields }: Pick<Entry, "fields">, most = 6): string {
  const names = (fields["author"] ?? "").split(/\s+and\s+/).filter((name) => name !== "").map((name) => {
    const [last, first] = name.includes(",") ? name.split(/,\s*/) : [undefined, name];
    const words = (first ?? "").split(" ");
    const family = last ?? words.pop()!;
    const initials = words.map((word) => word.split("-").map((part) => part.endsWith(".") ? part : `${part[0]}.`).join("-"));
    return [...initials, family].join(" ");
  });
  if (names.length > most) return `${names[0]} and others`;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
