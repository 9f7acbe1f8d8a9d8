/** The same house built of something else: two styles of one world, as CycleGAN needs them.
 * @module */
import { seededRandom } from "../../../lib/data/random.ts";
import type { Scene } from "./scene.ts";
import { styles } from "./styles.ts";

/** What a house can be built of instead. */
export type Wall = "brick" | "plaster";

const built = { brick: styles.brick, plaster: styles.townhouse } as const;

/** A scene whose house is of brick, or of plaster; all parts stay where they are, so that the label map is the same.
 * @returns another scene; colours of the wall, the trim and the roof are drawn from its seed. */
export function builtOf(scene: Scene, wall: Wall): Scene {
  const random = seededRandom(scene.seed, 2);
  const { walls, trims, roof, roofColours } = built[wall];
  const materials = {
    ...scene.materials,
    wall,
    wallColour: random.pick(walls),
    trimColour: random.pick(trims),
    roof,
    roofColour: random.pick(roofColours),
  };
  return { ...scene, materials };
}
