/** The sizes that are timed.
 * @module */
import type { Option } from "../../lib/cli/options.ts";

/** What to time. */
export interface Configuration {
  /** Height and width of the pictures, pixels. */
  size: number;
  /** Filters of the first layer of both networks. */
  filters: number;
  /** Pictures in a step. */
  batch: number;
}

/** What the table has, unless told otherwise. */
export const CONFIGURATIONS: readonly Configuration[] = [
  { size: 64, filters: 32, batch: 1 },
  { size: 128, filters: 32, batch: 1 },
  { size: 256, filters: 64, batch: 1 },
  { size: 128, filters: 32, batch: 4 },
  { size: 128, filters: 32, batch: 16 },
];

/** "256/64/1": size, filters, batch. */
export function nameOf({ size, filters, batch }: Configuration): string {
  return `${size}/${filters}/${batch}`;
}

/** Reads a list of {@linkcode nameOf}'s names; without one it is {@linkcode CONFIGURATIONS}. */
export const only: Option<readonly Configuration[] | undefined> = {
  help: `For the table: which configurations, each as size/filters/batch. Default: ${CONFIGURATIONS.map(nameOf).join(",")}.`,
  value: "LIST",
  default: undefined,
  read(list) {
    return list.split(",").map((item) => {
      const numbers = item.trim().split("/").map(Number);
      if (numbers.length !== 3 || !numbers.every((number) => Number.isSafeInteger(number) && number > 0)) {
        throw new RangeError('wanted for example "64/32/1,256/64/1"');
      }
      const [size, filters, batch] = numbers as [number, number, number];
      return { size, filters, batch };
    });
  },
};
