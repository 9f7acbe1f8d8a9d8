/// <reference lib="dom" />
/** Previews: when the pointer rests on a link, or the keyboard reaches it, its equation, paper or term is shown beside it. */
export {};

/** Time after which a preview appears, and after which it disappears, in milliseconds. */
const APPEAR = 250;
const DISAPPEAR = 200;
/** Space around a preview, and height of the bar at the top, in pixels. */
const GAP = 8;
const BAR = 60;

const preview = document.createElement("div");
preview.id = "preview";
preview.hidden = true;
preview.setAttribute("role", "tooltip");
document.body.append(preview);
let timer: ReturnType<typeof setTimeout> | undefined;
let current: HTMLElement | undefined;

function hide(): void {
  clearTimeout(timer);
  preview.hidden = true;
  current?.removeAttribute("aria-describedby");
  current = undefined;
}

function show(link: HTMLAnchorElement): void {
  const content = contentFor(link);
  if (!content) return;
  current = link;
  preview.replaceChildren(...content);
  preview.hidden = false;
  link.setAttribute("aria-describedby", "preview");
  const box = link.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = preview;
  const left = Math.max(GAP, Math.min(box.left, document.documentElement.clientWidth - width - GAP));
  const above = box.top - height - GAP;
  preview.style.left = `${left + scrollX}px`;
  preview.style.top = `${(above < BAR ? box.bottom + GAP : above) + scrollY}px`;
}

/** Returns what a link leads to, if it is on this page. */
function contentFor(link: HTMLAnchorElement): Node[] | undefined {
  const meaning = link.dataset["meaning"];
  if (meaning !== undefined) return [document.createTextNode(meaning)];
  const [path, hash] = link.getAttribute("href")!.split("#");
  const target = path === "" ? document.getElementById(hash!) : null;
  if (!target) return undefined;
  const copy = target.cloneNode(true) as HTMLElement;
  copy.removeAttribute("id"); // only the original is a target
  return copy.matches(".equation") ? [copy] : [...copy.childNodes];
}

function linkOf({ target }: Event): HTMLAnchorElement | null {
  return target instanceof Element ? target.closest<HTMLAnchorElement>("a.eq, a.ref, a.term") : null;
}

document.addEventListener("mouseover", (event) => {
  const link = linkOf(event);
  clearTimeout(timer);
  if (link) timer = setTimeout(() => (hide(), show(link)), APPEAR);
  else if (!preview.contains(event.target as Node)) timer = setTimeout(hide, DISAPPEAR);
});
document.addEventListener("focusin", (event) => {
  hide();
  const link = linkOf(event);
  if (link?.matches(":focus-visible")) show(link);
});
document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
