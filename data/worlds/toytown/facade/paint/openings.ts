/** Painters for the openings in a wall: windows, doors and shops.
 * @module */
import { boxPath, d, darken, lighten, mix, type Stop } from "../../svg.ts";
import { archRise, outline, type Part } from "../scene.ts";
import { castShadow, type PaintContext, shade, shadowColour } from "./shading.ts";

/** Paints a window: the surround, the glass, the interior, a reflection, the shadow cast by the wall, and the frame. */
export function paintWindow(context: PaintContext, part: Part): void {
  const { canvas, scene, random } = context;
  paintSurround(context, part);
  const sky = scene.weather.sky[0];
  const darkness = random.pick([0.45, 0.58, 0.7]);
  const glass = canvas.gradient("down", [0, mix(sky, "#3b4a5c", darkness)], [0.5, mix(sky, "#27313f", 0.8)], [1, "#1d242e"]);
  canvas.path(outline(part), glass);
  paintInterior(context, part);
  paintReflection(context, part);
  castRevealShadow(context, part);
  paintFrame(context, part);
}

/** Paints a band around the opening; the width of the band depends on the material of the wall. */
function paintSurround({ canvas, scene }: PaintContext, part: Part): void {
  const { wall, wallColour } = scene.materials;
  const [colour, width] = wall === "concrete"
    ? [darken(wallColour, 0.3), 1.6]
    : wall === "brick"
    ? [lighten(wallColour, 0.2), 3.4]
    : [lighten(wallColour, 0.28), 4.4];
  canvas.lines(outline(part), colour, width);
}

/** Paints curtains, a half-drawn blind or lamplight; some rooms are left dark. */
function paintInterior({ canvas, random }: PaintContext, part: Part): void {
  const { x, width, shape } = part;
  const top = part.y + archRise(shape, width) * 0.9, bottom = part.y + part.height;
  const cloth = random.pick(["#b4c2d8", "#a3b4d0", "#94a6c6", "#adb6d4"]);
  const choice = random.next();
  if (choice < 0.4) {
    const curtainWidth = random.between(0.2, 0.38) * width, fold = darken(cloth, 0.25);
    const folds = canvas.gradient("right", [0, cloth], [0.16, fold], [0.3, cloth], [0.7, cloth], [0.84, fold], [1, cloth]);
    const curtain = (from: number, to: number) =>
      d`M${from} ${top} H${to} Q${to} ${(top + bottom) / 2} ${(from + to) / 2} ${bottom} H${from} z`;
    canvas.path(curtain(x, x + curtainWidth) + curtain(x + width, x + width - curtainWidth), folds, 'fill-opacity="0.9"');
  } else if (choice < 0.58) {
    const drawn = (bottom - top) * random.between(0.25, 0.6);
    canvas.rect(x, top, width, drawn, canvas.gradient("down", [0, darken(cloth, 0.3)], [1, darken(cloth, 0.06)]));
  } else if (choice < 0.68) {
    const glow = canvas.gradient("out", [0, "#ffcf87", 0.75], [1, "#e09a4a", 0]);
    canvas.ellipse(x + width * random.between(0.3, 0.7), (top + bottom) / 2, width * 0.6, (bottom - top) * 0.5, glow);
  }
}

/** Paints the reflection of the sky on the panes, as a bright slanting strip. */
function paintReflection({ canvas, scene, random }: PaintContext, { x, y, width, height, shape }: Part): void {
  if (random.chance(0.25)) return;
  const top = y + archRise(shape, width), bottom = y + height, lean = width * 0.35 * -scene.weather.sun;
  const from = x + width * random.between(0.3, 0.45), to = from + width * random.between(0.12, 0.26);
  const bright = canvas.gradient("down", [0, lighten(scene.weather.sky[1], 0.3), 0.6], [1, scene.weather.sky[1], 0.05]);
  const clamp = (px: number) => Math.max(x, Math.min(x + width, px));
  const high = [clamp(from + lean), clamp(to + lean)] as const, low = [clamp(to - lean), clamp(from - lean)] as const;
  canvas.path(d`M${high[0]} ${top} H${high[1]} L${low[0]} ${bottom} H${low[1]} z`, bright);
}

/** Draws the shadow that the wall casts into the opening, along the top and on the side nearer to the sun. */
function castRevealShadow({ canvas, scene }: PaintContext, { x, y, width, height, shape }: Part): void {
  const { sun, shadow } = scene.weather;
  const top = y + archRise(shape, width) * 0.6, drop = height * 0.1, side = width * 0.14;
  const across = boxPath(x, top, width, drop);
  const down = boxPath(sun < 0 ? x : x + width - side, top + drop, side, y + height - top - drop);
  canvas.path(across + down, shadowColour, `fill-opacity="${0.15 + 0.35 * Math.round(shadow * 4) / 4}"`);
}

/** Paints the window frame and its glazing bars. */
function paintFrame({ canvas, scene }: PaintContext, part: Part): void {
  const { x, y, width, height, kind } = part;
  const across = (fraction: number) => d`M${x} ${y + height * fraction} h${width}`;
  const down = (fraction: number) => d`M${x + width * fraction} ${y} v${height}`;
  const bars: Record<string, string> = {
    cross: down(0.5) + across(0.34),
    double: down(0.5),
    sash: across(0.5),
    grid: down(1 / 3) + down(2 / 3) + across(0.35) + across(0.68),
    wide: down(0.3) + down(0.7),
    plain: down(0.5),
    attic: down(0.5) + across(0.5),
  };
  const frame = outline({ ...part, x: x + 0.7, y: y + 0.7, width: width - 1.4, height: height - 1.4 });
  canvas.lines(frame + (bars[kind] ?? ""), scene.materials.frameColour, kind === "grid" || kind === "wide" ? 1.1 : 1.4);
}

/** Paints a panelled door, a wide gate or a glass door, with a shadow on the side nearer to the sun. A door that is not made of
 * glass has a fanlight above it. */
export function paintDoor(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  const { x, y, width, height, shape, kind } = part;
  const { doorColour, trimColour } = scene.materials;
  const { sun, shadow } = scene.weather;
  const glass = canvas.gradient("down", [0, mix(scene.weather.sky[0], "#2e3a48", 0.5)], [1, "#1f2731"]);
  canvas.lines(outline(part), trimColour, 4.6);
  canvas.path(outline(part), kind === "glass" ? glass : canvas.gradient("down", [0, darken(doorColour, 0.15)], [1, doorColour]));
  const top = y + Math.max(archRise(shape, width), height * 0.18);
  if (kind !== "glass") canvas.path(outline({ shape, x: x + 2, y: y + 2, width: width - 4, height: top - y - 3 }), glass);
  paintLeaves(context, { ...part, y: top, height: y + height - top });
  const side = canvas.gradient("right", [sun < 0 ? 0 : 1, shadowColour, 0.55 * shadow], [sun < 0 ? 1 : 0, shadowColour, 0]);
  canvas.rect(sun < 0 ? x : x + width * 0.75, top, width * 0.25, y + height - top, side);
}

/** Paints one or two door leaves with panels or panes, and a door handle. */
function paintLeaves({ canvas, scene }: PaintContext, { x, y, width, height, kind }: Part): void {
  const { doorColour } = scene.materials;
  const count = kind === "panels" ? 1 : 2;
  const leafWidth = width / count;
  const rows = kind === "glass" ? [[0.06, 0.9] as const] : [[0.06, 0.4] as const, [0.52, 0.4] as const];
  let panels = "";
  for (let leaf = 0; leaf < count; leaf++) {
    for (const [top, size] of rows) {
      panels += boxPath(x + (leaf + 0.18) * leafWidth, y + height * top, leafWidth * 0.64, height * size);
    }
  }
  const dark = darken(doorColour, 0.4);
  canvas.path(panels, kind === "glass" ? "none" : shade(doorColour, 0.7, scene), `stroke="${dark}" stroke-width="0.9"`);
  if (count === 2) canvas.lines(d`M${x + leafWidth} ${y} v${height}`, dark, 1);
  canvas.ellipse(x + width * (count === 2 ? 0.56 : 0.86), y + height * 0.5, 0.9, 0.9, "#e8c667");
}

/** Paints a shop window with goods, a sign above it and, for some shops, an awning. */
export function paintShop(context: PaintContext, part: Part): void {
  const { canvas, scene } = context;
  const { x, y, width, height, kind } = part;
  const colour = scene.materials.awningColour;
  const sign = height * 0.24;
  canvas.rect(x, y, width, height, darken(colour, 0.25));
  const [left, top, paneWidth, paneHeight] = [x + 3, y + sign + 2, width - 6, height - sign - 9] as const;
  canvas.rect(left, top, paneWidth, paneHeight, canvas.gradient("down", [0, "#4d5a64"], [0.5, "#3a4148"], [1, "#6b5b45"]));
  paintGoods(context, left, top, paneWidth, paneHeight);
  const glint = canvas.gradient("right", [0, "#ffffff", 0], [0.5, lighten(scene.weather.sky[1], 0.2), 0.45], [1, "#ffffff", 0]);
  canvas.rect(left + paneWidth * 0.15, top, paneWidth * 0.3, paneHeight, glint);
  const posts = (paneWidth > 44 ? [0, 0.5, 1] : [0, 1]).map((fraction) =>
    boxPath(left + paneWidth * fraction - 0.7, top, 1.4, paneHeight)
  );
  canvas.path(posts.join("") + boxPath(left, y + height - 6, paneWidth, 1.2), shade(colour, 0.7, scene));
  paintSign(context, part, colour, sign);
  if (kind === "awning") paintAwning(context, part, colour, sign);
}

/** Paints the warm light and the goods in a shop window. */
function paintGoods({ canvas, random }: PaintContext, x: number, y: number, width: number, height: number): void {
  const glow = canvas.gradient("out", [0, "#ffdf9e", 0.8], [1, "#ffdf9e", 0]);
  canvas.ellipse(x + width / 2, y + height * 0.45, width * 0.55, height * 0.6, glow);
  const colours = ["#b5584a", "#c99f4d", "#56836f", "#d2cbbb", "#4d6890", "#935b7f"];
  const goods = colours.map(() => "");
  for (let at = x + 2; at < x + width - 4;) {
    const itemWidth = random.between(2, 5), itemHeight = height * random.between(0.2, 0.45);
    const visible = Math.min(itemWidth, x + width - 1 - at);
    goods[random.integer(goods.length)] += boxPath(at, y + height - itemHeight, visible, itemHeight);
    at += itemWidth + random.between(0.4, 2.5);
  }
  for (const [i, items] of goods.entries()) if (items) canvas.path(items, colours[i]!);
}

/** Paints the shop sign: a band with strokes that resemble lettering. */
function paintSign({ canvas, scene, random }: PaintContext, { x, y, width }: Part, colour: string, height: number): void {
  canvas.rect(x, y, width, height, canvas.gradient("down", [0, shade(colour, 0.8, scene)], [1, colour]));
  const letters = Math.round(width / 4.6);
  const ink = random.pick(["#fff6df", "#f4d98a", "#ffffff"]);
  let lettering = "";
  for (let i = 2; i < letters - 2; i++) {
    if (random.chance(0.15)) continue;
    const letterHeight = height * random.between(0.34, 0.5);
    lettering += boxPath(x + i * width / letters, y + height * 0.72 - letterHeight, width / letters * 0.55, letterHeight);
  }
  canvas.path(lettering, ink);
}

/** Paints a striped awning and its shadow. */
function paintAwning(context: PaintContext, part: Part, colour: string, sign: number): void {
  const { canvas, scene } = context;
  const { x, width } = part;
  const y = part.y + sign * 0.85, drop = part.height * 0.24;
  castShadow(context, { ...part, y, height: drop }, 8, 0);
  const cloth = d`M${x + 3} ${y} H${x + width - 3} L${x + width} ${y + drop} H${x} z`;
  const stripes = `<rect width="4" height="8" fill="${shade(colour, 0.7, scene)}"/>` +
    `<rect x="4" width="4" height="8" fill="#f7f1e4"/>`;
  canvas.path(cloth, canvas.pattern(8, 8, stripes));
  const valance = [[0.75, shadowColour, 0], [0.8, shadowColour, 0.3], [1, shadowColour, 0.15]] satisfies Stop[];
  canvas.path(cloth, canvas.gradient("down", [0, "#ffffff", 0.25], ...valance));
}
