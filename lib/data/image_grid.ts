/** Images that are stored in a temporary file instead of memory, and read and written one region at a time.
 *
 * The file has the native format of libvips, which sharp can write and read without holding the image in memory: a header of 64
 * bytes, followed by the pixels.
 * @module */
import { join } from "node:path";
import type { Sharp } from "../packages.ts";
import { firstLine } from "./errors.ts";
import { GridFile, TEMPORARY } from "./grid_file.ts";
import { decodeReason, failOn, loadSharp } from "./sharp.ts";

const HEADER = 64;
/** First four bytes of a libvips file with little-endian numbers. */
const MAGIC = 0x08f2a6b6;
const SPACES = { grey: 1, srgb: 22 };

/** Returns a unique path for a temporary file. */
function temporaryPath(folder: string): string {
  return join(folder, `${TEMPORARY}${crypto.randomUUID()}.v`);
}

/** Decodes an image to a file of 8-bit values.
 * @param pipeline The sharp pipeline that reads the image; see {@linkcode openUpright}.
 * @param name The name of the image in error messages.
 * @param folder The folder for the temporary file, with space for `height * width * channels` bytes.
 * @throws {Error} If the image cannot be decoded or stored; the message names it. */
export async function decodeToGrid(pipeline: Sharp, name: string, folder: string): Promise<GridFile> {
  const path = temporaryPath(folder);
  try {
    const { height, width, channels } = await pipeline.toFile(path);
    return new GridFile(path, { height, width, cell: channels }, { start: HEADER });
  } catch (error) {
    await Deno.remove(path).catch(() => {});
    const cure = `replace the file, or free space in ${folder}`;
    throw new Error(`Cannot read ${name}: sharp cannot decode it as a complete image (${decodeReason(error)}); ${cure}`);
  }
}

/** Opens the alpha channel of an image, rotated upright.
 * @returns `undefined` if the image has no alpha channel. */
export async function openAlpha(path: string): Promise<Sharp | undefined> {
  const sharp = await loadSharp();
  const image = sharp(path, { failOn, limitInputPixels: false });
  const { hasAlpha } = await image.metadata().catch(() => ({ hasAlpha: false })); // decoding reports the error
  return hasAlpha ? image.autoOrient().extractChannel("alpha").toColourspace("b-w") : undefined;
}

/** An image file that is written one region at a time and encoded at the end. */
export class ImageWriter {
  readonly #grid: GridFile;
  readonly #path: string;
  /** Number of channels. */
  readonly channels: number;

  /** @param folder The folder for the temporary file.
   * @param channels 1 for greyscale, 3 for RGB; 2 or 4 with an alpha channel. */
  constructor(folder: string, height: number, width: number, channels: number) {
    this.channels = channels;
    this.#path = temporaryPath(folder);
    const header = new DataView(new ArrayBuffer(HEADER));
    const space = channels < 3 ? SPACES.grey : SPACES.srgb;
    // Magic number, width, height, bands, unused, type of the values (0: 8 bits), coding (0: none), colour space.
    [MAGIC, width, height, channels, 8, 0, 0, space].forEach((value, i) => header.setUint32(4 * i, value, true));
    for (const resolution of [32, 36]) header.setFloat32(resolution, 1, true);
    Deno.writeFileSync(this.#path, new Uint8Array(header.buffer), { createNew: true });
    this.#grid = new GridFile(this.#path, { height, width, cell: channels }, { start: HEADER, named: true });
  }

  /** Writes a region: `height * width * channels` bytes. */
  write: GridFile["write"] = (region, bytes) => this.#grid.write(region, bytes);

  /** Opens the image that has been written. */
  async open(): Promise<Sharp> {
    const sharp = await loadSharp();
    return sharp(this.#path, { limitInputPixels: false });
  }

  /** Encodes the image and removes the temporary file. The extension of the path determines the format.
   * @param encode A function that sets the options of the format.
   * @throws {Error} If the file cannot be written. */
  async encode(path: string, encode: (pipeline: Sharp) => Sharp = (pipeline) => pipeline): Promise<void> {
    const pipeline = await this.open();
    try {
      await encode(pipeline).toFile(path);
    } catch (error) {
      throw new Error(`Cannot write ${path}: ${firstLine(error)}; check that the name ends in .png, and that the disk has space`);
    } finally {
      this.close();
    }
  }

  /** Removes the temporary file. Idempotent. */
  close(): void {
    this.#grid.close();
  }
}
