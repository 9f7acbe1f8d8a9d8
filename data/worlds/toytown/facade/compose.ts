/** Composes the scene of a facade from a seed: style, parts, materials and weather.
 * @module */
import { type Random, seededRandom } from "../../../../lib/data/random.ts";
import { sceneSize } from "../svg.ts";
import { type AddPart, type Draft, planHouse } from "./plan.ts";
import { addRoof } from "./roof.ts";
import type { Materials, Part, Scene, StyleName, Weather } from "./scene.ts";
import { type Style, styles } from "./styles.ts";
import { addWall } from "./wall.ts";

const doorColours = ["#5d3d2a", "#2f5243", "#2e4160", "#7d302b", "#3c3c3e", "#8d6c40"] as const;
const awningColours = ["#b23a36", "#2f6b4c", "#2d4a78", "#b03a6a", "#6b3550"] as const;
type Skies = [Weather["sky"], ...Weather["sky"][]];
const clearSkies: Skies = [["#5f9bd8", "#c3dff6"], ["#7db0df", "#cfe4f7"], ["#4a86c9", "#b4d4f0"], ["#8fb1e0", "#d5dcf5"]];
const overcastSkies: Skies = [["#9db0cb", "#c6d3e6"], ["#a9b6d0", "#ccd4e8"]];

/** Creates the scene for a seed; the same seed always gives the same scene.
 * @param seed A safe integer.
 * @throws {RangeError} If the seed is not a safe integer. */
export function scene(seed: number): Scene {
  const random = seededRandom(seed);
  const name = random.pick(Object.keys(styles) as [StyleName, ...StyleName[]]);
  const style = styles[name];
  const parts: Part[] = [];
  const add: AddPart = (part) => parts.push({ shape: "box", kind: "", ...part, detail: random.integer(2 ** 31) });
  const draft: Draft = { style, plan: planHouse(style, random), random, add };
  const { ground } = draft.plan;
  add({ label: "background", x: 0, y: 0, width: sceneSize, height: sceneSize });
  addRoof(draft);
  addWall(draft);
  add({ label: "pavement", x: 0, y: ground, width: sceneSize, height: sceneSize - ground });
  return { seed, style: name, materials: pickMaterials(style, random), weather: pickWeather(random), parts };
}

function pickMaterials(style: Style, random: Random): Materials {
  return {
    wall: style.wall,
    wallColour: random.pick(style.walls),
    trimColour: random.pick(style.trims),
    frameColour: random.pick(style.frames),
    shutterColour: random.pick(style.shutters),
    doorColour: random.pick(doorColours),
    awningColour: random.pick(awningColours),
    roof: style.roof,
    roofColour: random.pick(style.roofColours),
  };
}

function pickWeather(random: Random): Weather {
  const overcast = random.chance(0.25);
  return {
    sun: random.chance(0.5) ? -1 : 1,
    shadow: overcast ? random.between(0.25, 0.4) : random.between(0.7, 1),
    sky: random.pick(overcast ? overcastSkies : clearSkies),
    clouds: overcast ? 0 : random.between(0, 1),
  };
}
