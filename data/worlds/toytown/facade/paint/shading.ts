/** What every painter has in hand, and light and shadow.
 * @module */
import type { Random } from "../../../../../lib/data/random.ts";
import { mix, sceneSize, type SvgCanvas } from "../../svg.ts";
import type { Part, Scene } from "../scene.ts";

/** What a painter has in hand. */
export interface PaintContext {
  canvas: SvgCanvas;
  scene: Scene;
  /** Of the part that is painted. */
  random: Random;
}

/** The colour of shadows: the sky lights them. */
export const shadowColour = "#1b2233";

/** The shadow that something thick throws on the wall below it, and to the side away from the sun.
 * @param depth how far it falls, in scene units.
 * @param slant how far it moves to the side, of its depth. */
export function castShadow({ canvas, scene }: PaintContext, { x, y, width, height }: Part, depth: number, slant = 0.45): void {
  const { sun, shadow } = scene.weather;
  const soft = canvas.gradient("down", [0, shadowColour, 0.5 * shadow], [0.6, shadowColour, 0.32 * shadow], [1, shadowColour, 0]);
  canvas.rect(x - sun * depth * slant, y + height, width, depth, soft);
}

/** The colour of a face that looks at the sun, or away from it.
 * @param facing 1 towards the sun, -1 away. */
export function lit(colour: string, facing: number, { weather }: Scene): string {
  const strength = 0.1 + 0.14 * weather.shadow;
  return facing > 0 ? mix(colour, "#fff4d8", strength * facing) : mix(colour, shadowColour, -strength * 1.5 * facing);
}

/** Warm light from the sun's side over the whole picture, cool away from it. */
export function sunlight(canvas: SvgCanvas, { weather }: Scene): void {
  const warm = ["#ffe2a8", 0.16 * weather.shadow] as const, cool = ["#2a3550", 0.13] as const;
  const [left, right] = weather.sun < 0 ? [warm, cool] : [cool, warm];
  canvas.rect(
    0,
    0,
    sceneSize,
    sceneSize,
    canvas.gradient("right", [0, ...left], [0.5, left[0], 0], [0.5, right[0], 0], [1, ...right]),
  );
}
