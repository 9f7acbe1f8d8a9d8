/** A scene as a photo by day: the same parts as in the label map, each painted by the painter of its class.
 * @module */
import { seededRandom } from "../../../../lib/data/random.ts";
import { boxPath, d, darken, ovalPath, round2, sceneSize, SvgCanvas } from "../svg.ts";
import { paintDoor, paintShop, paintWindow } from "./paint/openings.ts";
import { type PaintContext, sunlight } from "./paint/shading.ts";
import { paintFacade, paintRoof } from "./paint/surfaces.ts";
import { paintPavement, paintSky } from "./paint/surroundings.ts";
import { paintBalcony, paintBlind, paintCornice, paintDeco, paintMolding, paintPillar, paintSill } from "./paint/trim.ts";
import { archRise, type Label, outline, type Part, type Scene } from "./scene.ts";

const painters: Record<Label, (context: PaintContext, part: Part) => void> = {
  background: paintSky,
  facade: paintFacade,
  window: paintWindow,
  door: paintDoor,
  cornice: paintCornice,
  sill: paintSill,
  balcony: paintBalcony,
  blind: paintBlind,
  deco: paintDeco,
  molding: paintMolding,
  pillar: paintPillar,
  shop: paintShop,
  roof: paintRoof,
  pavement: paintPavement,
};

/** A scene's photo as an SVG picture; the camera's grain is added when it is rasterised.
 * @param size height and width in pixels. Default 256. */
export function renderPhoto(scene: Scene, size: number = sceneSize): string {
  const canvas = new SvgCanvas();
  paintParts(canvas, scene);
  sunlight(canvas, scene);
  return canvas.toString(size);
}

/** Paints all parts of a scene by day, back to front.
 * @param after is told of each part once it is painted, and may paint over it: another season, another hour.
 * @param instead may paint a part in its own way, and then returns true. */
export function paintParts(
  canvas: SvgCanvas,
  scene: Scene,
  after?: (context: PaintContext, part: Part) => void,
  instead?: (context: PaintContext, part: Part) => boolean,
): void {
  for (const part of scene.parts) {
    const context = { canvas, scene, random: seededRandom(part.detail) };
    if (!instead?.(context, part)) painters[part.label](context, part);
    after?.({ ...context, random: seededRandom(part.detail, 1) }, part);
  }
}

/** How many of the windows are lit. */
export const litShare = 0.55;

const darkness = "#0b1126";
/** How much of a part's colour the night takes. */
const dimming = 0.74;
const lamps = ["#ffd98a", "#ffc766", "#ffe7b5", "#f6b95c", "#d9e4ff"] as const;

/** A scene by night as an SVG picture; the camera's grain is added when it is rasterised.
 * @param size height and width in pixels. Default 256. */
export function renderNight(scene: Scene, size: number = sceneSize): string {
  const canvas = new SvgCanvas();
  const weather = { ...scene.weather, shadow: 0.15, clouds: 0 };
  paintParts(canvas, { ...scene, weather }, light, (context, part) => part.label === "background" && nightSky(context));
  return canvas.toString(size);
}

function nightSky({ canvas, random }: PaintContext): boolean {
  canvas.rect(0, 0, sceneSize, sceneSize, canvas.gradient("down", [0, "#060a1c"], [0.6, "#17203f"], [1, "#2a2f4c"]));
  let stars = "";
  for (let i = 0; i < 60; i++) {
    const size = random.between(0.25, 0.7);
    stars += ovalPath(random.between(0, sceneSize), random.between(0, 150), size, size);
  }
  canvas.path(stars, "#f4f1de", 'fill-opacity="0.8"');
  const [x, y] = [random.between(20, 236), random.between(10, 34)];
  canvas.ellipse(x, y, 13, 13, canvas.gradient("out", [0, "#e8ecff", 0.5], [1, "#e8ecff", 0]));
  canvas.ellipse(x, y, 4.6, 4.6, "#f2efdc");
  let roofs = "";
  for (let x = -10; x < sceneSize;) {
    const wide = random.between(14, 30), tall = random.between(26, 60);
    roofs += d`M${x} 250 v${-tall} l${wide / 2} ${-random.between(0, 9)} L${x + wide} ${250 - tall} V250 z`;
    x += wide;
  }
  canvas.path(roofs, "#0d1329");
  return true;
}

function light(context: PaintContext, part: Part): void {
  const { canvas, random } = context;
  if (part.label === "background") return;
  if (part.label === "window" && random.chance(litShare)) return litWindow(context, part);
  const lit = part.label === "shop" ? 0.3 : part.label === "door" ? 0.6 : dimming;
  canvas.path(outline(part), darkness, `fill-opacity="${round2(lit)}"`);
  if (part.label === "pavement") canvas.rect(0, part.y, sceneSize, part.height, lampPools(context), 'fill-opacity="0.5"');
}

/** Light of the street's lamps on the ground. */
function lampPools({ canvas }: PaintContext): string {
  return canvas.gradient("right", [0, "#ffcf8a", 0], [0.25, "#ffcf8a", 0.7], [0.5, "#ffcf8a", 0], [0.75, "#ffcf8a", 0.7], [
    1,
    "#ffcf8a",
    0,
  ]);
}

function litWindow({ canvas, random, scene }: PaintContext, part: Part): void {
  const { x, y, width, height, shape } = part;
  const lamp = random.pick(lamps);
  const halo = canvas.gradient("out", [0, lamp, 0.45], [1, lamp, 0]);
  canvas.ellipse(x + width / 2, y + height / 2, width * 1.1, height * 0.95, halo);
  canvas.path(outline(part), canvas.gradient("down", [0, lamp], [1, darken(lamp, 0.3)]));
  const top = y + archRise(shape, width);
  if (random.chance(0.5)) {
    const cloth = random.between(0.15, 0.3) * width;
    canvas.path(
      boxPath(x, top, cloth, y + height - top) + boxPath(x + width - cloth, top, cloth, y + height - top),
      darken(lamp, 0.35),
    );
  }
  const frame = outline({ ...part, x: x + 0.7, y: y + 0.7, width: width - 1.4, height: height - 1.4 });
  const bars = d`M${x + width / 2} ${y} v${height}M${x} ${y + height * 0.4} h${width}`;
  canvas.lines(frame + bars, darken(scene.materials.frameColour, 0.75), 1.3);
}

const snow = "#f6f9fd";
const shade = "#c9d6e6";
/** Snow on a ledge, in scene units. */
const depth = 2.2;

/** A scene in winter as an SVG picture; the camera's grain is added when it is rasterised.
 * @param size height and width in pixels. Default 256. */
export function renderWinter(scene: Scene, size: number = sceneSize): string {
  const canvas = new SvgCanvas();
  const weather: Scene["weather"] = { ...scene.weather, sky: ["#b9c6d8", "#dfe6ef"], clouds: 0, shadow: 0.25 };
  paintParts(canvas, { ...scene, weather }, cover);
  sunlight(canvas, { ...scene, weather });
  return canvas.toString(size);
}

function cover(context: PaintContext, part: Part): void {
  const { canvas, random } = context;
  const { x, y, width, height, label } = part;
  if (label === "background") return haze(context);
  if (label === "pavement") {
    canvas.rect(x, y, width, height, canvas.gradient("down", [0, shade], [0.4, snow], [1, shade]));
    return canvas.rect(x, y + height * 0.55, width, 1.2, shade);
  }
  if (label === "roof" && part.kind !== "chimney") {
    return canvas.path(outline(part), canvas.gradient("down", [0, snow, 0.97], [0.7, snow, 0.92], [1, shade, 0.9]));
  }
  const ledge = label === "sill" || label === "cornice" || label === "balcony" || label === "molding" || part.kind === "chimney";
  if (!ledge && part.kind !== "flowers") return;
  let drifts = "";
  for (let at = x; at < x + width; at += 5) drifts += ovalPath(at + 2.5, y, 3.4, depth * random.between(0.6, 1.1));
  canvas.path(drifts, snow);
}

/** What is far away lies under snow too, and it is snowing there. */
function haze({ canvas, random }: PaintContext): void {
  canvas.rect(0, sceneSize * 0.6, sceneSize, sceneSize * 0.4, canvas.gradient("down", [0, snow, 0], [1, snow, 0.65]));
  let flakes = "";
  for (let i = 0; i < 90; i++) {
    const size = random.between(0.5, 1.1);
    flakes += ovalPath(random.between(0, sceneSize), random.between(0, sceneSize), size, size);
  }
  canvas.path(flakes, "#ffffff", 'fill-opacity="0.85"');
}
