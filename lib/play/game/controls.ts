/// <reference lib="dom" />
/** The settings form of the game's page.
 * @module */
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
