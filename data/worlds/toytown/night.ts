/** A scene by night: the same parts under a dark sky, and behind some of the windows somebody is at home.
 * @module */
import { archRise, outline, type Part, type Scene, sceneSize } from "./scene.ts";
import type { Brush } from "./paint/brush.ts";
import { paintParts } from "./photo.ts";
import { boxPath, d, darker, ovalPath, Sheet, short } from "./svg.ts";

/** How many of the windows are lit. */
export const litShare = 0.55;

const darkness = "#0b1126";
/** How much of a part's colour the night takes. */
const depth = 0.74;
const lamps = ["#ffd98a", "#ffc766", "#ffe7b5", "#f6b95c", "#d9e4ff"] as const;

/** A scene by night as an SVG picture; the camera's grain is added when it is rasterised.
 * @param size height and width in pixels. Default 256. */
export function renderNight(scene: Scene, size: number = sceneSize): string {
  const sheet = new Sheet();
  const weather = { ...scene.weather, shadow: 0.15, clouds: 0 };
  paintParts(sheet, { ...scene, weather }, light, (brush, part) => part.label === "background" && nightSky(brush));
  return sheet.toString(size);
}

function nightSky({ sheet, random }: Brush): boolean {
  sheet.rect(0, 0, sceneSize, sceneSize, sheet.gradient("down", [0, "#060a1c"], [0.6, "#17203f"], [1, "#2a2f4c"]));
  let stars = "";
  for (let i = 0; i < 60; i++) {
    const size = random.between(0.25, 0.7);
    stars += ovalPath(random.between(0, sceneSize), random.between(0, 150), size, size);
  }
  sheet.path(stars, "#f4f1de", 'fill-opacity="0.8"');
  const [x, y] = [random.between(20, 236), random.between(10, 34)];
  sheet.ellipse(x, y, 13, 13, sheet.gradient("out", [0, "#e8ecff", 0.5], [1, "#e8ecff", 0]));
  sheet.ellipse(x, y, 4.6, 4.6, "#f2efdc");
  let roofs = "";
  for (let x = -10; x < sceneSize;) {
    const wide = random.between(14, 30), tall = random.between(26, 60);
    roofs += d`M${x} 250 v${-tall} l${wide / 2} ${-random.between(0, 9)} L${x + wide} ${250 - tall} V250 z`;
    x += wide;
  }
  sheet.path(roofs, "#0d1329");
  return true;
}

function light(brush: Brush, part: Part): void {
  const { sheet, random } = brush;
  if (part.label === "background") return;
  if (part.label === "window" && random.chance(litShare)) return litWindow(brush, part);
  const lit = part.label === "shop" ? 0.3 : part.label === "door" ? 0.6 : depth;
  sheet.path(outline(part), darkness, `fill-opacity="${short(lit)}"`);
  if (part.label === "pavement") sheet.rect(0, part.y, sceneSize, part.height, lampPools(brush), 'fill-opacity="0.5"');
}

/** Light of the street's lamps on the ground. */
function lampPools({ sheet }: Brush): string {
  return sheet.gradient("right", [0, "#ffcf8a", 0], [0.25, "#ffcf8a", 0.7], [0.5, "#ffcf8a", 0], [0.75, "#ffcf8a", 0.7], [
    1,
    "#ffcf8a",
    0,
  ]);
}

function litWindow({ sheet, random, scene }: Brush, part: Part): void {
  const { x, y, width, height, shape } = part;
  const lamp = random.pick(lamps);
  const halo = sheet.gradient("out", [0, lamp, 0.45], [1, lamp, 0]);
  sheet.ellipse(x + width / 2, y + height / 2, width * 1.1, height * 0.95, halo);
  sheet.path(outline(part), sheet.gradient("down", [0, lamp], [1, darker(lamp, 0.3)]));
  const top = y + archRise(shape, width);
  if (random.chance(0.5)) {
    const cloth = random.between(0.15, 0.3) * width;
    sheet.path(
      boxPath(x, top, cloth, y + height - top) + boxPath(x + width - cloth, top, cloth, y + height - top),
      darker(lamp, 0.35),
    );
  }
  const frame = outline({ ...part, x: x + 0.7, y: y + 0.7, width: width - 1.4, height: height - 1.4 });
  const bars = d`M${x + width / 2} ${y} v${height}M${x} ${y + height * 0.4} h${width}`;
  sheet.lines(frame + bars, darker(scene.materials.frameColour, 0.75), 1.3);
}
