/** Files in the format of MNIST.
 * @module */

/** Builds an idx file of bytes.
 * @param magic number of the file. Default: that of unsigned bytes and the number of dimensions. */
export function idx(shape: number[], data: number[], magic = 0x800 + shape.length): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  [magic, ...shape].forEach((value, i) => view.setUint32(4 * i, value));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
