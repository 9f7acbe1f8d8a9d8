/** Files in the form of MNIST.
 * @module */

/** An idx file of bytes.
 * @param magic what it begins with. Default: what says "bytes", and how many sizes follow. */
export function idx(shape: number[], data: number[], magic = 0x800 + shape.length): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  [magic, ...shape].forEach((value, i) => view.setUint32(4 * i, value));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}
