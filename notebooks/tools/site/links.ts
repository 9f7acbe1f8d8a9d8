/** The places of the site: which page shows a file of the project, and how pages link to each other.
 * @module */
import { posix } from "node:path";

/** Anchors that a heading has: GitHub's, and JupyterLab's, which only replaces spaces by dashes. */
export interface HeadingAnchors {
  github: string;
  jupyter: string;
}

/** Returns the anchors of a heading, from its Markdown. */
export function headingAnchors(heading: string): HeadingAnchors {
  const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
  const github = words.replaceAll(/[^\p{L}\p{N} _-]/gu, "").trim().replaceAll(" ", "-");
  return { github, jupyter: heading.trim().replaceAll(" ", "-") };
}

/** Files of the project, and the pages and anchors to which links to them lead. */
export class SiteMap {
  /** Pages keyed by path, relative to the root: "notebooks/07_pix2pix.ipynb" → "07_pix2pix.html". */
  readonly #pages = new Map<string, string>();
  /** Pages on which equations are set, keyed by number. */
  readonly equations = new Map<string, string>();
  /** Source files to which a page links. Each becomes a page. */
  readonly sources = new Set<string>();
  /** Image files that pages show. Each is copied. */
  readonly images = new Set<string>();

  readonly #isFile: (path: string) => boolean;

  /** @param isFile returns whether a path, relative to the root, is a file. */
  constructor(isFile: (path: string) => boolean) {
    this.#isFile = isFile;
  }

  add(file: string, page: string): void {
    this.#pages.set(file, page);
  }

  pageOf(file: string): string | undefined {
    return this.#pages.get(file);
  }

  /** Resolves a link on a page.
   * @param href the link, relative to the file in which it stands.
   * @param file path of that file, relative to the root.
   * @param page page that shows the file.
   * @returns the link, relative to the page; `undefined` if it leads nowhere. */
  resolve(href: string, file: string, page: string): string | undefined {
    if (/^[a-z][a-z0-9+.-]*:/i.test(href) || href.startsWith("//")) return href;
    const [path = "", anchor] = href.split("#");
    const hash = anchor === undefined || anchor === "" ? "" : `#${anchor}`;
    if (path === "") return hash || undefined;
    const target = posix.normalize(posix.join(posix.dirname(file), decodeURIComponent(path)));
    const known = this.#pages.get(target);
    if (known !== undefined) return between(page, known.includes("#") && hash ? known.split("#")[0]! + hash : known + hash);
    if (target.startsWith("..") || !this.#isFile(target)) return undefined;
    this.sources.add(target);
    return between(page, sourcePage(target) + hash);
  }

  /** Resolves the address of an image file in the same way. An image that does not exist keeps its address. */
  image(src: string, file: string, page: string): string {
    const path = posix.normalize(posix.join(posix.dirname(file), decodeURIComponent(src)));
    if (/^[a-z][a-z0-9+.-]*:/i.test(src) || path.startsWith("..") || !this.#isFile(path)) return src;
    this.images.add(path);
    return between(page, `source/${path}`);
  }

  /** Returns a link to an equation, relative to a page; `undefined` if no chapter sets it. */
  equation(tag: string, page: string): string | undefined {
    const other = this.equations.get(tag);
    if (other === undefined) return undefined;
    return (other === page ? "" : between(page, other)) + `#${equationId(tag)}`;
  }
}

/** Returns the id of the element of an equation. */
export function equationId(tag: string): string {
  return `eq-${tag.replaceAll(/[^\w]+/g, "-")}`;
}

/** Returns the page that shows a source file. */
export function sourcePage(path: string): string {
  return `source/${path}.html`;
}

/** Returns a link from one page to another, which may include an anchor. */
export function between(from: string, to: string): string {
  const [path, hash] = to.split("#");
  if (path === from) return hash === undefined ? posix.basename(from) : `#${hash}`;
  const link = posix.relative(posix.dirname(from), path!).split("/").map(encodeURIComponent).join("/");
  return hash === undefined ? link : `${link}#${hash}`;
}
