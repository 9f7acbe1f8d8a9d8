/** A scene as a photo by day: the same parts as in the label map, each painted by the painter of its class.
 * @module */
import { seededRandom } from "../../../lib/data/random.ts";
import { paintBalcony, paintBlind, paintDeco } from "./paint/additions.ts";
import { type Brush, sunlight } from "./paint/brush.ts";
import { paintDoor } from "./paint/doors.ts";
import { paintRoof } from "./paint/roofs.ts";
import { paintSky } from "./paint/sky.ts";
import { paintCornice, paintMolding, paintPillar, paintSill } from "./paint/stone.ts";
import { paintPavement, paintShop } from "./paint/street.ts";
import { paintFacade } from "./paint/walls.ts";
import { paintWindow } from "./paint/windows.ts";
import type { Label } from "./palette.ts";
import { type Part, type Scene, sceneSize } from "./scene.ts";
import { Sheet } from "./svg.ts";

const painters: Record<Label, (brush: Brush, part: Part) => void> = {
  background: paintSky,
  facade: paintFacade,
  window: paintWindow,
  door: paintDoor,
  cornice: paintCornice,
  sill: paintSill,
  balcony: paintBalcony,
  blind: paintBlind,
  deco: paintDeco,
  molding: paintMolding,
  pillar: paintPillar,
  shop: paintShop,
  roof: paintRoof,
  pavement: paintPavement,
};

/** A scene's photo as an SVG picture; the camera's grain is added when it is rasterised.
 * @param size height and width in pixels. Default 256. */
export function renderPhoto(scene: Scene, size: number = sceneSize): string {
  const sheet = new Sheet();
  paintParts(sheet, scene);
  sunlight(sheet, scene);
  return sheet.toString(size);
}

/** Paints all parts of a scene by day, back to front.
 * @param after is told of each part once it is painted, and may paint over it: another season, another hour.
 * @param instead may paint a part in its own way, and then returns true. */
export function paintParts(
  sheet: Sheet,
  scene: Scene,
  after?: (brush: Brush, part: Part) => void,
  instead?: (brush: Brush, part: Part) => boolean,
): void {
  for (const part of scene.parts) {
    const brush = { sheet, scene, random: seededRandom(part.detail) };
    if (!instead?.(brush, part)) painters[part.label](brush, part);
    after?.({ ...brush, random: seededRandom(part.detail, 1) }, part);
  }
}
