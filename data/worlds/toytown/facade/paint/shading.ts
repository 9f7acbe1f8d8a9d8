/** Light and shadow in photos of facades: cast shadows, shaded surfaces, and sunlight across the image.
 * @module */
import type { Random } from "../../../../../lib/data/random.ts";
import { mix, sceneSize, type SvgCanvas } from "../../svg.ts";
import type { Part, Scene } from "../scene.ts";

/** Context that each painter receives. */
export interface PaintContext {
  canvas: SvgCanvas;
  scene: Scene;
  /** Random numbers for the details of the painted part. */
  random: Random;
}

/** Colour of shadows, which are bluish because they are lit by the sky. */
export const shadowColour = "#1b2233";

/** Draws the shadow that a projecting part casts on the wall below it. The shadow is shifted away from the sun.
 * @param depth Length of the shadow, in scene units.
 * @param slant Sideways shift, as a fraction of the depth. */
export function castShadow({ canvas, scene }: PaintContext, { x, y, width, height }: Part, depth: number, slant = 0.45): void {
  const { sun, shadow } = scene.weather;
  const soft = canvas.gradient("down", [0, shadowColour, 0.5 * shadow], [0.6, shadowColour, 0.32 * shadow], [1, shadowColour, 0]);
  canvas.rect(x - sun * depth * slant, y + height, width, depth, soft);
}

/** Shades the colour of a surface: warmer and lighter if it faces the sun, darker if it faces away from the sun.
 * @param facing Orientation of the surface, from -1 (away from the sun) to 1 (towards the sun). */
export function shade(colour: string, facing: number, { weather }: Scene): string {
  const strength = 0.1 + 0.14 * weather.shadow;
  return facing > 0 ? mix(colour, "#fff4d8", strength * facing) : mix(colour, shadowColour, -strength * 1.5 * facing);
}

/** Tints the whole image: warm on the side from which the sun shines, cool on the other side. */
export function addSunlight(canvas: SvgCanvas, { weather }: Scene): void {
  const warm = ["#ffe2a8", 0.16 * weather.shadow] as const, cool = ["#2a3550", 0.13] as const;
  const [left, right] = weather.sun < 0 ? [warm, cool] : [cool, warm];
  const tint = canvas.gradient("right", [0, ...left], [0.5, left[0], 0], [0.5, right[0], 0], [1, ...right]);
  canvas.rect(0, 0, sceneSize, sceneSize, tint);
}
