/** Painter of windows: glass with the sky in it, curtains behind it, a frame before it, and the depth of the wall around it.
 * @module */
import { archRise, outline, type Part } from "../scene.ts";
import { boxPath, d, darker, lighter, mix } from "../svg.ts";
import { type Brush, shadowColour } from "./brush.ts";

/** Paints a window in its surround. */
export function paintWindow(brush: Brush, part: Part): void {
  const { sheet, scene, random } = brush;
  surround(brush, part);
  const sky = scene.weather.sky[0];
  const darkness = random.pick([0.45, 0.58, 0.7]);
  const glass = sheet.gradient("down", [0, mix(sky, "#3b4a5c", darkness)], [0.5, mix(sky, "#27313f", 0.8)], [1, "#1d242e"]);
  sheet.path(outline(part), glass);
  behind(brush, part);
  reflection(brush, part);
  shade(brush, part);
  bars(brush, part);
}

/** A band of trim around the opening, as the wall's material has it. */
function surround({ sheet, scene }: Brush, part: Part): void {
  const { wall, wallColour } = scene.materials;
  const [colour, width] = wall === "concrete"
    ? [darker(wallColour, 0.3), 1.6]
    : wall === "brick"
    ? [lighter(wallColour, 0.2), 3.4]
    : [lighter(wallColour, 0.28), 4.4];
  sheet.lines(outline(part), colour, width);
}

/** Curtains, a half-drawn shade, or a dark room. */
function behind({ sheet, random }: Brush, part: Part): void {
  const { x, width, shape } = part;
  const top = part.y + archRise(shape, width) * 0.9, bottom = part.y + part.height;
  const cloth = random.pick(["#b4c2d8", "#a3b4d0", "#94a6c6", "#adb6d4"]);
  const choice = random.next();
  if (choice < 0.4) {
    const wide = random.between(0.2, 0.38) * width;
    const folds = sheet.gradient("right", [0, cloth], [0.16, darker(cloth, 0.25)], [0.3, cloth], [0.7, cloth], [
      0.84,
      darker(cloth, 0.25),
    ], [1, cloth]);
    const curtain = (from: number, to: number) =>
      d`M${from} ${top} H${to} Q${to} ${(top + bottom) / 2} ${(from + to) / 2} ${bottom} H${from} z`;
    sheet.path(curtain(x, x + wide) + curtain(x + width, x + width - wide), folds, 'fill-opacity="0.9"');
  } else if (choice < 0.58) {
    const drawn = (bottom - top) * random.between(0.25, 0.6);
    sheet.rect(x, top, width, drawn, sheet.gradient("down", [0, darker(cloth, 0.3)], [1, darker(cloth, 0.06)]));
  } else if (choice < 0.68) {
    const glow = sheet.gradient("out", [0, "#ffcf87", 0.75], [1, "#e09a4a", 0]);
    sheet.ellipse(x + width * random.between(0.3, 0.7), (top + bottom) / 2, width * 0.6, (bottom - top) * 0.5, glow);
  }
}

/** A slanting strip of bright sky in the panes. */
function reflection({ sheet, scene, random }: Brush, { x, y, width, height, shape }: Part): void {
  if (random.chance(0.25)) return;
  const top = y + archRise(shape, width), bottom = y + height, lean = width * 0.35 * -scene.weather.sun;
  const from = x + width * random.between(0.3, 0.45), to = from + width * random.between(0.12, 0.26);
  const bright = sheet.gradient("down", [0, lighter(scene.weather.sky[1], 0.3), 0.6], [1, scene.weather.sky[1], 0.05]);
  const within = (px: number) => Math.max(x, Math.min(x + width, px));
  const high = [within(from + lean), within(to + lean)] as const, low = [within(to - lean), within(from - lean)] as const;
  sheet.path(d`M${high[0]} ${top} H${high[1]} L${low[0]} ${bottom} H${low[1]} z`, bright);
}

/** The wall's thickness throws a shadow into the opening, from above and from the sun's side. */
function shade({ sheet, scene }: Brush, { x, y, width, height, shape }: Part): void {
  const { sun, shadow } = scene.weather;
  const top = y + archRise(shape, width) * 0.6, drop = height * 0.1, side = width * 0.14;
  const across = boxPath(x, top, width, drop);
  const down = boxPath(sun < 0 ? x : x + width - side, top + drop, side, y + height - top - drop);
  sheet.path(across + down, shadowColour, `fill-opacity="${0.15 + 0.35 * Math.round(shadow * 4) / 4}"`);
}

/** The frame and its bars. */
function bars({ sheet, scene }: Brush, part: Part): void {
  const { x, y, width, height, kind } = part;
  const across = (share: number) => d`M${x} ${y + height * share} h${width}`;
  const down = (share: number) => d`M${x + width * share} ${y} v${height}`;
  const kinds: Record<string, string> = {
    cross: down(0.5) + across(0.34),
    double: down(0.5),
    sash: across(0.5),
    grid: down(1 / 3) + down(2 / 3) + across(0.35) + across(0.68),
    wide: down(0.3) + down(0.7),
    plain: down(0.5),
    attic: down(0.5) + across(0.5),
  };
  const frame = outline({ ...part, x: x + 0.7, y: y + 0.7, width: width - 1.4, height: height - 1.4 });
  sheet.lines(frame + (kinds[kind] ?? ""), scene.materials.frameColour, kind === "grid" || kind === "wide" ? 1.1 : 1.4);
}
