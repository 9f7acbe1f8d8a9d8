/** Values between JavaScript's arrays and TensorFlow's tensors.
 * @module */
import { int64s } from "./attributes.ts";
import type { Library } from "./library.ts";
import { DTYPE } from "./symbols.ts";

/** What tfjs gives for a tensor: a typed array, or for strings a list of their bytes. */
export type Values = Float32Array | Int32Array | Uint8Array | BigInt64Array | Uint8Array[];

/** Bytes of one element. An int64 comes as two int32, which is how tfjs-node writes them. */
const BYTES: Record<number, number> = {
  [DTYPE.float32]: 4,
  [DTYPE.int32]: 4,
  [DTYPE.bool]: 1,
  [DTYPE.uint8]: 1,
  [DTYPE.complex64]: 8,
  [DTYPE.int64]: 8,
};

/** Bytes of a `TF_TString`, tf_tstring.h: a union that is 24 bytes on every platform. */
const TSTRING_BYTES = 24;

/** A view of memory that TensorFlow owns. */
function bytesAt(pointer: Deno.PointerValue, length: number): Uint8Array<ArrayBuffer> {
  if (pointer === null || length === 0) return new Uint8Array(0);
  return new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, length));
}

/** A new `TF_Tensor` with a copy of the values; the caller deletes it.
 * @throws {TypeError} for a dtype that has no typed array.
 * @throws {RangeError} if the values are not as many as the shape says. */
export function tensorOf(
  { c }: Library,
  shape: number[],
  dtype: number,
  values: Exclude<Values, Uint8Array[]>,
): Deno.PointerValue {
  const width = BYTES[dtype];
  if (!width) {
    throw new TypeError(
      `Cannot make a tensor: wanted float32, int32, bool, uint8, complex64 or int64, got TensorFlow's dtype ${dtype}; cast the values first`,
    );
  }
  const length = shape.reduce((product, dim) => product * dim, width);
  if (values.byteLength !== length) {
    throw new RangeError(
      `Cannot make a tensor of shape [${shape}]: wanted ${length} bytes of values for dtype ${dtype}, got ${values.byteLength}; give as ` +
        `many values as the shape has`,
    );
  }
  const tensor = c.TF_AllocateTensor(dtype, int64s(shape), shape.length, BigInt(length));
  bytesAt(c.TF_TensorData(tensor), length).set(new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, length));
  return tensor;
}

/** A new tensor of strings that only points to their bytes: valid while `strings` is alive and unchanged. */
export function stringViews({ c }: Library, shape: number[], strings: Uint8Array[]): Deno.PointerValue {
  const tensor = c.TF_AllocateTensor(DTYPE.string, int64s(shape), shape.length, BigInt(strings.length * TSTRING_BYTES));
  const start = c.TF_TensorData(tensor);
  strings.forEach((bytes, n) => {
    const string = Deno.UnsafePointer.offset(start!, n * TSTRING_BYTES);
    c.TF_StringInit(string);
    c.TF_StringAssignView(string, bytes.length ? bytes as BufferSource : new Uint8Array(1), BigInt(bytes.length));
  });
  return tensor;
}

/** A copy of a tensor's values. */
export function valuesOf(library: Library, tensor: Deno.PointerValue, dtype: number): Values {
  const { c } = library;
  if (dtype === DTYPE.string) return stringsOf(library, tensor);
  const buffer = bytesAt(c.TF_TensorData(tensor), Number(c.TF_TensorByteSize(tensor))).slice().buffer;
  switch (dtype) {
    case DTYPE.float32:
    case DTYPE.complex64: // real and imaginary parts in turn
      return new Float32Array(buffer);
    case DTYPE.int32:
      return new Int32Array(buffer);
    case DTYPE.int64:
      return new BigInt64Array(buffer);
    default: // bool, uint8, and the bytes of a resource handle
      return new Uint8Array(buffer);
  }
}

function stringsOf({ c }: Library, tensor: Deno.PointerValue): Uint8Array[] {
  const start = c.TF_TensorData(tensor);
  return Array.from({ length: Number(c.TF_TensorElementCount(tensor)) }, (_, n) => {
    const string = Deno.UnsafePointer.offset(start!, n * TSTRING_BYTES);
    return bytesAt(c.TF_StringGetDataPointer(string), Number(c.TF_StringGetSize(string))).slice();
  });
}
