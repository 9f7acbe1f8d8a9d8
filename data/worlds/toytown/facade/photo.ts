/** Draws photos of facades by day, by night and in winter. Each part is painted by the painter for its class; in night and
 * winter photos, darkness or snow is then painted over it. Film grain is added later, to the rasterized image.
 * @module */
import { seededRandom } from "../../../../lib/data/random.ts";
import { boxPath, d, darken, ovalPath, round2, sceneSize, type Stop, SvgCanvas } from "../svg.ts";
import { paintDoor, paintShop, paintWindow } from "./paint/openings.ts";
import { addSunlight, type PaintContext } from "./paint/shading.ts";
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

/** Renders a daytime photo of a scene as SVG.
 * @param size Height and width in pixels. Default 256. */
export function renderPhoto(scene: Scene, size: number = sceneSize): string {
  const canvas = new SvgCanvas();
  paintParts(canvas, scene);
  addSunlight(canvas, scene);
  return canvas.toString(size);
}

/** Paints all parts of a scene, from back to front.
 * @param overpaint Function that is called after each part has been painted and may paint over the part.
 * @param replace Function that is called before each part is painted and returns true if it has painted the part itself. */
function paintParts(
  canvas: SvgCanvas,
  scene: Scene,
  overpaint?: (context: PaintContext, part: Part) => void,
  replace?: (context: PaintContext, part: Part) => boolean,
): void {
  for (const part of scene.parts) {
    const context = { canvas, scene, random: seededRandom(part.detail) };
    if (!replace?.(context, part)) painters[part.label](context, part);
    overpaint?.({ ...context, random: seededRandom(part.detail, 1) }, part);
  }
}

/** Fraction of windows that are lit at night. */
const litFraction = 0.55;
const nightColour = "#0b1126";
/** Opacity of the night colour that is painted over most parts. */
const nightOpacity = 0.74;
const lampColours = ["#ffd98a", "#ffc766", "#ffe7b5", "#f6b95c", "#d9e4ff"] as const;

/** Renders a night photo of a scene as SVG, with a dark sky and some lit windows.
 * @param size Height and width in pixels. Default 256. */
export function renderNight(scene: Scene, size: number = sceneSize): string {
  const canvas = new SvgCanvas();
  const weather = { ...scene.weather, shadow: 0.15, clouds: 0 };
  paintParts(canvas, { ...scene, weather }, darkenPart, (context, part) => part.label === "background" && paintNightSky(context));
  return canvas.toString(size);
}

function paintNightSky({ canvas, random }: PaintContext): boolean {
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
    const width = random.between(14, 30), height = random.between(26, 60);
    roofs += d`M${x} 250 v${-height} l${width / 2} ${-random.between(0, 9)} L${x + width} ${250 - height} V250 z`;
    x += width;
  }
  canvas.path(roofs, "#0d1329");
  return true;
}

function darkenPart(context: PaintContext, part: Part): void {
  const { canvas, random } = context;
  if (part.label === "background") return;
  if (part.label === "window" && random.chance(litFraction)) return paintLitWindow(context, part);
  const opacity = part.label === "shop" ? 0.3 : part.label === "door" ? 0.6 : nightOpacity;
  canvas.path(outline(part), nightColour, `fill-opacity="${round2(opacity)}"`);
  if (part.label === "pavement") canvas.rect(0, part.y, sceneSize, part.height, lampPools(context), 'fill-opacity="0.5"');
}

/** Returns a fill that shows two pools of lamplight on the pavement. */
function lampPools({ canvas }: PaintContext): string {
  const opacities = [0, 0.7, 0, 0.7, 0];
  return canvas.gradient("right", ...opacities.map((opacity, i): Stop => [i / 4, "#ffcf8a", opacity]));
}

function paintLitWindow({ canvas, random, scene }: PaintContext, part: Part): void {
  const { x, y, width, height, shape } = part;
  const lamp = random.pick(lampColours);
  const halo = canvas.gradient("out", [0, lamp, 0.45], [1, lamp, 0]);
  canvas.ellipse(x + width / 2, y + height / 2, width * 1.1, height * 0.95, halo);
  canvas.path(outline(part), canvas.gradient("down", [0, lamp], [1, darken(lamp, 0.3)]));
  const top = y + archRise(shape, width);
  if (random.chance(0.5)) {
    const curtain = random.between(0.15, 0.3) * width, drop = y + height - top;
    canvas.path(boxPath(x, top, curtain, drop) + boxPath(x + width - curtain, top, curtain, drop), darken(lamp, 0.35));
  }
  const frame = outline({ ...part, x: x + 0.7, y: y + 0.7, width: width - 1.4, height: height - 1.4 });
  const bars = d`M${x + width / 2} ${y} v${height}M${x} ${y + height * 0.4} h${width}`;
  canvas.lines(frame + bars, darken(scene.materials.frameColour, 0.75), 1.3);
}

const snow = "#f6f9fd";
const snowShadow = "#c9d6e6";
/** Depth of the snow on ledges, in scene units. */
const snowDepth = 2.2;

/** Renders a winter photo of a scene as SVG, with a pale sky, and snow on roofs, ledges and pavement.
 * @param size Height and width in pixels. Default 256. */
export function renderWinter(scene: Scene, size: number = sceneSize): string {
  const canvas = new SvgCanvas();
  const weather: Scene["weather"] = { ...scene.weather, sky: ["#b9c6d8", "#dfe6ef"], clouds: 0, shadow: 0.25 };
  paintParts(canvas, { ...scene, weather }, coverWithSnow);
  addSunlight(canvas, { ...scene, weather });
  return canvas.toString(size);
}

function coverWithSnow(context: PaintContext, part: Part): void {
  const { canvas, random } = context;
  const { x, y, width, height, label } = part;
  if (label === "background") return paintSnowfall(context);
  if (label === "pavement") {
    canvas.rect(x, y, width, height, canvas.gradient("down", [0, snowShadow], [0.4, snow], [1, snowShadow]));
    return canvas.rect(x, y + height * 0.55, width, 1.2, snowShadow);
  }
  if (label === "roof" && part.kind !== "chimney") {
    return canvas.path(outline(part), canvas.gradient("down", [0, snow, 0.97], [0.7, snow, 0.92], [1, snowShadow, 0.9]));
  }
  const ledge = label === "sill" || label === "cornice" || label === "balcony" || label === "molding" || part.kind === "chimney";
  if (!ledge && part.kind !== "flowers") return;
  let drifts = "";
  for (let at = x; at < x + width; at += 5) drifts += ovalPath(at + 2.5, y, 3.4, snowDepth * random.between(0.6, 1.1));
  canvas.path(drifts, snow);
}

/** Paints snow on the distant houses, and adds falling snowflakes. */
function paintSnowfall({ canvas, random }: PaintContext): void {
  canvas.rect(0, sceneSize * 0.6, sceneSize, sceneSize * 0.4, canvas.gradient("down", [0, snow, 0], [1, snow, 0.65]));
  let flakes = "";
  for (let i = 0; i < 90; i++) {
    const size = random.between(0.5, 1.1);
    flakes += ovalPath(random.between(0, sceneSize), random.between(0, sceneSize), size, size);
  }
  canvas.path(flakes, "#ffffff", 'fill-opacity="0.85"');
}
