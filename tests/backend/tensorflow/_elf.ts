/** Shared libraries made by hand, to simulate TensorFlow's library on a machine that cannot run it.
 * @module */

const MACHINE = { x86_64: 62, aarch64: 183 };
/** An instruction that raises SIGILL, and one that returns. */
const CODE = {
  x86_64: { illegal: [0x0f, 0x0b], returns: [0xc3] },
  aarch64: { illegal: [0, 0, 0, 0], returns: [0xc0, 0x03, 0x5f, 0xd6] },
};

/** Returns a library whose initializer executes an instruction.
 * @param machine number of the processor in the header. Default: this machine's. */
export function elf(instruction: "illegal" | "returns", machine: number = MACHINE[Deno.build.arch]): Uint8Array {
  const size = 0x2000;
  const view = new DataView(new ArrayBuffer(size));
  const bytes = new Uint8Array(view.buffer);
  const words = (at: number, ...values: number[]) => values.forEach((v, i) => view.setBigUint64(at + 8 * i, BigInt(v), true));
  const [header, code, dynamic, symbols, strings, hash] = [0x40, 0x1000, 0x1200, 0x1400, 0x1500, 0x1600];
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 3, true); // a shared object
  view.setUint16(18, machine, true);
  view.setUint32(20, 1, true);
  words(32, header, size - 64); // tables of segments and of sections
  [64, 56, 2, 64, 1, 0].forEach((value, i) => view.setUint16(52 + 2 * i, value, true));
  const segment = (at: number, type: number, flags: number, start: number, length: number) => {
    view.setUint32(at, type, true);
    view.setUint32(at + 4, flags, true);
    words(at + 8, start, start, start, length, length, 0x1000);
  };
  segment(header, 1, 7, 0, size); // load everything
  segment(header + 56, 2, 6, dynamic, 0x100);
  bytes.set(CODE[Deno.build.arch][instruction], code);
  // the hash table, the strings and the symbols, all empty, and the initializer
  words(dynamic, ...[4, hash, 5, strings, 6, symbols, 10, 1, 11, 24, 12, code, 0, 0]);
  [1, 1, 0, 0].forEach((value, i) => view.setUint32(hash + 4 * i, value, true));
  return bytes;
}

/** Writes a library and its framework library to a folder, under the names in TensorFlow's wheel. */
export async function writeLibrary(folder: string, library: Uint8Array): Promise<{ library: string; framework: string }> {
  const files = { library: `${folder}/libtensorflow_cc.so.2`, framework: `${folder}/libtensorflow_framework.so.2` };
  await Deno.writeFile(files.library, library);
  await Deno.writeFile(files.framework, elf("returns"));
  return files;
}
