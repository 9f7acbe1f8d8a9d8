/** Draws a network from its layers, as papers do: a plate for each block, as wide as its feature maps and as thick as its number
 * of channels.
 *
 * Networks that halve and then double the size of an image are drawn as a U, as in the paper on the U-Net (Ronneberger et al.,
 * 2015, arXiv:1505.04597, figure 1), with plates of the same size at the same height. Other networks are drawn from top to
 * bottom, with inputs that join later, such as labels, on the right.
 * @module */
import type * as tf from "../tf.ts";
import { arrow, type Drawing, drawing, lines, type Point, pointsText, round, titleOf, words } from "./drawing.ts";
import { type Block, networkBlocks } from "./network_blocks.ts";
import { colourOf } from "./style.ts";

/** Options for {@linkcode architecture}. */
export interface ArchitectureOptions {
  /** Title. Default: the name of the network, such as "generator". */
  title?: string;
}

/** Widths of the text, of the largest plate, and of the space between the columns, in pixels. */
const [TEXT, PLATE, GUTTER] = [200, 78, 44];
/** Distances between lines of text and between rows. */
const [LINE, GAP] = [18, 18];
const SIZE_SIZE = 17;

/** A block at its position in the drawing. */
interface Placed {
  block: Block;
  column: 0 | 1;
  row: number;
  text: string[];
  /** Centre of the front of the plate. */
  x: number;
  y: number;
  /** Half of the height of the row. */
  half: number;
  /** Size of the front of the plate, and offset of its back. */
  width: number;
  thickness: number;
  depth: Point;
}

/** Draws a network. Each block shows its output size (height × width × channels) and what it does.
 *
 * @example
 * ```ts
 * import { plot, unet } from "./mod.ts";
 *
 * const drawing = plot.architecture(unet({ size: 256 }));
 * await plot.show(drawing, { file: "unet.svg" });
 * ```
 * @param network A network, such as `model.networks.generator`.
 * @throws {TypeError} If the argument is not a network. */
export function architecture(network: tf.LayersModel, options: ArchitectureOptions = {}): Drawing {
  if (!Array.isArray(network?.outputs)) {
    const got = (network as { networks?: object } | undefined)?.networks;
    const cure = got ? `choose one: ${Object.keys(got).map((name) => `model.networks.${name}`).join(", ")}` : "pass a network";
    throw new TypeError(
      `Cannot draw the architecture: expected a tf.LayersModel, got ${got ? "a model" : typeof network}; ${cure}`,
    );
  }
  const blocks = networkBlocks(network);
  const placed = place(blocks, network.outputs.length > 1);
  const two = placed.some(({ column }) => column === 1);
  const width = two ? 2 * (TEXT + PLATE) + GUTTER : GUTTER / 2 + PLATE + TEXT;
  const title = options.title ?? network.name;
  const top = 52;
  const bottom = setRows(placed, top, two);
  const notes = lines([noteOf(blocks)], width - 8);
  const colour = colourOf(network.name);
  const elements = [
    words(title, 4, 20, { size: 19, weight: 600 }),
    words(`${network.countParams().toLocaleString("en-US")} weights`, 4, 40),
    ...edges(placed, two),
    ...placed.map((one) => `<g>${titleOf(one.block.layers.join(", "))}${plate(one, colour)}${label(one, two)}</g>`),
    ...brackets(placed, two),
    ...notes.map((line, i) => words(line, 4, bottom + 16 + i * LINE)),
  ];
  return drawing(title, textOf(blocks), { width, height: bottom + 10 + notes.length * LINE }, elements);
}

function textOf(blocks: Block[]): string {
  const skips = blocks.flatMap(({ from }) => from.slice(1)).filter((source) => isSkip(source, blocks)).length;
  const listed = blocks.map(({ does, shape, repeat: { times } }) =>
    `${does.join(", ")}: ${shape.join("×")}${times > 1 ? ` (× ${times})` : ""}`
  );
  return `Network of ${blocks.length} blocks. ${listed.join("; ")}.${skips > 0 ? ` Skip connections: ${skips}.` : ""}`;
}

function noteOf(blocks: Block[]): string {
  return [
    "Width of a plate: side of the feature maps; thickness: number of channels (log scales).",
    blocks.some(({ from }) => from.slice(1).some((source) => isSkip(source, blocks))) ? "Dashed: skip connections." : "",
    blocks.some(({ joined }) => joined > 0) ? "Outlined: concatenated channels." : "",
  ].filter(Boolean).join(" ");
}

/** Returns whether several blocks read a block, so that its arrows other than the main one are skip connections. */
function isSkip(block: Block, blocks: Block[]): boolean {
  return blocks.filter(({ from }) => from.includes(block)).length > 1;
}

/** Assigns a column and a row to each block. */
function place(blocks: Block[], named: boolean): Placed[] {
  const main: Block[] = [];
  for (let block = blocks.findLast((one) => !blocks.some(({ from }) => from.includes(one))); block; block = block.from[0]) {
    main.unshift(block);
  }
  const others = blocks.filter((block) => !main.includes(block));
  const at = others.length > 0 ? inRows(main, others) : inU(main);
  const start = { x: 0, y: 0, half: 0 };
  return blocks.map((block) => ({ block, ...at.get(block)!, text: textLines(block, named), ...start, ...plateSize(block) }));
}

type Position = { column: 0 | 1; row: number };

/** Places the main blocks in the left column, and each other block on the right, above or beside the block that it joins. */
function inRows(main: Block[], others: Block[]): Map<Block, Position> {
  const at = new Map<Block, Position>();
  let [row, used] = [0, 0];
  for (const block of main) {
    const joining = others.filter((one) => !at.has(one) && reaches(one, block, others));
    row = Math.max(row, used + joining.length - 1);
    joining.forEach((one, i) => at.set(one, { column: 1, row: row - joining.length + 1 + i }));
    if (joining.length > 0) used = row + 1;
    at.set(block, { column: 0, row: row++ });
  }
  for (const block of others) if (!at.has(block)) at.set(block, { column: 1, row: Math.max(used++, row - 1) });
  return at;
}

function reaches(source: Block, target: Block, others: Block[]): boolean {
  return target.from.includes(source) || others.some((one) => target.from.includes(one) && reaches(source, one, others));
}

/** Places the blocks in one column, or in a U if the images first shrink and then grow. */
function inU(main: Block[]): Map<Block, Position> {
  const areas = main.map(({ shape }) => shape.length < 3 ? 1 : shape[0]! * shape[1]!);
  const least = Math.min(...areas);
  const turn = areas.lastIndexOf(least);
  const bends = areas[0]! > least && turn < areas.length - 1;
  const at = main.map((block, row): [Block, Position] => [block, { column: 0, row }]);
  if (!bends) return new Map(at);
  for (let i = turn + 1, row = turn; i < main.length; i++) {
    const same = areas.slice(0, Math.max(row, 0)).lastIndexOf(areas[i]!);
    row = same < 0 ? row - 1 : same;
    at[i]![1] = { column: 1, row };
  }
  const top = Math.min(...at.map(([, { row }]) => row));
  return new Map(at.map(([block, { column, row }]) => [block, { column, row: row - top }]));
}

function textLines({ does, twins, outputs, input }: Block, named: boolean): string[] {
  const joined = twins > 1 ? [`${twins} × ${does[0]}`, ...does.slice(1)] : does;
  const out = named && outputs.length > 0 ? lines([`output: ${outputs.join(", ")}`], TEXT - 7) : [];
  return [...lines(input && joined[0] !== "input" ? [`input: ${joined}`] : joined, TEXT - 7), ...out];
}

function plateSize({ shape }: Block): Pick<Placed, "width" | "thickness" | "depth"> {
  const [height, width] = shape.length < 3 ? [1, 1] : shape as [number, number];
  const scaled = (side: number) => 8 + 4.8 * Math.log2(side);
  return { width: scaled(width), thickness: 4 + 3 * Math.log2(shape.at(-1)!), depth: [scaled(height) / 3, -scaled(height) / 5] };
}

/** Sets the positions of the plates in pixels, with rows as high as their text.
 * @returns The lower end. */
function setRows(placed: Placed[], top: number, two: boolean): number {
  const rows = Math.max(...placed.map(({ row }) => row)) + 1;
  for (let row = 0; row < rows; row++) {
    const inRow = placed.filter((one) => one.row === row);
    const heights = inRow.map(({ text, thickness, depth }) => Math.max((text.length + 1) * LINE, thickness - depth[1]));
    const height = Math.max(...heights);
    for (const one of inRow) {
      one.x = one.column === 1 ? TEXT + PLATE + GUTTER + PLATE / 2 - 8 : two ? TEXT + PLATE / 2 : GUTTER / 2 + PLATE / 2 - 8;
      one.y = top + height / 2 - one.depth[1] / 2;
      one.half = height / 2 + 5;
    }
    top += height + GAP;
  }
  return top;
}

/** Draws the plate: front, top and right side. Concatenated channels are outlined. */
function plate({ block, x, y, width, thickness, depth: [dx, dy] }: Placed, colour: string): string {
  const [left, right, top, bottom] = [x - width / 2, x + width / 2, y - thickness / 2, y + thickness / 2];
  const own = bottom - thickness * block.joined / block.shape.at(-1)!;
  const face = (corners: Point[], opacity: number) => {
    const stroke = opacity < 0.3 ? ` stroke="${colour}"` : "";
    return `<polygon points="${pointsText(corners)}" fill="${colour}" fill-opacity="${opacity}"${stroke}/>`;
  };
  const sides = (from: number, to: number, opacity: number) =>
    face([[left, from], [right, from], [right, to], [left, to]], opacity) +
    face([[right, from], [right + dx, from + dy], [right + dx, to + dy], [right, to]], opacity * 0.7);
  return face([[left, top], [left + dx, top + dy], [right + dx, top + dy], [right, top]], 0.45) + sides(top, own, 1) +
    (block.joined > 0 ? sides(own, bottom, 0.2) : "");
}

function label({ block, column, x, y, depth, text }: Placed, two: boolean): string {
  const outer = two && column === 0;
  const at = outer ? TEXT - 4 : x + PLATE / 2 + 10;
  const anchor = outer ? "end" : "start";
  const top = y + depth[1] / 2 - (text.length + 1) * LINE / 2;
  return words(block.shape.join(" × "), at, top + 15, { size: SIZE_SIZE, weight: 600, anchor }) +
    text.map((line, i) => words(line, at, top + 15 + (i + 1) * LINE, { anchor })).join("");
}

/** Draws the arrows between the plates. */
function edges(placed: Placed[], two: boolean): string[] {
  const of = new Map(placed.map((one) => [one.block, one]));
  const blocks = placed.map(({ block }) => block);
  let lane = 0;
  return placed.flatMap((to) =>
    to.block.from.map((source, i) => {
      const from = of.get(source)!;
      const dashed = i > 0 && isSkip(source, blocks);
      return arrow(route(from, to, placed, () => two ? TEXT + PLATE + 12 + 9 * (lane++ % 4) : 14 - 5 * (lane++ % 2)), { dashed });
    })
  );
}

/** Returns the corners of an arrow. An arrow to another row of the same column passes other plates on a lane of its own. */
function route(from: Placed, to: Placed, placed: Placed[], lane: () => number): Point[] {
  const outside = (one: Placed, right: boolean): Point =>
    right ? [one.x + one.width / 2 + one.depth[0] + 3, one.y + one.depth[1] / 2] : [one.x - one.width / 2 - 3, one.y];
  const above = (one: Placed): Point => [one.x, one.y - one.thickness / 2 + one.depth[1] - 2];
  const below = (one: Placed): Point => [one.x, one.y + one.thickness / 2 + 2];
  if (from.column === to.column) {
    const between = placed.some(({ column, row }) => column === to.column && (row - from.row) * (row - to.row) < 0);
    if (!between) return from.row < to.row ? [below(from), above(to)] : [above(from), below(to)];
    const right = to.column === 0 && placed.some(({ column }) => column === 1);
    const x = lane();
    const [[startX, startY], [endX, endY]] = [outside(from, right), outside(to, right)];
    return [[startX, startY], [x, startY], [x, endY - 4], [endX, endY - 4]]; // leaves room for an arrow that starts here
  }
  const [start, end] = [outside(from, from.column === 0), outside(to, to.column === 0)];
  if (from.row === to.row) return [start, [end[0], start[1]]];
  if (from.column === 0 && to.row < from.row) return [[start[0], start[1] + 4], [to.x, start[1] + 4], below(to)];
  const x = lane();
  return [start, [x, start[1]], [x, end[1]], end];
}

/** Draws a frame around each group of blocks that repeats. */
function brackets(placed: Placed[], two: boolean): string[] {
  return placed.filter(({ block: { repeat } }) => repeat.times > 1 && repeat.index === 0).map((first) => {
    const { times, length } = first.block.repeat;
    const group = placed.slice(placed.indexOf(first), placed.indexOf(first) + length);
    const top = Math.min(...group.map(({ y, depth, half }) => y + depth[1] / 2 - half));
    const height = Math.max(...group.map(({ y, depth, half }) => y + depth[1] / 2 + half)) - top;
    const outer = two && first.column === 0;
    const [left, width] = [outer ? 1 : first.x - PLATE / 2 - 2, TEXT + PLATE + (two ? 6 : 12)];
    const frame = `x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" rx="8"`;
    const style = { size: SIZE_SIZE, weight: 600, anchor: outer ? "start" : "end" } as const;
    return `<rect ${frame} fill="none" stroke="currentColor" stroke-dasharray="2 3"/>` +
      words(`× ${times}`, outer ? left + 10 : left + width - 10, top + 20, style);
  });
}
