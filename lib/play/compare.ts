/** A before/after slider: it shows one image over another, divided by a line that the user moves.
 * @module */
import { element, slider } from "./dom.ts";

/** Builds a before/after slider.
 * @param after The canvas to show. The canvas is moved into the slider.
 * @param before The canvas whose pixels are shown on the other side of the line. This canvas is not moved.
 * @returns The slider, and a function to call after the canvas `before` has changed. */
export function compareSlider(
  before: () => HTMLCanvasElement,
  after: HTMLCanvasElement,
): { root: HTMLElement; update: () => void } {
  const copy = element("canvas", { class: "before", "aria-hidden": true });
  const line = element("div", { class: "line" });
  const stage = element("div", { class: "stage compare" }, after, copy, line);
  const { label, input } = slider("Before and after", { min: 0, max: 100, step: 1, value: 0 }, (percent) => {
    stage.style.setProperty("--cut", `${percent}%`);
    stage.style.setProperty("--shown", percent === 0 ? "0" : "1");
  });
  input.title = "Share of the output that the input covers";
  const update = () => {
    const { width, height } = before();
    [copy.width, copy.height, copy.className] = [width, height, `before ${after.className}`];
    copy.getContext("2d")!.drawImage(before(), 0, 0);
  };
  return { root: element("div", { class: "comparison" }, stage, label), update };
}
