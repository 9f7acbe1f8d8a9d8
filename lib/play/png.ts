/** Reads the numbers that a PNG file stores: palette indices, 16-bit values, and the colours of transparent pixels. A canvas
 * loses all of them.
 * @module */

/** The numbers that a PNG file stores. */
export interface StoredPixels {
  height: number;
  width: number;
  /** RGBA values, `4 * height * width`, from 0 to 2^depth - 1. Grey values are repeated. */
  data: Uint8Array | Uint16Array;
  depth: 8 | 16;
  /** Palette indices or, without a palette, the values of a grey file with their original number of bits. */
  numbers?: Uint8Array | Uint16Array;
  /** Whether the file has a colour profile. */
  profiled: boolean;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** Number of channels, keyed by the colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const GREY = 0, PALETTE = 3, GREY_ALPHA = 4;
/** Maximum number of pixels. */
const MOST_PIXELS = 2 ** 26;

interface Header {
  width: number;
  height: number;
  bits: number;
  colours: number;
}

/** Reads a PNG file.
 * @returns The numbers, or `undefined` if the file is not a PNG file, is damaged, or is interlaced. */
export async function storedPixels(blob: Blob): Promise<StoredPixels | undefined> {
  const head = new Uint8Array(await blob.slice(0, 8).arrayBuffer());
  if (!SIGNATURE.every((byte, i) => head[i] === byte)) return undefined;
  try {
    return await decode(new Uint8Array(await blob.arrayBuffer()));
  } catch {
    return undefined; // the browser reports what is wrong
  }
}

async function decode(file: Uint8Array<ArrayBuffer>): Promise<StoredPixels | undefined> {
  const chunks = chunksOf(file);
  const one = (name: string) => chunks.find((chunk) => chunk.name === name)?.data;
  const start = one("IHDR")!;
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  const header = { width: view.getUint32(0), height: view.getUint32(4), bits: start[8]!, colours: start[9]! };
  if (start[12] !== 0 || !(header.width * header.height <= MOST_PIXELS)) return undefined;
  const parts = chunks.filter(({ name }) => name === "IDAT").map(({ data }) => data);
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate"));
  const samples = samplesOf(new Uint8Array(await new Response(stream).arrayBuffer()), header);
  return { ...pixelsFrom(samples, header, one("PLTE"), one("tRNS")), profiled: one("iCCP") !== undefined };
}

function chunksOf(file: Uint8Array<ArrayBuffer>): { name: string; data: Uint8Array<ArrayBuffer> }[] {
  const view = new DataView(file.buffer);
  const chunks: { name: string; data: Uint8Array<ArrayBuffer> }[] = [];
  for (let at = SIGNATURE.length; at + 12 <= file.length;) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
    chunks.push({ name, data: file.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

/** Undoes the filters of the rows (PNG specification, section 9), and unpacks values of fewer or more than 8 bits.
 * @returns `height * width * channels` values. */
function samplesOf(bytes: Uint8Array, { width, height, bits, colours }: Header): Uint8Array | Uint16Array {
  const perRow = width * CHANNELS[colours]!;
  const [stride, step] = [Math.ceil(perRow * bits / 8), Math.max(1, CHANNELS[colours]! * bits >> 3)];
  if (bytes.length < height * (stride + 1)) throw new RangeError("the file ends too early");
  const samples = bits === 16 ? new Uint16Array(height * perRow) : new Uint8Array(height * perRow);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const filter = bytes[y * (stride + 1)]!;
    const row = bytes.slice(y * (stride + 1) + 1, (y + 1) * (stride + 1));
    for (let i = 0; i < stride; i++) {
      const [left, up, corner] = [row[i - step] ?? 0, above[i]!, above[i - step] ?? 0];
      row[i]! += [0, left, up, left + up >> 1, paeth(left, up, corner)][filter]!;
    }
    above = row;
    for (let i = 0; i < perRow; i++) {
      const at = i * bits >> 3;
      const value = bits === 16 ? row[2 * i]! << 8 | row[2 * i + 1]! : row[at]! >> 8 - bits - i * bits % 8 & (1 << bits) - 1;
      samples[y * perRow + i] = value;
    }
  }
  return samples;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value)) as [number, number, number];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function pixelsFrom(
  samples: Uint8Array | Uint16Array,
  { width, height, bits, colours }: Header,
  palette: Uint8Array | undefined,
  transparent: Uint8Array | undefined,
): Omit<StoredPixels, "profiled"> {
  const depth = bits === 16 ? 16 : 8;
  const most = 2 ** depth - 1;
  const data = depth === 16 ? new Uint16Array(4 * height * width) : new Uint8Array(4 * height * width);
  const channels = CHANNELS[colours]!;
  const isGrey = colours === GREY || colours === GREY_ALPHA;
  const factor = bits < 8 ? 255 / (2 ** bits - 1) : 1;
  const shift = (i: number) => transparent![2 * i]! << 8 | transparent![2 * i + 1]!;
  const hidden = transparent && colours !== PALETTE ? Array.from({ length: isGrey ? 1 : 3 }, (_, i) => shift(i)) : undefined;
  for (let pixel = 0; pixel < height * width; pixel++) {
    const of = samples.subarray(pixel * channels, (pixel + 1) * channels);
    const index = of[0]!;
    const isHidden = hidden?.every((value, i) => of[i] === value) ?? false;
    const rgba = colours === PALETTE
      ? [palette![3 * index]!, palette![3 * index + 1]!, palette![3 * index + 2]!, transparent?.[index] ?? 255]
      : isGrey
      ? [index * factor, index * factor, index * factor, of[1] ?? (isHidden ? 0 : most)]
      : [of[0]!, of[1]!, of[2]!, of[3] ?? (isHidden ? 0 : most)];
    data.set(rgba, 4 * pixel);
  }
  const numbers = colours === PALETTE || colours === GREY ? samples : undefined;
  return { height, width, data, depth, ...numbers && { numbers } };
}

/** Returns, for each pixel of an image of the given size, the index of the nearest pixel of a larger or smaller source.
 * @param fit Whether the source is cropped or stretched. */
export function nearestPixels(
  source: { height: number; width: number },
  size: { height: number; width: number },
  fit: "cover" | "fill",
): Uint32Array {
  const factor = Math.max(size.width / source.width, size.height / source.height);
  const [wide, high] = fit === "fill" ? [source.width, source.height] : [size.width / factor, size.height / factor];
  const [left, top] = [(source.width - wide) / 2, (source.height - high) / 2];
  return Uint32Array.from({ length: size.height * size.width }, (_, pixel) => {
    const x = Math.floor(left + (pixel % size.width + 0.5) * wide / size.width);
    const y = Math.floor(top + (Math.floor(pixel / size.width) + 0.5) * high / size.height);
    return y * source.width + x;
  });
}
