/** The little of a `<canvas>` that Plotly's heat maps need: rectangles and pixels of plain colour, and a PNG of them at once.
 * @module */
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

/** What is drawn on. */
export interface MiniCanvas {
  readonly width: number;
  readonly height: number;
}

/** Pixels, `[height, width, RGBA]`. */
interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** A drawing context; made for the canvas' size at that moment. */
export class MiniContext {
  /** "rgb(r, g, b)" or "rgba(r, g, b, alpha)". */
  fillStyle = "rgba(0, 0, 0, 1)";
  readonly #pixels: Pixels;

  constructor(canvas: MiniCanvas) {
    this.#pixels = this.createImageData(canvas.width, canvas.height);
  }

  createImageData(width: number, height: number): Pixels {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }

  putImageData(image: Pixels): void {
    this.#pixels.data.set(image.data);
  }

  /** Sets the pixels of a rectangle, whole ones only, as Plotly asks for them. */
  fillRect(x: number, y: number, width: number, height: number): void {
    const [r = 0, g = 0, b = 0, alpha = 1] = (this.fillStyle.match(/[\d.]+/g) ?? []).map(Number);
    const { width: across, height: down, data } = this.#pixels;
    for (let row = Math.max(0, y); row < Math.min(down, y + height); row++) {
      for (let column = Math.max(0, x); column < Math.min(across, x + width); column++) {
        data.set([r, g, b, alpha * 255], (row * across + column) * 4);
      }
    }
  }

  /** The pixels as a PNG's data URI. */
  toDataUri(): string {
    return `data:image/png;base64,${encode(this.#pixels).toString("base64")}`;
  }
}

/** PNG (ISO/IEC 15948): signature, header, the rows each behind a 0 for "no filter", end. sharp would be shorter, but answers later. */
function encode({ width, height, data }: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits, RGBA, deflate, no filter, not interlaced
  const rows = Buffer.alloc(height * (1 + width * 4));
  for (let row = 0; row < height; row++) {
    rows.set(data.subarray(row * width * 4, (row + 1) * width * 4), row * (1 + width * 4) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
