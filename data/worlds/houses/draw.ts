/** Draws houses that match their captions. Other features are random: position, size, roof, door, sky, trees and light.
 * @module */
import type { Image } from "../../../lib/data/image_bytes.ts";
import { type Random, seededRandom } from "../../../lib/data/random.ts";
import { rasterise, withGrain } from "../raster.ts";
import { type HouseFacts, wallColours } from "./caption.ts";

/** Side length of the drawing; all lengths in this file are in the same unit. */
export const houseSize = 64;
/** Top of the zone that contains all windows. */
export const windowsTop = 28;
/** Bottom of the zone that contains all windows; doors are below this zone. */
export const windowsBottom = 43;
/** Minimum y coordinate of the ground below a house. */
export const highestGround = 56;
/** Left and right edges of the zone that is covered by the wall of every house. */
export const wallZone: readonly [left: number, right: number] = [17, 47];

type Sky = readonly [top: string, bottom: string];

const roofColours = ["#7d4438", "#5b4a45", "#6c7076", "#8a5a3c"] as const;
const doorColours = ["#b98b55", "#d8d2c4", "#c7a46e", "#e0c9a0"] as const;
const skies = [["#8fc1ee", "#dceefb"], ["#b4c6d8", "#e8edf2"], ["#f0c9a4", "#fbe9d2"], ["#7fb4e0", "#cfe6f5"]] as const;
const lawnColours = ["#7f9f54", "#93a862", "#6f8f4c", "#a8a574"] as const;
const glassColours = ["#1f2c3d", "#27343f", "#2b2a3a"] as const;

/** Draws a house; the same arguments always give the same image.
 * @param seed Seed for everything that the caption does not specify.
 * @param size Height and width in pixels.
 * @returns An RGB image. */
export async function drawHouse(facts: HouseFacts, seed: number, size: number): Promise<Image> {
  return withGrain(await rasterise(houseSvg(facts, seed, size), `house ${seed}`), seed);
}

function houseSvg({ colour, windows }: HouseFacts, seed: number, size: number): string {
  const random = seededRandom(seed, 7);
  const light = random.between(0.88, 1.06);
  const shade = (rgb: readonly number[], factor: number) =>
    `rgb(${rgb.map((value) => Math.round(Math.min(255, value * factor))).join()})`;
  const wall = wallColours[colour].map((value) => value + random.between(-9, 9));
  const [left, right] = [random.between(9, wallZone[0] - 2), random.between(wallZone[1] + 2, 55)];
  const [top, ground] = [random.between(21, windowsTop - 3), random.between(highestGround, 60)];
  const [sky, lawn, glass] = [random.pick<Sky>(skies), random.pick(lawnColours), random.pick(glassColours)];
  const parts = [
    `<rect width="64" height="64" fill="url(#sky)"/>`,
    ...cloud(random),
    `<rect y="${ground - 4}" width="64" height="12" fill="${lawn}"/>`,
    ...tree(random, left - 5, ground),
    ...tree(random, right + 5, ground),
    `<ellipse cx="${(left + right) / 2}" cy="${ground}" rx="${(right - left) / 2 + 2}" ry="1.6" fill="#000" opacity="0.25"/>`,
    `<rect x="${left}" y="${top}" width="${right - left}" height="${ground - top}" fill="url(#wall)"/>`,
    ...roof(random, left, right, top),
    ...windowRow(random, windows, left, right, glass),
    door(random, left, right, ground),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${houseSize} ${houseSize}">
${gradient("sky", ' x2="0" y2="1"', sky[0], sky[1])}
${gradient("wall", "", shade(wall, light), shade(wall, light * 0.86))}
${parts.join("\n")}
</svg>`;
}

function gradient(id: string, direction: string, from: string, to: string): string {
  const stops = `<stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/>`;
  return `<linearGradient id="${id}"${direction}>${stops}</linearGradient>`;
}

function cloud(random: Random): string[] {
  if (random.next() < 0.4) return [];
  const [x, y] = [random.between(6, 58), random.between(4, 12)];
  return [0, 1, 2].map((i) => `<ellipse cx="${x + 5 * i}" cy="${y - (i % 2)}" rx="4.5" ry="2.4" fill="#fff" opacity="0.75"/>`);
}

function tree(random: Random, x: number, ground: number): string[] {
  if (random.next() < 0.5) return [];
  const height = random.between(10, 22);
  return [
    `<rect x="${x - 0.7}" y="${ground - height / 2}" width="1.4" height="${height / 2}" fill="#6b5138"/>`,
    `<ellipse cx="${x}" cy="${ground - height * 0.7}" rx="${height / 5}" ry="${height * 0.36}" fill="${
      random.pick(["#4f7a3f", "#6a8f45", "#41693c"])
    }"/>`,
  ];
}

function roof(random: Random, left: number, right: number, top: number): string[] {
  const [height, overhang, inset] = [random.between(8, 14), random.between(1, 3), random.between(0, (right - left) / 2)];
  const chimney = random.next() < 0.5 ? random.between(left + 4, right - 8) : undefined;
  const stack = chimney === undefined
    ? []
    : [`<rect x="${chimney}" y="${top - height}" width="3.5" height="${height}" fill="#8d6a5a"/>`];
  const outline = `M${left - overhang} ${top} L${left + inset} ${top - height} H${right - inset} L${right + overhang} ${top} z`;
  return [...stack, `<path d="${outline}" fill="${random.pick(roofColours)}"/>`];
}

/** Draws a row of identical, evenly spaced windows. */
function windowRow(random: Random, windows: number, left: number, right: number, glass: string): string[] {
  const spacing = (right - left) / windows;
  const width = random.between(4.6, Math.min(7.5, spacing - 3));
  const height = random.between(6.5, 9.5);
  const y = random.between(windowsTop + 2, windowsBottom - 2 - height);
  return Array.from({ length: windows }, (_, i) => {
    const x = left + spacing * (i + 0.5) - width / 2;
    return `<rect x="${x - 0.9}" y="${y - 0.9}" width="${width + 1.8}" height="${height + 1.8}" fill="#f4f1ea"/>` +
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${glass}"/>`;
  });
}

function door(random: Random, left: number, right: number, ground: number): string {
  const [width, height] = [random.between(5, 7), random.between(10, Math.min(13, ground - windowsBottom - 1))];
  const x = random.between(left + 3, right - 3 - width);
  return `<rect x="${x}" y="${ground - height}" width="${width}" height="${height}" fill="${
    random.pick(doorColours)
  }" stroke="#6b5a44" stroke-width="0.5"/>`;
}
