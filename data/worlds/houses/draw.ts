/** A house as its caption says, in a garden that the caption says nothing of: place, size, roof, door, sky, trees and light are chance.
 * @module */
import type { Image } from "../../../lib/data/picture.ts";
import { type Random, seededRandom } from "../../../lib/data/random.ts";
import { rasterise, withGrain } from "../raster.ts";
import { type HouseFacts, wallColours } from "./caption.ts";

/** Side of the drawing, in units of its own. */
const SIDE = 64;
/** Upper edge of the zone in which every window lies. */
export const WINDOWS_TOP = 28;
/** Its lower edge: doors stand below it. */
export const WINDOWS_BOTTOM = 43;
/** Every house stands on the ground at this height or lower. */
export const LEAST_GROUND = 56;
/** What every house covers, from the left to the right edge. */
export const COVERED: readonly [left: number, right: number] = [17, 47];

type Sky = readonly [above: string, below: string];

const ROOFS = ["#7d4438", "#5b4a45", "#6c7076", "#8a5a3c"] as const;
const DOORS = ["#b98b55", "#d8d2c4", "#c7a46e", "#e0c9a0"] as const;
const SKIES: readonly [Sky, ...Sky[]] = [["#8fc1ee", "#dceefb"], ["#b4c6d8", "#e8edf2"], ["#f0c9a4", "#fbe9d2"], [
  "#7fb4e0",
  "#cfe6f5",
]];
const LAWNS = ["#7f9f54", "#93a862", "#6f8f4c", "#a8a574"] as const;
const GLASS = ["#1f2c3d", "#27343f", "#2b2a3a"] as const;

/** Draws a house: the same bytes each time.
 * @param seed of all that the caption leaves open.
 * @param size height and width in pixels. */
export async function drawHouse(facts: HouseFacts, seed: number, size: number): Promise<Image> {
  const picture = await rasterise(houseSvg(facts, seed, size), `house ${seed}`);
  return withGrain(picture, seed);
}

/** The drawing as SVG. */
export function houseSvg({ colour, windows }: HouseFacts, seed: number, size: number): string {
  const random = seededRandom(seed, 7);
  const light = random.between(0.88, 1.06);
  const shade = (rgb: readonly number[], factor: number) =>
    `rgb(${rgb.map((value) => Math.round(Math.min(255, value * factor))).join()})`;
  const wall = wallColours[colour].map((value) => value + random.between(-9, 9));
  const [left, right] = [random.between(9, COVERED[0] - 2), random.between(COVERED[1] + 2, 55)];
  const [top, ground] = [random.between(21, WINDOWS_TOP - 3), random.between(LEAST_GROUND, 60)];
  const [sky, lawn, glass] = [random.pick(SKIES), random.pick(LAWNS), random.pick(GLASS)];
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
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${SIDE} ${SIDE}">
<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient>
<linearGradient id="wall"><stop stop-color="${shade(wall, light)}"/><stop offset="1" stop-color="${
    shade(wall, light * 0.86)
  }"/></linearGradient>
${parts.join("\n")}
</svg>`;
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
  const [height, out, inset] = [random.between(8, 14), random.between(1, 3), random.between(0, (right - left) / 2)];
  const chimney = random.next() < 0.5 ? random.between(left + 4, right - 8) : undefined;
  const stack = chimney === undefined
    ? []
    : [`<rect x="${chimney}" y="${top - height}" width="3.5" height="${height}" fill="#8d6a5a"/>`];
  const outline = `M${left - out} ${top} L${left + inset} ${top - height} H${right - inset} L${right + out} ${top} z`;
  return [...stack, `<path d="${outline}" fill="${random.pick(ROOFS)}"/>`];
}

/** All windows are alike, in one row, evenly spaced. */
function windowRow(random: Random, windows: number, left: number, right: number, glass: string): string[] {
  const room = (right - left) / windows;
  const width = random.between(4.6, Math.min(7.5, room - 3));
  const height = random.between(6.5, 9.5);
  const y = random.between(WINDOWS_TOP + 2, WINDOWS_BOTTOM - 2 - height);
  return Array.from({ length: windows }, (_, i) => {
    const x = left + room * (i + 0.5) - width / 2;
    return `<rect x="${x - 0.9}" y="${y - 0.9}" width="${width + 1.8}" height="${height + 1.8}" fill="#f4f1ea"/>` +
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${glass}"/>`;
  });
}

function door(random: Random, left: number, right: number, ground: number): string {
  const [width, height] = [random.between(5, 7), random.between(10, Math.min(13, ground - WINDOWS_BOTTOM - 1))];
  const x = random.between(left + 3, right - 3 - width);
  return `<rect x="${x}" y="${ground - height}" width="${width}" height="${height}" fill="${
    random.pick(DOORS)
  }" stroke="#6b5a44" stroke-width="0.5"/>`;
}
