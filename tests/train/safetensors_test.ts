import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeTensorFile, encodeTensorFile, readTexts } from "../../lib/train/safetensors.ts";

function joined(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const FILE = {
  arrays: new Map([
    ["a", { shape: [2, 2], values: Float32Array.of(1, -2, 3.5, 4) }],
    ["none", { shape: [0], values: new Float32Array(0) }],
    ["scalar", { shape: [], values: Float32Array.of(Math.PI) }],
  ]),
  texts: { note: "ü ✓" },
};

Deno.test("decodeTensorFile() returns what encodeTensorFile() encoded", () => {
  assertEquals(decodeTensorFile(joined(encodeTensorFile(FILE)), "x"), FILE);
});

Deno.test("encodeTensorFile() writes the layout of the format", () => {
  const bytes = joined(encodeTensorFile(FILE));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  assertEquals(header.a, { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] });
  assertEquals(header.__metadata__, FILE.texts);
  assertEquals((8 + length) % 8, 0);
  assertEquals(new DataView(bytes.buffer).getFloat32(8 + length + 8, true), 3.5);
});

Deno.test("decodeTensorFile() refuses every truncated file", () => {
  const bytes = joined(encodeTensorFile(FILE));
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(() => decodeTensorFile(bytes.slice(0, length), "x.safetensors"), RangeError, "Cannot read x.safetensors: ");
  }
});

Deno.test("decodeTensorFile() refuses invalid headers", () => {
  const withHeader = (header: string) => {
    const text = new TextEncoder().encode(header);
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
    return joined([length, text, new Uint8Array(8)]);
  };
  const entry = (values: unknown) => withHeader(JSON.stringify({ a: values }));
  const wrong = [
    withHeader("[]"),
    withHeader("null"),
    withHeader("{"),
    entry(null),
    entry({ dtype: "F64", shape: [1], data_offsets: [0, 8] }),
    entry({ dtype: "F32", shape: [-1], data_offsets: [0, 4] }),
    entry({ dtype: "F32", shape: [2], data_offsets: [0, 4] }),
    entry({ dtype: "F32", shape: [2], data_offsets: [8, 16] }),
    entry({ dtype: "F32", shape: [2 ** 40], data_offsets: [0, 2 ** 42] }),
    entry({ dtype: "F32", shape: "1", data_offsets: [0, 4] }),
  ];
  for (const bytes of wrong) assertThrows(() => decodeTensorFile(bytes, "x"), RangeError, "Cannot read x: ");
  const huge = new Uint8Array(16);
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true);
  assertThrows(() => decodeTensorFile(huge, "x"), RangeError, "expected a header");
});

Deno.test("readTexts() reads only the texts, and refuses truncated headers", async () => {
  const path = await Deno.makeTempFile();
  const bytes = joined(encodeTensorFile(FILE));
  const end = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  for (const length of [bytes.length, end]) {
    await Deno.writeFile(path, bytes.subarray(0, length));
    assertEquals(await readTexts(path), FILE.texts);
  }
  for (let length = 0; length < end; length++) {
    await Deno.writeFile(path, bytes.subarray(0, length));
    await assertRejects(() => readTexts(path), RangeError, `Cannot read ${path}: `);
  }
  const header = new TextEncoder().encode("{}");
  await Deno.writeFile(path, joined([new Uint8Array([header.length, 0, 0, 0, 0, 0, 0, 0]), header]));
  assertEquals(await readTexts(path), {}, "a file of another program");
  await Deno.remove(path);
});
