/// <reference lib="dom" />
/** Builds elements of a page.
 * @module */

/** Attributes and event listeners of an element: `{ class: "tools", disabled: true, onclick: () => … }`. A function becomes a
 * listener, and `true` sets an attribute without a value. An attribute that is `false` or `undefined` is omitted. */
export type Attributes = Record<string, string | number | boolean | undefined | ((event: never) => unknown)>;

/** Builds an element.
 * @param tag Name of the element, such as "button".
 * @param attributes Attributes and event listeners.
 * @param children Elements and strings. Strings become text, never HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.replace(/^on/, ""), value as EventListener);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : `${value}`);
  }
  made.append(...children);
  return made;
}

/** Builds a button. */
export function button(text: string, press: () => unknown, attributes: Attributes = {}): HTMLButtonElement {
  return element("button", { type: "button", onclick: press, ...attributes }, text);
}

/** Builds a check box with its label. */
export function checkBox(text: string, change: (checked: boolean) => unknown, checked = false): HTMLLabelElement {
  const box: HTMLInputElement = element("input", { type: "checkbox", checked, onchange: () => change(box.checked) });
  return element("label", { class: "check" }, box, ` ${text}`);
}

/** Builds a slider with its label.
 * @param change Called with the new value while the user moves the slider.
 * @returns The label, and the slider inside it. */
export function slider(
  text: string,
  range: { min: number; max: number; step: number; value: number },
  change: (value: number) => unknown,
): { label: HTMLLabelElement; input: HTMLInputElement } {
  const input: HTMLInputElement = element("input", { type: "range", ...range, oninput: () => change(input.valueAsNumber) });
  return { label: element("label", { class: "slider" }, element("span", {}, text), input), input };
}

/** Builds a group of buttons, one of which is pressed, such as the tools of a drawing board.
 * @param name Name of the group, for screen readers.
 * @param choices Texts of the buttons, keyed by value.
 * @param choose Called with the value of the button that the user presses.
 * @returns The group, and a function that presses a button without calling `choose`. */
export function choices<Value extends string>(
  name: string,
  choices: Record<Value, string>,
  chosen: Value,
  choose: (value: Value) => unknown,
): { group: HTMLElement; press: (value: Value) => void } {
  const buttons = (Object.entries(choices) as [Value, string][]).map(([value, text]) => ({
    value,
    made: button(text, () => {
      press(value);
      choose(value);
    }),
  }));
  const press = (wanted: Value) => {
    for (const { value, made } of buttons) made.setAttribute("aria-pressed", `${value === wanted}`);
  };
  press(chosen);
  const group = element("div", { class: "choices", role: "group", "aria-label": name }, ...buttons.map(({ made }) => made));
  return { group, press };
}

/** Builds a canvas of the size of an image. The style sheet enlarges the canvas.
 * @param label Description for screen readers. */
export function canvas({ height, width }: { height: number; width: number }, label?: string): HTMLCanvasElement {
  const role = label === undefined ? {} : { role: "img", "aria-label": label };
  return element("canvas", { height, width, class: Math.max(height, width) <= 128 ? "pixels" : "", ...role });
}

/** Builds a figure with its caption. */
export function figure(caption: string, ...children: Node[]): HTMLElement {
  return element("figure", {}, ...children, element("figcaption", {}, caption));
}

/** Returns the drawing context of a canvas. */
export function contextOf(drawn: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = drawn.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("Cannot draw: the browser does not support canvas; use a current browser");
  return context;
}
