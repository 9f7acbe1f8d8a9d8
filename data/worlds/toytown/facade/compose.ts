/** From a seed to a scene.
 * @module */
import { type Random, seededRandom } from "../../../../lib/data/random.ts";
import { sceneSize } from "../svg.ts";
import { type AddPart, type Draft, planHouse } from "./plan.ts";
import { roofParts } from "./roof.ts";
import type { Materials, Part, Scene, StyleName, Weather } from "./scene.ts";
import { type Style, styles } from "./styles.ts";
import { facadeParts } from "./wall.ts";

const doors = ["#5d3d2a", "#2f5243", "#2e4160", "#7d302b", "#3c3c3e", "#8d6c40"] as const;
const awnings = ["#b23a36", "#2f6b4c", "#2d4a78", "#b03a6a", "#6b3550"] as const;
type Skies = [Weather["sky"], ...Weather["sky"][]];
const skies: Skies = [["#5f9bd8", "#c3dff6"], ["#7db0df", "#cfe4f7"], ["#4a86c9", "#b4d4f0"], ["#8fb1e0", "#d5dcf5"]];
const greySkies: Skies = [["#9db0cb", "#c6d3e6"], ["#a9b6d0", "#ccd4e8"]];

/** The facade that belongs to a seed: the same one each time.
 * @param seed a safe integer.
 * @throws {RangeError} if it is none. */
export function scene(seed: number): Scene {
  const random = seededRandom(seed);
  const name = random.pick(Object.keys(styles) as [StyleName, ...StyleName[]]);
  const style = styles[name];
  const parts: Part[] = [];
  const add: AddPart = (part) => parts.push({ shape: "box", kind: "", ...part, detail: random.integer(2 ** 31) });
  const draft: Draft = { style, plan: planHouse(style, random), random, add };
  const { ground } = draft.plan;
  add({ label: "background", x: 0, y: 0, width: sceneSize, height: sceneSize });
  roofParts(draft);
  facadeParts(draft);
  add({ label: "pavement", x: 0, y: ground, width: sceneSize, height: sceneSize - ground });
  return { seed, style: name, materials: drawMaterials(style, random), weather: drawWeather(random), parts };
}

function drawMaterials(style: Style, random: Random): Materials {
  return {
    wall: style.wall,
    wallColour: random.pick(style.walls),
    trimColour: random.pick(style.trims),
    frameColour: random.pick(style.frames),
    shutterColour: random.pick(style.shutters),
    doorColour: random.pick(doors),
    awningColour: random.pick(awnings),
    roof: style.roof,
    roofColour: random.pick(style.roofColours),
  };
}

function drawWeather(random: Random): Weather {
  const grey = random.chance(0.25);
  return {
    sun: random.chance(0.5) ? -1 : 1,
    shadow: grey ? random.between(0.25, 0.4) : random.between(0.7, 1),
    sky: random.pick(grey ? greySkies : skies),
    clouds: grey ? 0 : random.between(0, 1),
  };
}
