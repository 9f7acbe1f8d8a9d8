/** One look for all of Forger's figures, pages and grids: large enough for a projector, and told apart by colour-blind eyes.
 *
 * Colours: Okabe and Ito (2008), "Color Universal Design"; their yellow is left out, which white paper swallows.
 * @module */

/** Colours of things in a row, the strongest first. */
export const PALETTE: readonly string[] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** What keeps its colour in every figure: players and losses that readers meet again and again. */
export const COLOUR_OF: Readonly<Record<string, string>> = {
  generator: "#0072b2",
  adversarial: "#0072b2",
  discriminator: "#d55e00",
  l1: "#009e73",
  cycle: "#009e73",
  identity: "#cc79a7",
  real: "#0072b2",
  fake: "#d55e00",
};

/** The colour of the thing of that name, or of number `index` in a row of things without a colour of their own. */
export function colourOf(name: string, index: number): string {
  return COLOUR_OF[name] ?? PALETTE[index % PALETTE.length]!;
}

/** A colour for each of several names, no two alike as long as the palette lasts. */
export function coloursOf(names: readonly string[]): string[] {
  const taken = new Set(names.map((name) => COLOUR_OF[name]));
  const free = PALETTE.filter((colour) => !taken.has(colour));
  const used = new Set<string>();
  let next = 0;
  return names.map((name) => {
    const own = COLOUR_OF[name];
    const colour = own && !used.has(own) ? own : free[next++ % Math.max(1, free.length)] ?? colourOf(name, next);
    used.add(colour);
    return colour;
  });
}

/** From "surely fake" (0) over "cannot tell" (0.5) to "surely real" (1), in the colours of {@linkcode COLOUR_OF}. */
export const REAL_FAKE_SCALE: readonly [number, string][] = [
  [0, "#d55e00"],
  [0.25, "#f0b58c"],
  [0.5, "#f7f7f7"],
  [0.75, "#8cbfdc"],
  [1, "#0072b2"],
];

/** Of text, lines and ground. */
export const INK = "#1f2430";
export const QUIET_INK = "#5a6375";
export const GRID = "#e3e6ec";
export const PAPER = "#ffffff";

/** First the font that pictures are drawn with, then what a reader's machine may have. */
export const FONT = '"Open Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Sizes in pixels of a figure, and of the letters in it. */
export const FIGURE_WIDTH = 860;
export const FIGURE_HEIGHT = 460;
export const TEXT_SIZE = 15;
export const TITLE_SIZE = 20;
export const SMALL_SIZE = 13;

/** The part of a Plotly layout that all figures share. */
export function baseLayout(): Record<string, unknown> {
  return {
    font: { family: FONT, size: TEXT_SIZE, color: INK },
    paper_bgcolor: PAPER,
    plot_bgcolor: PAPER,
    colorway: [...PALETTE],
    hovermode: "closest",
    hoverlabel: { font: { family: FONT, size: SMALL_SIZE } },
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", font: { size: TEXT_SIZE } },
  };
}

/** The part of a Plotly axis that all figures share. */
export function baseAxis(): Record<string, unknown> {
  return {
    automargin: true,
    gridcolor: GRID,
    zeroline: false,
    linecolor: QUIET_INK,
    showline: true,
    ticks: "outside",
    tickcolor: QUIET_INK,
    ticklen: 5,
    tickfont: { size: SMALL_SIZE },
  };
}
