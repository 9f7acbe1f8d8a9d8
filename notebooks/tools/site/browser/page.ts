/// <reference lib="dom" />
/** Every page: light or dark, the menu on narrow screens, copying code, playgrounds, and previews of what a link leads to. */
export {};

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Whether the page is dark, by the reader's choice or that of the system. */
function isDark(): boolean {
  return root.dataset["theme"] ? root.dataset["theme"] === "dark" : dark.matches;
}

/** Applies the theme to what the style sheet cannot reach. */
function applyTheme(): void {
  const button = document.querySelector<HTMLButtonElement>(".theme");
  if (button) button.textContent = isDark() ? "Light" : "Dark";
  document.dispatchEvent(new CustomEvent("forger-theme", { detail: isDark() }));
}

function chooseTheme(): void {
  const wanted = isDark() ? "light" : "dark";
  if ((wanted === "dark") === dark.matches) delete root.dataset["theme"];
  else root.dataset["theme"] = wanted;
  try {
    if (root.dataset["theme"]) localStorage.setItem("forger-theme", wanted);
    else localStorage.removeItem("forger-theme");
  } catch { /* the browser keeps nothing */ }
  applyTheme();
}

/** Opens and closes the list of chapters, which narrow screens hide. */
function setUpMenu(): void {
  const [button, list] = [document.querySelector<HTMLButtonElement>(".menu"), document.getElementById("contents")];
  if (!button || !list) return;
  const open = (isOpen: boolean) => {
    list.classList.toggle("open", isOpen);
    button.setAttribute("aria-expanded", `${isOpen}`);
  };
  button.addEventListener("click", () => open(!list.classList.contains("open")));
  list.addEventListener("click", ({ target }) => (target as Element).closest("a") && open(false));
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !list.classList.contains("open")) return;
    open(false);
    button.focus();
  });
  // In a long list, the current chapter is in view.
  const current = list.querySelector<HTMLElement>("[aria-current]");
  if (current) list.scrollTop = current.offsetTop - 80;
}

/** Adds a button to each block of code. */
function setUpCopying(): void {
  document.querySelectorAll<HTMLElement>("pre.code:not(.numbered)").forEach((block) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("code")!.textContent!).then(
        () => button.textContent = "Copied",
        () => button.textContent = "Select and press Ctrl-C",
      );
      setTimeout(() => button.textContent = "Copy", 2000);
    });
    const frame = document.createElement("div");
    frame.className = "copyable";
    block.replaceWith(frame);
    frame.append(block, button);
  });
}

/** Starts a playground where it is embedded. */
function setUpPlaygrounds(): void {
  document.querySelectorAll<HTMLButtonElement>(".playground button").forEach((button) => {
    button.addEventListener("click", () => {
      const figure = button.closest<HTMLElement>(".playground")!;
      const frame = document.createElement("iframe");
      frame.src = button.dataset["open"]!;
      frame.title = figure.dataset["title"]!;
      frame.allow = "clipboard-write; fullscreen";
      button.replaceWith();
      figure.insertBefore(frame, figure.querySelector("figcaption"));
      frame.focus();
    });
  });
}

/** What is scrolled sideways can be scrolled with the keyboard. */
function setUpScrolling(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth + 1) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll("pre, .table, .equation, figure.drawing").forEach((element) => observer.observe(element));
}

/** Opens the folds around the place that the address names. */
function openTarget(): void {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const folds: HTMLDetailsElement[] = [];
  for (let at: Element | null | undefined = target; at; at = at.parentElement) {
    if (at instanceof HTMLDetailsElement) folds.push(at);
  }
  if (folds.every(({ open }) => open)) return;
  folds.forEach((fold) => fold.open = true);
  target!.scrollIntoView();
}

/** Shows what a link leads to, when the pointer rests on it or the keyboard reaches it: an equation, a paper or a term. */
function setUpPreviews(): void {
  const preview = document.createElement("div");
  preview.id = "preview";
  preview.hidden = true;
  preview.setAttribute("role", "tooltip");
  document.body.append(preview);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: HTMLElement | undefined;
  const hide = () => {
    clearTimeout(timer);
    preview.hidden = true;
    current?.removeAttribute("aria-describedby");
    current = undefined;
  };
  const show = (link: HTMLAnchorElement) => {
    const content = contentFor(link);
    if (!content) return;
    current = link;
    preview.replaceChildren(...content);
    preview.hidden = false;
    link.setAttribute("aria-describedby", "preview");
    const box = link.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = preview;
    const left = Math.max(8, Math.min(box.left, root.clientWidth - width - 8));
    const isBelow = box.top - height - 8 < 60;
    preview.style.left = `${left + scrollX}px`;
    preview.style.top = `${(isBelow ? box.bottom + 8 : box.top - height - 8) + scrollY}px`;
  };
  const linkOf = ({ target }: Event) => {
    return target instanceof Element ? target.closest<HTMLAnchorElement>("a.eq, a.ref, a.term") : null;
  };
  document.addEventListener("mouseover", (event) => {
    const link = linkOf(event);
    if (link) {
      clearTimeout(timer);
      timer = setTimeout(() => (hide(), show(link)), 250);
    } else if (!preview.contains(event.target as Node)) {
      clearTimeout(timer);
      timer = setTimeout(hide, 200);
    } else clearTimeout(timer);
  });
  document.addEventListener("focusin", (event) => {
    hide();
    const link = linkOf(event);
    if (link?.matches(":focus-visible")) show(link);
  });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
}

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

/** "/" moves to the search. */
function setUpKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as Element).matches("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    document.getElementById("search")?.focus();
  });
}

document.querySelector(".theme")?.addEventListener("click", chooseTheme);
dark.addEventListener("change", applyTheme);
addEventListener("hashchange", openTarget);
applyTheme();
setUpMenu();
setUpCopying();
setUpPlaygrounds();
setUpScrolling();
setUpPreviews();
setUpKeys();
openTarget();
