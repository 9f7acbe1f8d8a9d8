/** Reads values from the state in a link. A link may come from anyone, so invalid values are ignored.
 * @module */

/** Returns a value as an object, or an empty object if it is not one. */
export function recordIn(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {};
}

/** Returns a value as an array with at most `most` elements, or an empty array if it is not an array. */
export function listIn(value: unknown, most: number): unknown[] {
  return Array.isArray(value) ? value.slice(0, most) : [];
}

/** Returns a value if it is an integer from `min` to `max`. */
export function integerIn(value: unknown, min: number, max: number): number | undefined {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max ? value as number : undefined;
}

/** Returns a value if it is a number, clipped to the range from `min` to `max`. */
export function numberIn(value: unknown, min: number, max: number): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? Math.min(max, Math.max(min, value)) : undefined;
}

/** Returns a value as a string with at most `most` characters, or "" if it is not a string. */
export function textIn(value: unknown, most: number): string {
  return typeof value === "string" ? value.slice(0, most) : "";
}
