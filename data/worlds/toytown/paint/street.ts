/** Painters of shops and of the pavement before them.
 * @module */
import type { Part } from "../scene.ts";
import { boxPath, d, darker, lighter } from "../svg.ts";
import { type Brush, castShadow, lit, shadowColour } from "./brush.ts";

/** A shop window under a sign or an awning. */
export function paintShop(brush: Brush, part: Part): void {
  const { sheet, scene } = brush;
  const { x, y, width, height, kind } = part;
  const colour = scene.materials.awningColour;
  const sign = height * 0.24;
  sheet.rect(x, y, width, height, darker(colour, 0.25));
  const [left, top, wide, tall] = [x + 3, y + sign + 2, width - 6, height - sign - 9] as const;
  sheet.rect(left, top, wide, tall, sheet.gradient("down", [0, "#4d5a64"], [0.5, "#3a4148"], [1, "#6b5b45"]));
  goods(brush, left, top, wide, tall);
  const glint = sheet.gradient("right", [0, "#ffffff", 0], [0.5, lighter(scene.weather.sky[1], 0.2), 0.45], [1, "#ffffff", 0]);
  sheet.rect(left + wide * 0.15, top, wide * 0.3, tall, glint);
  const posts = (wide > 44 ? [0, 0.5, 1] : [0, 1]).map((share) => boxPath(left + wide * share - 0.7, top, 1.4, tall));
  sheet.path(posts.join("") + boxPath(left, y + height - 6, wide, 1.2), lit(colour, 0.7, scene));
  fascia(brush, part, colour, sign);
  if (kind === "awning") awning(brush, part, colour, sign);
}

/** Things on a shelf, lit from above. */
function goods({ sheet, random }: Brush, x: number, y: number, width: number, height: number): void {
  const glow = sheet.gradient("out", [0, "#ffdf9e", 0.8], [1, "#ffdf9e", 0]);
  sheet.ellipse(x + width / 2, y + height * 0.45, width * 0.55, height * 0.6, glow);
  const colours = ["#b5584a", "#c99f4d", "#56836f", "#d2cbbb", "#4d6890", "#935b7f"];
  const things = colours.map(() => "");
  for (let at = x + 2; at < x + width - 4;) {
    const wide = random.between(2, 5), tall = height * random.between(0.2, 0.45);
    things[random.integer(things.length)] += boxPath(at, y + height - tall, Math.min(wide, x + width - 1 - at), tall);
    at += wide + random.between(0.4, 2.5);
  }
  for (const [i, thing] of things.entries()) if (thing) sheet.path(thing, colours[i]!);
}

/** The sign: a band with strokes that look like writing. */
function fascia({ sheet, scene, random }: Brush, { x, y, width }: Part, colour: string, height: number): void {
  sheet.rect(x, y, width, height, sheet.gradient("down", [0, lit(colour, 0.8, scene)], [1, colour]));
  const letters = Math.round(width / 4.6);
  const ink = random.pick(["#fff6df", "#f4d98a", "#ffffff"]);
  let writing = "";
  for (let i = 2; i < letters - 2; i++) {
    if (random.chance(0.15)) continue;
    const tall = height * random.between(0.34, 0.5);
    writing += boxPath(x + i * width / letters, y + height * 0.72 - tall, width / letters * 0.55, tall);
  }
  sheet.path(writing, ink);
}

function awning(brush: Brush, part: Part, colour: string, sign: number): void {
  const { sheet, scene } = brush;
  const { x, width } = part;
  const y = part.y + sign * 0.85, drop = part.height * 0.24;
  castShadow(brush, { ...part, y, height: drop }, 8, 0);
  const cloth = d`M${x + 3} ${y} H${x + width - 3} L${x + width} ${y + drop} H${x} z`;
  const stripes = `<rect width="4" height="8" fill="${
    lit(colour, 0.7, scene)
  }"/><rect x="4" width="4" height="8" fill="#f7f1e4"/>`;
  sheet.path(cloth, sheet.pattern(8, 8, stripes));
  sheet.path(
    cloth,
    sheet.gradient("down", [0, "#ffffff", 0.25], [0.75, shadowColour, 0], [0.8, shadowColour, 0.3], [1, shadowColour, 0.15]),
  );
}

/** Slabs, the kerb, and the shadow at the foot of the wall. */
export function paintPavement({ sheet, random }: Brush, { x, y, width, height }: Part): void {
  const colour = random.pick(["#a29d94", "#8f8b86", "#b0a797"]);
  sheet.rect(x, y, width, height, colour);
  const seams = Array.from({ length: 19 }, (_, i) => boxPath(x + 5 + i * 14, y, 0.8, height * 0.55));
  sheet.path(seams.join(""), darker(colour, 0.2));
  sheet.rect(x, y + height * 0.55, width, 1.4, lighter(colour, 0.35));
  sheet.rect(x, y + height * 0.55 + 1.4, width, height * 0.45, darker(colour, 0.38));
  sheet.rect(x, y, width, height * 0.4, sheet.gradient("down", [0, shadowColour, 0.45], [1, shadowColour, 0]));
}
