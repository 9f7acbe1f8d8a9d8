/** A bar chart of the probability of each class.
 * @module */
import { element } from "../dom.ts";

/** Maximum number of bars. If there are more classes, only the most probable classes are shown. */
const ALL = 12;
const MOST_PROBABLE = 10;

/** A bar chart of class probabilities. */
export class Bars {
  readonly root: HTMLElement;
  readonly #names: readonly string[];
  readonly #rows: { row: HTMLElement; name: HTMLElement; bar: HTMLElement; percent: HTMLElement }[];
  /** The class that the last text named. */
  #said = "";

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#rows = names.slice(0, names.length > ALL ? MOST_PROBABLE : ALL).map((text) => {
      const name = element("span", { class: "name" }, text);
      const bar = element("span", { class: "fill" });
      const percent = element("span", { class: "percent" });
      const row = element("li", {}, name, element("span", { class: "bar", "aria-hidden": "true" }, bar), percent);
      return { row, name, bar, percent };
    });
    this.root = element("ol", { class: "bars", "aria-label": "Probability of each class" }, ...this.#rows.map(({ row }) => row));
    this.clear();
  }

  /** Clears the bars. */
  clear(): void {
    this.#said = "";
    for (const { row, bar, percent } of this.#rows) {
      row.classList.remove("top");
      bar.style.width = "0";
      percent.textContent = "";
    }
  }

  /** Shows probabilities.
   * @returns Text about the most probable class, if the class has changed. */
  show(probabilities: Float32Array): string | undefined {
    const order = this.#names.map((_, i) => i).sort((a, b) => probabilities[b]! - probabilities[a]!);
    const top = order[0]!;
    const shown = this.#names.length > ALL ? order : this.#names.map((_, i) => i);
    this.#rows.forEach(({ row, name, bar, percent }, i) => {
      const which = shown[i]!;
      row.classList.toggle("top", which === top);
      name.textContent = this.#names[which]!;
      bar.style.width = `${100 * probabilities[which]!}%`;
      percent.textContent = percentOf(probabilities[which]!);
    });
    if (this.#said === this.#names[top]) return undefined;
    this.#said = this.#names[top]!;
    return `The model says: ${this.#said} (${percentOf(probabilities[top]!)})`;
  }
}

function percentOf(probability: number): string {
  return `${(100 * probability).toFixed(probability > 0.9995 || probability < 0.0005 ? 0 : 1)}%`;
}
