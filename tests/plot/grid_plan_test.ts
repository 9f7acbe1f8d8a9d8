import { assert, assertEquals } from "@std/assert";
import { planGrid } from "../../lib/plot/grid_plan.ts";
import { loadLettering } from "../../lib/plot/lettering.ts";
import { solid } from "./_helpers.ts";

Deno.test("planGrid() chooses a scale of about 128 pixels, and no wider than 1200", async () => {
  const lettering = await loadLettering();
  const cell = (size: number, columns: number): number =>
    planGrid(lettering, [Array.from({ length: columns }, () => solid([0, 0, 0], size))], {}).cell(0, 0).width;
  assertEquals(cell(28, 3), 140);
  assertEquals(cell(64, 3), 128);
  assertEquals(cell(256, 3), 256);
  assertEquals(cell(32, 20), 32);
});

Deno.test("planGrid() keeps cells apart, inside the canvas, and makes columns as wide as their names", async () => {
  const lettering = await loadLettering();
  const cells = [0, 1].map(() => [solid([0, 0, 0], 16), solid([0, 0, 0], 16)]);
  const columns = ["a rather long name", "b"];
  const plan = planGrid(lettering, cells, { columns, rows: ["first.jpg", "second.jpg"], caption: "word ".repeat(40), scale: 1 });
  const [first, second, below] = [plan.cell(0, 0), plan.cell(0, 1), plan.cell(1, 0)];
  assert(second.left - first.left >= lettering.measure(columns[0]!, 15));
  assert(first.left > lettering.measure("second.jpg", 13));
  assert(below.top >= first.top + first.height);
  assert(plan.width >= second.left + second.width && plan.height > below.top + below.height + 3 * 13);
});
