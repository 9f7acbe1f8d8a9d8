/** House captions such as "a red house with two windows": their vocabulary, and functions that write, parse and embed them.
 * @module */
import * as tf from "../../../lib/tf.ts";

/** Wall colours as `[red, green, blue]`, with components from 0 to 255. */
export const wallColours = {
  red: [196, 62, 52],
  yellow: [233, 192, 72],
  green: [98, 158, 84],
  blue: [74, 122, 204],
  purple: [146, 92, 176],
  white: [234, 230, 220],
} as const satisfies Record<string, readonly [number, number, number]>;

/** Name of a wall colour. */
export type WallColour = keyof typeof wallColours;

/** Names of the wall colours. */
export const colourNames = Object.keys(wallColours) as WallColour[];
/** Words for the numbers of windows, starting with "one". */
export const numberWords: readonly string[] = ["one", "two", "three", "four"];

/** Content of a caption. */
export interface HouseFacts {
  colour: WallColour;
  /** Number of windows, from 1 to 4, or 0 if `recoverHouse` finds none. */
  windows: number;
}

/** Length of a caption embedding: the number of colours plus the number of possible window counts. */
export const captionSize: number = colourNames.length + numberWords.length;

/** All captions. */
export const allCaptions: readonly string[] = colourNames.flatMap((colour) =>
  numberWords.map((_, i) => captionOf({ colour, windows: i + 1 }))
);

/** Returns the caption of a house, such as "a red house with two windows". */
export function captionOf({ colour, windows }: HouseFacts): string {
  return `a ${colour} house with ${numberWords[windows - 1]} ${windows === 1 ? "window" : "windows"}`;
}

/** Parses a caption, ignoring case, commas, full stops and the words "a", "with" and "and".
 * @throws {RangeError} If the caption does not state a house's colour and number of windows. */
export function readCaption(caption: string): HouseFacts {
  const words = caption.toLowerCase().replaceAll(/[.,]/g, " ").split(/\s+/).filter((word) =>
    word && !["a", "with", "and"].includes(word)
  );
  const [colour, house, number, windows] = words;
  const isHouse = words.length === 4 && house === "house" && /^windows?$/.test(windows!);
  if (isHouse && Object.hasOwn(wallColours, colour!) && numberWords.includes(number!)) {
    return { colour: colour as WallColour, windows: numberWords.indexOf(number!) + 1 };
  }
  throw new RangeError(
    `Cannot read the caption "${caption}": expected one like "a red house with two windows"; ` +
      `use one of the colours ${colourNames.join(", ")} and one of the numbers ${numberWords.join(", ")}`,
  );
}

/** Embeds captions as vectors of zeros and ones (bags of word pairs). Each element stands for a word pair, such as "red house" or
 * "two windows", and is 1 if the caption contains the pair. Unlike a bag of words, a bag of word pairs can distinguish "a red
 * house with a blue door" from "a blue house with a red door".
 * @returns `[captions, captionSize]`.
 * @throws {RangeError} If a caption cannot be parsed. */
export function embedCaptions(captions: readonly string[]): tf.Tensor2D {
  const rows = captions.map((caption) => {
    const { colour, windows } = readCaption(caption);
    const row = new Array<number>(captionSize).fill(0);
    row[colourNames.indexOf(colour)] = 1;
    row[colourNames.length + windows - 1] = 1;
    return row;
  });
  return tf.tensor2d(rows, [rows.length, captionSize]);
}
