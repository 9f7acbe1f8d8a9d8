/// <reference lib="dom" />
/** The settings form of the game's page.
 * @module */
import type { GanLoss } from "../../systems/gan_step.ts";
import { mixtureOf, type Point } from "./distributions.ts";
import { drawThumbnail } from "./drawing.ts";
import { PRESETS } from "./presets.ts";
import { type GameSettings, hasTargets, LIMITS, type NumericSetting, type ShapeName, SHAPES, withinLimits } from "./settings.ts";

/** Labels of the distributions. */
const SHAPE_TEXTS: Record<ShapeName, string> = {
  ring: "Ring",
  grid: "Grid",
  moons: "Two moons",
  spiral: "Spiral",
  line: "Line",
  drawn: "Draw one",
};

/** Descriptions of the losses. */
const LOSS_TEXTS: Record<GanLoss, string> = {
  nonSaturating: "G raises the logarithm of D's probability. Its gradients stay large while D recognizes its points.",
  minimax: "G lowers exactly what D raises. Where D recognizes G's points, this loss is flat, and the gradients vanish.",
  leastSquares: "D's output has the targets 1 (real) and 0 (generated). An error counts by its square.",
  hinge: "D learns only from points that it does not yet judge by a margin of 1. G raises D's score.",
  wasserstein: "D raises the scores of real points and lowers those of generated points. The penalty keeps its slope near 1.",
};

/** Finds an element of the page by its id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

type Control = HTMLInputElement | HTMLSelectElement;

const controls = (): Control[] => [...document.querySelectorAll<Control>("[data-setting]")];
const isLog = (control: Control) => control.dataset["scale"] === "log";

/** Handlers of the form's events. */
export interface Wishes {
  /** Called when a setting other than the distribution changes. */
  change(given: Partial<GameSettings>): void;
  choose(shape: ShapeName): void;
  preset(name: string): void;
}

/** Adds the options and the event listeners to the form. */
export function prepareControls(wishes: Wishes): void {
  const presets = byId<HTMLSelectElement>("preset");
  presets.append(new Option("your own", ""), ...Object.entries(PRESETS).map(([name, { title }]) => new Option(title, name)));
  presets.onchange = () => presets.value && wishes.preset(presets.value);
  for (const control of controls()) {
    const name = control.dataset["setting"] as keyof GameSettings;
    // Without an id, a label refers to its first form element, which for a slider is the output that shows its value.
    control.closest("label")!.htmlFor = control.id = `setting-${name}`;
    if (control instanceof HTMLInputElement) {
      const [least, most] = LIMITS[name as NumericSetting];
      Object.assign(
        control,
        isLog(control) ? { min: Math.log10(least), max: Math.log10(most), step: 0.05 } : { min: least, max: most },
      );
    }
    // A slider for the networks would restart the game at each of its positions.
    const event = control.closest("fieldset")?.querySelector("small") ? "change" : "input";
    control.addEventListener(event, () => wishes.change(read(control, name)));
  }
  byId("shapes").append(...SHAPES.map((shape) => shapeButton(shape, () => wishes.choose(shape))));
}

function read(control: Control, name: keyof GameSettings): Partial<GameSettings> {
  if (!(name in LIMITS)) return { [name]: control.value };
  const number = isLog(control) ? Number((10 ** Number(control.value)).toPrecision(2)) : Number(control.value);
  const value = control.value === "" ? undefined : withinLimits(name as NumericSetting, number);
  return value === undefined ? {} : { [name]: value };
}

function shapeButton(shape: ShapeName, choose: () => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset["shape"] = shape;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  button.append(canvas, SHAPE_TEXTS[shape]);
  button.onclick = choose;
  return button;
}

/** Shows settings in the form.
 * @param preset Name of the experiment with these settings, or "". */
export function showSettings(settings: GameSettings, preset: string): void {
  for (const control of controls()) {
    const name = control.dataset["setting"] as NumericSetting;
    const value = settings[name];
    if (document.activeElement !== control || control instanceof HTMLSelectElement) {
      control.value = isLog(control) ? `${Math.log10(value)}` : `${value}`;
      // A link or an experiment may contain a value that is not in the list.
      if (control instanceof HTMLSelectElement && control.selectedIndex < 0) {
        control.append(new Option(`${value}`));
        control.value = `${value}`;
      }
    }
    const output = control.parentElement!.querySelector("output");
    if (output) output.value = `${value}`;
  }
  const show = (part: string, wanted: boolean) => document.querySelector<HTMLElement>(`[data-for="${part}"]`)!.hidden = !wanted;
  show("targets", hasTargets(settings.loss));
  show("penalty", settings.loss === "wasserstein");
  byId("loss-hint").textContent = LOSS_TEXTS[settings.loss];
  byId<HTMLSelectElement>("preset").value = preset;
  byId("hint").textContent = PRESETS[preset]?.hint ?? "You can change all settings during training.";
  showShapes(settings);
}

/** Draws the thumbnails of the distributions, and marks the current one. */
export function showShapes({ shape: current, strokes }: GameSettings): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-shape]")) {
    const shape = button.dataset["shape"] as ShapeName;
    button.setAttribute("aria-pressed", `${shape === current}`);
    const means: Point[] = shape === "drawn" && strokes.length === 0 ? [] : mixtureOf(shape, strokes).means;
    drawThumbnail(button.querySelector("canvas")!, means);
  }
}
