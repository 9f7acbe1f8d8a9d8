import { assertEquals, assertThrows } from "@std/assert";
import { qualityFigure } from "../../lib/plot/quality.ts";
import { COLOUR_OF } from "../../lib/plot/style.ts";

const point = (epoch: number, seconds: number, values: Record<string, number>) => ({ epoch, seconds, values });
const HISTORY = [point(0, 0, { l1: 0.5 }), point(1, 300, { l1: 0.2, ssim: 0.6 }), point(4, 1200, { l1: 0.1, ssim: 0.8 })];
const OPTIONS = { title: "Quality", metrics: { l1: "L1", ssim: "SSIM" }, y: { title: "Score" } };

Deno.test("qualityFigure() draws each metric against time, with a marker for each measurement", () => {
  const { data, layout } = qualityFigure(HISTORY, { ...OPTIONS, caption: "On test images.", levels: { perfect: 1 } });
  assertEquals(data.map(({ name, x, y, mode }) => ({ name, x, y, mode })), [
    { name: "L1", x: [0, 5, 20], y: [0.5, 0.2, 0.1], mode: "lines+markers" },
    { name: "SSIM", x: [0, 5, 20], y: [null, 0.6, 0.8], mode: "lines+markers" },
  ]);
  assertEquals((layout["shapes"] as { y0: number }[]).map(({ y0 }) => y0), [1]);
  assertEquals((layout["meta"] as { caption: string }).caption, "After epochs 0, 1, 4. On test images.");
});

Deno.test("qualityFigure() chooses the unit of time", () => {
  for (const [seconds, title] of [[90, "seconds"], [600, "minutes"], [7200, "hours"]] as const) {
    const { layout } = qualityFigure([point(1, seconds, { l1: 1 })], { ...OPTIONS, metrics: { l1: "L1" } });
    assertEquals((layout["xaxis"] as { title: { text: string } }).title.text, `Training time, in ${title}`);
  }
});

Deno.test("qualityFigure() draws metrics in colours that no network or loss has", () => {
  const history = [point(0, 0, { a: 1, b: 2, c: 3 })];
  const { data } = qualityFigure(history, { ...OPTIONS, metrics: { a: "A", b: "B", c: "C" } });
  const styles = data.map(({ line, marker }) => ({ ...line as object, ...marker as object }) as Record<string, string>);
  assertEquals(new Set(styles.map(({ color }) => color)).size, 3);
  assertEquals(new Set(styles.map(({ symbol }) => symbol)).size, 3);
  const taken = ["generator", "discriminator", "l1", "identity", "kl"].map((name) => COLOUR_OF[name]);
  assertEquals(styles.filter(({ color }) => taken.includes(color!)), []);
});

Deno.test("qualityFigure() throws on a metric that the history does not have, and on too many", () => {
  const draw = (metrics: Record<string, string>) => () => qualityFigure(HISTORY, { ...OPTIONS, metrics });
  assertThrows(draw({ l2: "L2" }), RangeError, "one to 3 of the metrics l1, ssim, got l2; change metrics");
  assertThrows(draw({}), RangeError, "got none");
});
