/// <reference lib="dom" />
/** Figures: when one comes into view, Plotly replaces its still image. Plotly is loaded with the first of them. */
export {};

/** A Plotly figure, as notebooks keep it. */
interface Figure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown> & {
    annotations?: { text?: string }[];
    height?: number;
    width?: number;
    images?: unknown[];
    margin?: Record<string, number>;
    meta?: { caption?: string };
    title?: { text?: string };
  };
}

interface PlotlyLibrary {
  react(element: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  Plots: { resize(element: HTMLElement): Promise<unknown> };
}

declare global {
  interface Window {
    Plotly?: PlotlyLibrary;
    forgerFigure?: (key: string, figure: Figure) => void;
  }
}

/** Colours of figures on light pages, and what replaces them on dark ones. */
const DARK: Record<string, string> = {
  "#1f2430": "#e6e9ef",
  "#5a6375": "#a2abbb",
  "#e3e6ec": "#343b49",
  "#ffffff": "rgba(0,0,0,0)",
  "#fff": "rgba(0,0,0,0)",
  "white": "rgba(0,0,0,0)",
  "#000000": "#e6e9ef",
  "#0072b2": "#3fa0dd",
  "#d55e00": "#ff8533",
  "#009e73": "#2ec297",
  "#cc79a7": "#e39ac4",
  "#56b4e9": "#8fd0f7",
};

/** Largest width of a figure, in pixels, and the width from which it is drawn in full height. */
const WIDEST = 860;
const NARROW = 560;

const base = document.currentScript?.dataset["root"] ?? "";
const figures = new Map<string, Figure>();
const scripts = new Map<string, Promise<void>>();
globalThis.window.forgerFigure = (key, figure) => void figures.set(key, figure);

/** Loads a script once. */
function load(path: string): Promise<void> {
  const started = scripts.get(path) ?? new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = path;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`Cannot load ${path}`));
    document.head.append(script);
  });
  scripts.set(path, started);
  return started;
}

/** Replaces colours in a figure, except those that stand for numbers. */
function recoloured(value: unknown, isDark: boolean, key = ""): unknown {
  if (typeof value === "string") {
    return isDark ? DARK[value.toLowerCase()] ?? value : /bgcolor$/.test(key) && value === "#ffffff" ? DARK["#fff"] : value;
  }
  if (key === "colorscale" || key === "source" || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((part) => recoloured(part, isDark));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, recoloured(part, isDark, name)]));
}

/** The lines of a title, without the marks that Plotly understands. */
function lines(title: string): string[] {
  return title.split(/<br\s*\/?>/).map((line) => {
    const page = new DOMParser().parseFromString(line, "text/html");
    return page.body.textContent ?? "";
  });
}

/** Returns the layout for a width. Title and caption stand outside of the figure, where they can wrap. */
function layoutFor({ layout }: Figure, width: number): Record<string, unknown> {
  const { title: _title, width: fixed, height = 460, annotations = [], margin = {}, meta, ...rest } = layout;
  const isNarrow = width < NARROW;
  const { l = 64, r = 24, t = 74, b = 60 } = margin;
  const sides = !isNarrow ? { l, r } : fixed === undefined ? { l: 44, r: 8 } : { l: 0, r: Math.min(r, 112) };
  const ends = { t: rest["showlegend"] ? 30 : 10, b: Math.max(10, b - (meta?.caption ? 25 : 6)) };
  const used = Math.min(width, fixed ?? WIDEST);
  const inside = used - sides.l - sides.r;
  // A figure of fixed width, such as one with images, keeps its proportions.
  const tall = fixed !== undefined
    ? (height - t - b) * inside / (fixed - l - r)
    : isNarrow
    ? Math.max(200, 0.8 * inside)
    : height - t - b;
  return {
    ...rest,
    ...isNarrow && narrowed(rest),
    modebar: { bgcolor: "rgba(0,0,0,0)", color: "#5a6375", activecolor: "#1f2430" },
    width: used,
    height: Math.round(tall + ends.t + ends.b),
    annotations: annotations.filter(({ text }) => text === undefined || text.replaceAll(/<br\s*\/?>/g, " ") !== meta?.caption),
    margin: { ...sides, ...ends },
  };
}

/** Makes words smaller, and the ticks of logarithmic axes fewer. */
function narrowed(layout: Record<string, unknown>): Record<string, unknown> {
  const axes = Object.entries(layout).filter(([name]) => /^[xy]axis\d*$/.test(name)).map(([name, value]) => {
    const axis = value as { type?: string; title?: object; tickvals?: unknown };
    const ticks = axis.type === "log" && axis.tickvals === undefined ? { dtick: "D2" } : {};
    const title = axis.title && { title: { ...axis.title, font: { size: 12 } } };
    return [name, { ...axis, ...ticks, ...title, tickfont: { size: 11 } }];
  });
  const font = { ...layout["font"] as object, size: 12 };
  return { ...Object.fromEntries(axes), font, legend: { ...layout["legend"] as object, font: { size: 12 } } };
}

/** Draws a figure in place of its still image, or draws it again. */
async function draw(place: HTMLElement, figure: Figure, isDark: boolean): Promise<void> {
  const plot = place.querySelector<HTMLElement>(".live") ?? addLive(place, figure);
  const width = place.clientWidth;
  const touch = matchMedia("(hover: none)").matches;
  const layout = { ...layoutFor(figure, width), ...touch && { dragmode: false } };
  const config = {
    displaylogo: false,
    displayModeBar: touch ? false : "hover",
    modeBarButtonsToRemove: ["select2d", "lasso2d"],
  };
  // Plotly changes what it is given.
  const given = structuredClone({ data: figure.data, layout });
  await globalThis.window.Plotly!.react(plot, recoloured(given.data, isDark), recoloured(given.layout, isDark), config);
  place.dataset["width"] = `${width}`;
  place.classList.add("alive");
}

/** Adds the elements of a figure: title, plot and caption. */
function addLive(place: HTMLElement, { layout }: Figure): HTMLElement {
  const alt = place.querySelector("img")?.alt ?? "";
  const plot = document.createElement("div");
  plot.className = "live";
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", alt);
  const [title, ...details] = lines(layout.title?.text ?? "");
  const heading = document.createElement("figcaption");
  heading.className = "above";
  const name = document.createElement("b");
  name.textContent = title ?? "";
  heading.append(name, ...details.flatMap((line) => [document.createElement("br"), line]));
  const caption = document.createElement("p");
  caption.className = "below";
  caption.textContent = lines(layout.meta?.caption ?? "").join(" ");
  place.append(...title ? [heading] : [], plot, ...caption.textContent ? [caption] : []);
  return plot;
}

let isDark = false;
const places = [...document.querySelectorAll<HTMLElement>("figure.plot[data-script]")];
const keyOf = (place: HTMLElement) => place.dataset["script"]!.match(/([^/]+)\.js$/)![1]!;

function redraw(place: HTMLElement): void {
  const figure = figures.get(keyOf(place));
  if (figure && place.classList.contains("alive")) draw(place, figure, isDark).catch(console.error);
}

document.addEventListener("forger-theme", (event) => {
  isDark = (event as CustomEvent<boolean>).detail;
  places.forEach(redraw);
});

if (places.length > 0) {
  const theme = document.documentElement.dataset["theme"];
  isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const place = target as HTMLElement;
      if (Math.abs(place.clientWidth - Number(place.dataset["width"])) > 1) redraw(place);
    }
  });
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      const place = target as HTMLElement;
      // A figure that cannot be drawn keeps its still image.
      Promise.all([load(place.dataset["script"]!), load(`${base}assets/plotly.js`), document.fonts.ready])
        .then(() => draw(place, figures.get(keyOf(place))!, isDark))
        .then(() => resized.observe(place))
        .catch(console.error);
    }
  }, { rootMargin: "300px" });
  places.forEach((place) => seen.observe(place));
}
