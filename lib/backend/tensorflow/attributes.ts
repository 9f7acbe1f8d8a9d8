/** Attributes of TensorFlow ops, set on eager ops or on nodes of a graph.
 * @module */
import type { TFEOpAttr } from "../../packages.ts";
import { cString } from "./libc.ts";
import type { Library } from "./library.ts";
import { ATTRIBUTE } from "./symbols.ts";

/** Attribute of an op: its name in TensorFlow's op definition, its kind (see {@linkcode ATTRIBUTE}) and its value. */
export type Attribute = TFEOpAttr;

/** Constructors of attributes. */
export const attribute = {
  text: (name: string, value: string): Attribute => ({ name, type: ATTRIBUTE.string, value }),
  bytes: (name: string, value: Uint8Array<ArrayBuffer>): Attribute => ({ name, type: ATTRIBUTE.string, value: value as never }),
  int: (name: string, value: number | number[]): Attribute => ({ name, type: ATTRIBUTE.int, value }),
  float: (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE.float, value }),
  bool: (name: string, value: boolean): Attribute => ({ name, type: ATTRIBUTE.bool, value }),
  type: (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE.type, value }),
  shape: (name: string, value: number[]): Attribute => ({ name, type: ATTRIBUTE.shape, value }),
};

const encoder = new TextEncoder();

/** Converts a shape to 64-bit integers. For an empty shape, the array has one element, because FFI needs a valid address. */
export function int64s(values: number[]): BigInt64Array<ArrayBuffer> {
  return BigInt64Array.from(values.length ? values.map(BigInt) : [0n]);
}

/** Returns a function that sets an attribute on an eager op or on a graph node. */
export function attributeSetter({ c, status }: Library, eager: boolean): (op: Deno.PointerValue, attribute: Attribute) => void {
  const prefix = eager ? "TFE_OpSetAttr" : "TF_SetAttr";
  const [setString, setInt] = [c[`${prefix}String` as const], c[`${prefix}Int` as const]];
  const [setInts, setFloat] = [c[`${prefix}IntList` as const], c[`${prefix}Float` as const]];
  const [setBool, setType] = [c[`${prefix}Bool` as const], c[`${prefix}Type` as const]];
  return (op, { name, type, value }) => {
    const label = cString(name);
    if (type === ATTRIBUTE.string) {
      const given = value as string | Uint8Array<ArrayBuffer>;
      const bytes = typeof given === "string" ? encoder.encode(given) : given;
      setString(op, label, bytes.length ? bytes : new Uint8Array(1), BigInt(bytes.length));
    } else if (type === ATTRIBUTE.int) {
      if (Array.isArray(value)) setInts(op, label, int64s(value), value.length);
      else setInt(op, label, BigInt(value as number));
    } else if (type === ATTRIBUTE.float) {
      setFloat(op, label, value as number);
    } else if (type === ATTRIBUTE.bool) {
      setBool(op, label, value ? 1 : 0);
    } else if (type === ATTRIBUTE.type) {
      setType(op, label, value as number);
    } else if (type === ATTRIBUTE.shape) {
      const [dims, rank] = [int64s(value as number[]), (value as number[]).length];
      if (eager) c.TFE_OpSetAttrShape(op, label, dims, rank, status);
      else c.TF_SetAttrShape(op, label, dims, rank);
    } else {
      throw new TypeError(`Cannot set attribute ${name}: expected an attribute type from 0 to 5, got ${type}`);
    }
  };
}
