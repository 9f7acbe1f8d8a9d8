/** Conversion between JavaScript arrays and TensorFlow tensors.
 * @module */
import { int64s } from "./attributes.ts";
import type { Library } from "./library.ts";
import { DTYPE } from "./symbols.ts";

/** Values of a tensor as tfjs passes them: a typed array, or the bytes of each string. */
export type Values = Numbers | Uint8Array[];
type Numbers = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** Size of one element in bytes. tfjs-node writes an int64 as two int32 values. */
const BYTES: Record<number, number> = {
  [DTYPE.float32]: 4,
  [DTYPE.int32]: 4,
  [DTYPE.bool]: 1,
  [DTYPE.uint8]: 1,
  [DTYPE.complex64]: 8,
  [DTYPE.int64]: 8,
};

/** Array types for the values of tensors, keyed by TensorFlow's dtype codes. For complex numbers, real and imaginary parts
 * alternate. */
const ARRAYS: Record<number, new (buffer: ArrayBuffer) => Values> = {
  [DTYPE.float32]: Float32Array,
  [DTYPE.complex64]: Float32Array,
  [DTYPE.int32]: Int32Array,
  [DTYPE.int64]: BigInt64Array,
};

/** Size in bytes of the union `TF_TString` (tf_tstring.h), which is the same on every platform. */
const TSTRING_BYTES = 24;

/** Returns a view of memory that TensorFlow owns. */
function bytesAt(pointer: Deno.PointerValue, length: number): Uint8Array<ArrayBuffer> {
  if (pointer === null || length === 0) return new Uint8Array(0);
  return new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, length));
}

/** Creates a `TF_Tensor` with a copy of the values. The caller must delete the tensor.
 * @throws {TypeError} If the dtype is not numeric.
 * @throws {RangeError} If the number of values does not match the shape. */
export function tensorOf({ c }: Library, shape: number[], dtype: number, values: Numbers): Deno.PointerValue {
  const width = BYTES[dtype];
  if (!width) {
    throw new TypeError(
      `Cannot create a tensor: expected a numeric dtype, got TensorFlow's dtype code ${dtype}; cast the values first`,
    );
  }
  const length = shape.reduce((product, dim) => product * dim, width);
  if (values.byteLength !== length) {
    throw new RangeError(
      `Cannot create a tensor of shape [${shape}]: expected ${length} bytes of dtype ${dtype}, got ${values.byteLength}; ` +
        "pass one value per element",
    );
  }
  const tensor = c.TF_AllocateTensor(dtype, int64s(shape), shape.length, BigInt(length));
  bytesAt(c.TF_TensorData(tensor), length).set(new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, length));
  return tensor;
}

/** Creates a string tensor that uses the given bytes without copying them. The tensor is valid while `strings` is alive and
 * unchanged. */
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

/** Returns a copy of a tensor's values. */
export function valuesOf(library: Library, tensor: Deno.PointerValue, dtype: number): Values {
  const { c } = library;
  if (dtype === DTYPE.string) return stringsOf(library, tensor);
  const buffer = bytesAt(c.TF_TensorData(tensor), Number(c.TF_TensorByteSize(tensor))).slice().buffer;
  return new (ARRAYS[dtype] ?? Uint8Array)(buffer); // bool, uint8, and the bytes of a resource handle
}

function stringsOf({ c }: Library, tensor: Deno.PointerValue): Uint8Array[] {
  const start = c.TF_TensorData(tensor);
  return Array.from({ length: Number(c.TF_TensorElementCount(tensor)) }, (_, n) => {
    const string = Deno.UnsafePointer.offset(start!, n * TSTRING_BYTES);
    return bytesAt(c.TF_StringGetDataPointer(string), Number(c.TF_StringGetSize(string))).slice();
  });
}
