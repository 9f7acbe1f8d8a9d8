/** Attributes of TensorFlow ops, set on eager ops or on nodes of a graph.
 * @module */
import type { TFEOpAttr } from "../../packages.ts";
import { cString, type Library } from "./library.ts";
import { ATTRIBUTE } from "./symbols.ts";

/** Attribute of an op: its name in TensorFlow's op definition, its kind (see {@linkcode ATTRIBUTE}) and its value. */
export type Attribute = TFEOpAttr;

/** Constructors of attributes. */
export const attribute = {
  text: (name: string, value: string): Attribute => ({ name, type: ATTRIBUTE.string, value }),
  int: (name: string, value: number | number[]): Attribute => ({ name, type: ATTRIBUTE.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: ATTRIBUTE.bool, value }),
  type: (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE.type, value }),
  shape: (name: string, value: number[]): Attribute => ({ name, type: ATTRIBUTE.shape, value }),
};

const encoder = new TextEncoder();

/** Converts a shape to 64-bit integers. An empty shape gives one element, because FFI needs an address. */
export function int64s(values: number[]): BigInt64Array<ArrayBuffer> {
  return BigInt64Array.from(values.length ? values.map(BigInt) : [0n]);
}

/** Returns the functions `TFE_OpSetAttr*` or `TF_SetAttr*` under common names. */
function setters({ c, status }: Library, eager: boolean) {
  return eager
    ? {
      string: c.TFE_OpSetAttrString,
      int: c.TFE_OpSetAttrInt,
      ints: c.TFE_OpSetAttrIntList,
      float: c.TFE_OpSetAttrFloat,
      floats: c.TFE_OpSetAttrFloatList,
      bool: c.TFE_OpSetAttrBool,
      bools: c.TFE_OpSetAttrBoolList,
      type: c.TFE_OpSetAttrType,
      shape: (op: Deno.PointerValue, name: BufferSource, dims: BufferSource, rank: number) =>
        c.TFE_OpSetAttrShape(op, name, dims, rank, status),
    }
    : {
      string: c.TF_SetAttrString,
      int: c.TF_SetAttrInt,
      ints: c.TF_SetAttrIntList,
      float: c.TF_SetAttrFloat,
      floats: c.TF_SetAttrFloatList,
      bool: c.TF_SetAttrBool,
      bools: c.TF_SetAttrBoolList,
      type: c.TF_SetAttrType,
      shape: c.TF_SetAttrShape,
    };
}

/** Returns a function that sets an attribute on an eager op or on a graph node. */
export function attributeSetter(library: Library, eager: boolean): (op: Deno.PointerValue, attribute: Attribute) => void {
  const set = setters(library, eager);
  return (op, { name, type, value }) => {
    const label = cString(name);
    if (type === ATTRIBUTE.string) {
      const bytes = encoder.encode(value as string);
      set.string(op, label, bytes.length ? bytes : new Uint8Array(1), BigInt(bytes.length));
    } else if (type === ATTRIBUTE.int) {
      if (Array.isArray(value)) set.ints(op, label, int64s(value), value.length);
      else set.int(op, label, BigInt(value as number));
    } else if (type === ATTRIBUTE.float) {
      if (Array.isArray(value)) set.floats(op, label, Float32Array.from(value), value.length);
      else set.float(op, label, value as number);
    } else if (type === ATTRIBUTE.bool) {
      if (Array.isArray(value)) set.bools(op, label, Uint8Array.from(value, Number), value.length);
      else set.bool(op, label, value ? 1 : 0);
    } else if (type === ATTRIBUTE.type) {
      set.type(op, label, value as number);
    } else if (type === ATTRIBUTE.shape) {
      set.shape(op, label, int64s(value as number[]), (value as number[]).length);
    } else {
      throw new TypeError(`Cannot set attribute ${name}: expected a kind from 0 to 5, got ${type}`);
    }
  };
}
