/** Colours, fonts and layout shared by all figures, image grids and pages, chosen to be legible on projectors and to
 * colour-blind readers.
 *
 * The colours are from Okabe and Ito (2008), "Color Universal Design", except for yellow, which has too little contrast with
 * white.
 * @module */

/** Colours for curves, in the order in which they are assigned. */
export const PALETTE: readonly string[] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** Fixed colours for networks, losses and labels, used in every figure and drawing. A loss has the colour of the network whose
 * loss it is; of two networks of one kind, the second is lighter. Scores and their baselines are black and grey, because they
 * belong to no network. */
export const COLOUR_OF: Readonly<Record<string, string>> = {
  ...{ generator: "#0072b2", adversarial: "#0072b2", real: "#0072b2" },
  ...{ discriminator: "#d55e00", fake: "#d55e00" },
  ...{
    xToY: "#0072b2",
    yToX: "#56b4e9",
    refiner: "#0072b2",
    sketcher: "#56b4e9",
    adversarialY: "#0072b2",
    adversarialX: "#56b4e9",
  },
  ...{ discriminatorY: "#d55e00", discriminatorX: "#e69f00", ownDiscriminator: "#d55e00", drawnDiscriminator: "#e69f00" },
  sketchDiscriminator: "#e69f00",
  ...{ l1: "#009e73", l2: "#009e73", cycle: "#009e73", penalty: "#009e73", classifier: "#009e73", crossEntropy: "#009e73" },
  ...{ score: "#1f2430", baseline: "#6b7280" },
  ...{ identity: "#cc79a7", encoder: "#cc79a7", code: "#cc79a7", wrong: "#cc79a7", kl: "#e69f00" },
};

/** Returns the fixed colour of a network or a loss, or grey if there is none. */
export function colourOf(name: string): string {
  return COLOUR_OF[name] ?? "#8a8f99";
}

/** Assigns a colour to each name: the fixed colour of the name, if there is one, or else a colour from the palette. Colours
 * repeat only when the palette is exhausted. */
export function coloursOf(names: readonly string[]): string[] {
  const taken = new Set(names.map((name) => COLOUR_OF[name]));
  const free = PALETTE.filter((colour) => !taken.has(colour));
  const used = new Set<string>();
  let next = 0;
  return names.map((name) => {
    const own = COLOUR_OF[name];
    const colour = own && !used.has(own) ? own : free[next++ % free.length]!;
    used.add(colour);
    return colour;
  });
}

/** Colour scale for the probability that a patch is real, from 0 (fake) to 1 (real), in the colours of {@linkcode COLOUR_OF}. */
export const REAL_FAKE_SCALE: readonly [number, string][] = ["#d55e00", "#f0b58c", "#f7f7f7", "#8cbfdc", "#0072b2"]
  .map((colour, i) => [i / 4, colour]);

/** Colours for text, for secondary text and axes, for grid lines, and for the background. */
export const INK = "#1f2430";
export const QUIET_INK = "#5a6375";
export const GRID = "#e3e6ec";
export const PAPER = "#ffffff";

/** CSS font family: the font of static figures, followed by common system fonts. */
export const FONT = '"Open Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Default figure size, and font sizes for text, for titles, and for tick labels and captions, in pixels. */
export const FIGURE_WIDTH = 860;
export const FIGURE_HEIGHT = 460;
export const TEXT_SIZE = 15;
export const TITLE_SIZE = 20;
export const SMALL_SIZE = 13;

/** Returns the Plotly layout attributes that all figures share. */
export function baseLayout(): Record<string, unknown> {
  // Without a background, the legend does not hide the highest tick label.
  const legendStyle = { font: { size: TEXT_SIZE }, bgcolor: "rgba(0,0,0,0)" };
  return {
    font: { family: FONT, size: TEXT_SIZE, color: INK },
    paper_bgcolor: PAPER,
    plot_bgcolor: PAPER,
    colorway: [...PALETTE],
    hovermode: "closest",
    hoverlabel: { font: { family: FONT, size: SMALL_SIZE } },
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", ...legendStyle },
  };
}

/** Returns the Plotly axis attributes that all figures share. */
export function baseAxis(): Record<string, unknown> {
  const lines = { gridcolor: GRID, zeroline: false, linecolor: QUIET_INK, showline: true };
  const ticks = { ticks: "outside", tickcolor: QUIET_INK, ticklen: 5, tickfont: { size: SMALL_SIZE } };
  // 0.0001 and 20,000, which Plotly would write as 100μ and 20k.
  return { automargin: true, ...lines, ...ticks, exponentformat: "none", separatethousands: true };
}
