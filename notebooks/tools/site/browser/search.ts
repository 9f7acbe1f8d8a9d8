/// <reference lib="dom" />
/** The search. MiniSearch and the text of the course are loaded when the reader first moves to the search field. */
export {};

/** A section of the course. */
interface SearchRecord {
  id: string;
  title: string;
  page: string;
  text: string;
}

interface Found extends SearchRecord {
  /** The words of the course that were found. */
  terms: string[];
}

interface Index {
  addAll(records: SearchRecord[]): void;
  search(query: string): Found[];
}

declare global {
  interface Window {
    MiniSearch?: new (options: unknown) => Index;
    forgerSearch?: (records: SearchRecord[]) => void;
  }
}

/** Number of results shown, and of characters before and after the word that was found. */
const MOST = 12;
const AROUND = 70;

const base = document.currentScript?.dataset["root"] ?? "";
const input = document.getElementById("search") as HTMLInputElement | null;
const list = document.getElementById("found")!;
let records: SearchRecord[] = [];
let loading: Promise<Index> | undefined;
globalThis.window.forgerSearch = (all) => records = all;

function loadScript(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${base}${path}`;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`Cannot load ${path}`));
    document.head.append(script);
  });
}

async function loadIndex(): Promise<Index> {
  await Promise.all([loadScript("assets/minisearch.js"), loadScript("assets/search.js")]);
  const index = new globalThis.window.MiniSearch!({
    fields: ["title", "text", "page"],
    storeFields: ["id", "title", "page", "text"],
    searchOptions: {
      boost: { title: 4, page: 2 },
      prefix: (term: string) => term.length > 1,
      fuzzy: (term: string) => term.length > 4 ? 0.2 : false,
      combineWith: "AND",
    },
  });
  index.addAll(records);
  return index;
}

/** Returns the part of a text around the first word that was found, with the words marked. */
function excerpt({ text, terms }: Found): Node[] {
  const words = terms.map((term) => term.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${words.join("|")})`, "giu");
  const first = Math.max(0, text.search(pattern));
  const start = first <= AROUND ? 0 : text.indexOf(" ", first - AROUND) + 1;
  const part = (start > 0 ? "… " : "") + text.slice(start, first + 2 * AROUND) + (first + 2 * AROUND < text.length ? " …" : "");
  return part.split(pattern).map((piece, i) => {
    if (i % 2 === 0) return document.createTextNode(piece);
    const mark = document.createElement("mark");
    mark.textContent = piece;
    return mark;
  });
}

function show(found: Found[], query: string): void {
  const items = found.slice(0, MOST).map((result) => {
    const link = document.createElement("a");
    link.href = base + result.id;
    const title = document.createElement("b");
    title.textContent = result.title;
    const page = document.createElement("span");
    page.className = "quiet";
    page.textContent = result.page === result.title ? "" : ` ${result.page}`;
    const text = document.createElement("span");
    text.className = "excerpt";
    text.append(...excerpt(result));
    link.append(title, page, text);
    return link;
  });
  const status = document.createElement("p");
  status.className = "quiet";
  status.setAttribute("role", "status");
  status.textContent = found.length === 0
    ? `Nothing found for “${query}”`
    : `${found.length} ${found.length === 1 ? "place" : "places"}`;
  list.replaceChildren(status, ...items);
  list.hidden = false;
}

async function search(): Promise<void> {
  const query = input!.value.trim();
  if (query === "") return void (list.hidden = true);
  try {
    const index = await (loading ??= loadIndex());
    if (input!.value.trim() === query) show(index.search(query), query);
  } catch (error) {
    loading = undefined;
    list.textContent = (error as Error).message;
    list.hidden = false;
  }
}

/** Moves between the results with the arrow keys. */
function move(event: KeyboardEvent): void {
  const links = [...list.querySelectorAll<HTMLAnchorElement>("a")];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  if (event.key === "Escape") {
    input!.value = "";
    list.hidden = true;
    return input!.focus();
  }
  if (event.key === "Enter" && document.activeElement === input) return links[0]?.click();
  const next = event.key === "ArrowDown"
    ? links[at + 1]
    : event.key === "ArrowUp"
    ? (at <= 0 ? input! : links[at - 1])
    : undefined;
  if (!next) return;
  event.preventDefault();
  next.focus();
}

if (input) {
  input.addEventListener("focus", () => {
    loading ??= loadIndex();
    search();
  });
  input.addEventListener("input", search);
  const area = input.closest("search") ?? input.parentElement!;
  area.addEventListener("keydown", (event) => move(event as KeyboardEvent));
  area.addEventListener("focusout", (event) => {
    if (!area.contains((event as FocusEvent).relatedTarget as Node | null)) list.hidden = true;
  });
  // A result in the same page closes the list.
  list.addEventListener("click", () => list.hidden = true);
}
