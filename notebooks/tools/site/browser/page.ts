/// <reference lib="dom" />
/** Every page: light or dark, the menu on narrow screens, copying code, and playgrounds. */
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
      frame.allow = "camera; clipboard-write; fullscreen";
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
setUpKeys();
openTarget();
