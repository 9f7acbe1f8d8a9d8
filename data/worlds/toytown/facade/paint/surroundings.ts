/** Painters for the surroundings: sky, distant roofs and trees, and pavement.
 * @module */
import { boxPath, d, darken, lighten, mix, ovalPath, sceneSize } from "../../svg.ts";
import type { Part } from "../scene.ts";
import { type PaintContext, shadowColour } from "./shading.ts";

/** Paints the sky, distant roofs and trees, and clouds. */
export function paintSky(context: PaintContext): void {
  const { canvas, scene, random } = context;
  const [top, horizon] = scene.weather.sky;
  canvas.rect(0, 0, sceneSize, sceneSize, canvas.gradient("down", [0, top], [0.55, horizon], [1, horizon]));
  distantRoofs(context, horizon);
  distantTrees(context, horizon);
  const soft = canvas.gradient("out", [0, "#ffffff", 0.9], [0.55, "#ffffff", 0.55], [1, "#ffffff", 0]);
  const clouds = Math.round(scene.weather.clouds * 5);
  for (let i = 0; i < clouds; i++) {
    const x = random.between(0, sceneSize), y = random.between(4, 90), size = random.between(12, 26);
    for (let puff = 0; puff < 5; puff++) {
      const radius = size * random.between(0.5, 1.1);
      canvas.ellipse(x + (puff - 2) * size * 0.5, y + random.between(-3, 3), radius, radius * random.between(0.3, 0.5), soft);
    }
  }
}

/** Bottom edge of distant houses and trees, which is hidden by the pavement. */
const distantGround = sceneSize * 0.97;

function distantRoofs({ canvas, random }: PaintContext, horizon: string): void {
  const houses = ["", "", ""];
  for (let x = -10; x < sceneSize;) {
    const width = random.between(14, 30), height = random.between(26, 62), gable = random.between(0, 9);
    houses[random.integer(3)] += d`M${x} ${distantGround} v${-height} l${width / 2} ${-gable} l${
      width / 2
    } ${gable} v${height} z`;
    x += width;
  }
  for (const [i, colour] of ["#7c8a97", "#8f8a86", "#86796f"].entries()) canvas.path(houses[i]!, mix(horizon, colour, 0.42));
}

function distantTrees({ canvas, random }: PaintContext, horizon: string): void {
  const crowns = ["", "", ""];
  for (let x = random.between(-8, 4); x < sceneSize; x += random.between(9, 26)) {
    const size = random.between(7, 13);
    crowns[random.integer(3)] += ovalPath(x, distantGround - size * 0.8, size, size * random.between(0.9, 1.3));
  }
  for (const [i, green] of ["#4f7048", "#5d7a4a", "#3f6046"].entries()) canvas.path(crowns[i]!, mix(horizon, green, 0.72));
}

/** Paints paving slabs, the kerb, the road, and the shadow at the foot of the wall. */
export function paintPavement({ canvas, random }: PaintContext, { x, y, width, height }: Part): void {
  const colour = random.pick(["#a29d94", "#8f8b86", "#b0a797"]);
  canvas.rect(x, y, width, height, colour);
  const seams = Array.from({ length: 19 }, (_, i) => boxPath(x + 5 + i * 14, y, 0.8, height * 0.55));
  canvas.path(seams.join(""), darken(colour, 0.2));
  canvas.rect(x, y + height * 0.55, width, 1.4, lighten(colour, 0.35));
  canvas.rect(x, y + height * 0.55 + 1.4, width, height * 0.45, darken(colour, 0.38));
  canvas.rect(x, y, width, height * 0.4, canvas.gradient("down", [0, shadowColour, 0.45], [1, shadowColour, 0]));
}
