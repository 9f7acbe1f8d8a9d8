/** Painter of the sky and of what is far away.
 * @module */
import { sceneSize } from "../scene.ts";
import { d, mix, ovalPath } from "../svg.ts";
import type { Brush } from "./brush.ts";

/** A gradient, what is far away, and clouds of soft blobs. */
export function paintSky(brush: Brush): void {
  const { sheet, scene, random } = brush;
  const [top, horizon] = scene.weather.sky;
  sheet.rect(0, 0, sceneSize, sceneSize, sheet.gradient("down", [0, top], [0.55, horizon], [1, horizon]));
  roofsInTheHaze(brush, horizon);
  trees(brush, horizon);
  const soft = sheet.gradient("out", [0, "#ffffff", 0.9], [0.55, "#ffffff", 0.55], [1, "#ffffff", 0]);
  const clouds = Math.round(scene.weather.clouds * 5);
  for (let i = 0; i < clouds; i++) {
    const x = random.between(0, sceneSize), y = random.between(4, 90), size = random.between(12, 26);
    for (let puff = 0; puff < 5; puff++) {
      const across = size * random.between(0.5, 1.1);
      sheet.ellipse(x + (puff - 2) * size * 0.5, y + random.between(-3, 3), across, across * random.between(0.3, 0.5), soft);
    }
  }
}

/** Where distant things stand, hidden by the pavement. */
const foot = sceneSize * 0.97;

function roofsInTheHaze({ sheet, random }: Brush, horizon: string): void {
  const houses = ["", "", ""];
  for (let x = -10; x < sceneSize;) {
    const width = random.between(14, 30), height = random.between(26, 62), gable = random.between(0, 9);
    houses[random.integer(3)] += d`M${x} ${foot} v${-height} l${width / 2} ${-gable} l${width / 2} ${gable} v${height} z`;
    x += width;
  }
  for (const [i, colour] of ["#7c8a97", "#8f8a86", "#86796f"].entries()) sheet.path(houses[i]!, mix(horizon, colour, 0.42));
}

function trees({ sheet, random }: Brush, horizon: string): void {
  const crowns = ["", "", ""];
  for (let x = random.between(-8, 4); x < sceneSize; x += random.between(9, 26)) {
    const size = random.between(7, 13);
    crowns[random.integer(3)] += ovalPath(x, foot - size * 0.8, size, size * random.between(0.9, 1.3));
  }
  for (const [i, green] of ["#4f7048", "#5d7a4a", "#3f6046"].entries()) sheet.path(crowns[i]!, mix(horizon, green, 0.72));
}
