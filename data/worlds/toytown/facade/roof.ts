/** Adds the parts of a roof: chimneys, gables and dormers.
 * @module */
import type { Draft } from "./plan.ts";

/** Adds the roof. The wall is added later, in front of the roof. */
export function addRoof(draft: Draft): void {
  const { plan } = draft;
  if (plan.roof === "flat") return;
  addChimneys(draft);
  if (plan.roof === "gable") return addGables(draft);
  const { left, right, roofTop, wallTop } = plan;
  const eaves = 5;
  const shape = right - left > 256 ? "box" : "trapezoid";
  const box = { x: left - eaves, y: roofTop, width: right - left + 2 * eaves, height: wallTop - roofTop + 2 };
  draft.add({ label: "roof", shape, ...box, kind: plan.roof });
  addDormers(draft);
}

function addChimneys({ plan, random, add }: Draft): void {
  const count = random.integer(3);
  for (let i = 0; i < count; i++) {
    const width = random.between(8, 13);
    const x = plan.left + (plan.right - plan.left) * random.between(0.25, 0.75) - width / 2;
    const y = plan.roofTop - random.between(6, 11);
    add({ label: "roof", x, y, width, height: plan.wallTop - plan.roofTop, kind: "chimney" });
  }
}

/** Adds triangular gable walls, with a strip of roof along their edges. */
function addGables({ plan, random, add }: Draft): void {
  const { left, right, roofTop, wallTop } = plan;
  const count = right - left > 200 ? 2 : 1;
  const width = (right - left) / count;
  const edge = 7;
  for (let i = 0; i < count; i++) {
    const x = left + i * width;
    const verge = { x: x - edge, y: roofTop - edge, width: width + 2 * edge, height: wallTop - roofTop + edge + 2 };
    add({ label: "roof", shape: "triangle", ...verge, kind: "edge" });
    add({ label: "facade", shape: "triangle", x, y: roofTop, width, height: wallTop - roofTop + 1, kind: "gable" });
    const size = random.between(12, 16);
    const attic = { x: x + (width - size) / 2, y: wallTop - size - 4, width: size, height: size + 3 };
    add({ label: "window", shape: "arch", ...attic, kind: "attic" });
  }
}

function addDormers({ plan, random, add, style }: Draft): void {
  if (random.chance(0.35)) return;
  const height = (plan.wallTop - plan.roofTop) * 0.62;
  const every = random.chance(0.5) ? 1 : 2;
  const shape = style.roof === "slate" ? "segment" : "triangle";
  for (const [i, bay] of plan.bays.entries()) {
    const middle = bay.start + bay.length / 2;
    const fits = middle - plan.left > 34 && plan.right - middle > 34;
    if (i % every !== 0 || !fits) continue;
    const width = Math.min(bay.length * 0.36, 18);
    const y = plan.wallTop - height - 1;
    add({ label: "facade", x: middle - width / 2 - 3, y: y + 3, width: width + 6, height: height - 2, kind: "dormer" });
    add({ label: "window", x: middle - width / 2, y: y + 6, width, height: height - 8, kind: "cross" });
    add({ label: "cornice", shape, x: middle - width / 2 - 5, y: y - 3, width: width + 10, height: 8, kind: "dormer" });
  }
}
