/** Reads the values of a link's state. They come from whoever made the link: what does not fit is left out.
 * @module */

/** A value of a link as an object; an empty one if it is none. */
export function recordIn(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

/** A value of a link as an array with at most `most` elements; an empty one if it is none. */
export function listIn(value: unknown, most: number): unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}

/** A value of a link as an integer from `min` to `max`, if it is one. */
export function integerIn(value: unknown, min: number, max: number): number | undefined {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? value as number : undefined;
}

/** A value of a link as a number, if it is one; clipped to the range from `min` to `max`. */
export function numberIn(value: unknown, min: number, max: number): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : undefined;
}

/** A value of a link as a text with at most `most` characters; "" if it is none. */
export function textIn(value: unknown, most: number): string {
  return typeof value === "string" ? value.slice(0, most) : "";
}
