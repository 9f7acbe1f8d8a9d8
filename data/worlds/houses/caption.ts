/** The language of the houses: "a red house with two windows". All that it can say, how it is written, read, and made a vector.
 * @module */
import * as tf from "../../../lib/tf.ts";

/** Colours of walls, `[red, green, blue]` from 0 to 255. */
export const wallColours = {
  red: [196, 62, 52],
  yellow: [233, 192, 72],
  green: [98, 158, 84],
  blue: [74, 122, 204],
  purple: [146, 92, 176],
  white: [234, 230, 220],
} as const satisfies Record<string, readonly [number, number, number]>;

/** One of {@linkcode wallColours}. */
export type WallColour = keyof typeof wallColours;

/** Names of the colours. */
export const colourNames = Object.keys(wallColours) as WallColour[];
/** Words for how many windows there are, from one on. */
export const numberWords: readonly string[] = ["one", "two", "three", "four"];

/** What a caption says. */
export interface HouseFacts {
  colour: WallColour;
  /** From 1 to 4; 0 where `recoverHouse` finds none. */
  windows: number;
}

/** How many numbers are in a caption's vector: a place for each pair of words that it can say. */
export const captionSize: number = colourNames.length + numberWords.length;

/** Every caption that there is. */
export const allCaptions: readonly string[] = colourNames.flatMap((colour) =>
  numberWords.map((_, i) => captionOf({ colour, windows: i + 1 }))
);

/** Says it: "a red house with two windows". */
export function captionOf({ colour, windows }: HouseFacts): string {
  return `a ${colour} house with ${numberWords[windows - 1]} ${windows === 1 ? "window" : "windows"}`;
}

/** Reads it. Capitals, commas and the words a, with and and do not matter.
 * @throws {RangeError} if it says anything else than a house's colour and how many windows it has. */
export function readCaption(caption: string): HouseFacts {
  const words = caption.toLowerCase().replaceAll(/[.,]/g, " ").split(/\s+/).filter((word) =>
    word && !["a", "with", "and"].includes(word)
  );
  const [colour, house, number, windows] = words;
  const known = words.length === 4 && house === "house" && /^windows?$/.test(windows!);
  if (known && Object.hasOwn(wallColours, colour!) && numberWords.includes(number!)) {
    return { colour: colour as WallColour, windows: numberWords.indexOf(number!) + 1 };
  }
  throw new RangeError(
    `Cannot read the caption "${caption}": wanted one like "a red house with two windows", with a colour of ${
      colourNames.join(", ")
    } and a number of ${numberWords.join(", ")}; say it so`,
  );
}

/** Captions as vectors. Each place stands for a pair of words that belong together ("red house", "two windows"), with 1 where the caption has it
 * and 0 elsewhere: a bag of word pairs, which unlike one of single words would also tell "a red house with a blue door" from its opposite.
 * @returns `[captions, captionSize]`.
 * @throws {RangeError} if one cannot be read. */
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
