/** Precision of the arithmetic in compiled steps.
 *
 * With bfloat16, TensorFlow's graph optimizer casts the inputs of convolutions and the tensors between them to bfloat16, which
 * has the range of float32 and 8 bits of precision. Weights, Adam's moments, losses and the statistics of norms remain float32.
 * @module */
import { type Attribute, attribute } from "./attributes.ts";
import { processor } from "./libc.ts";

/** Precisions of compiled steps. */
export const PRECISIONS = ["float32", "bfloat16"] as const;

/** One of {@linkcode PRECISIONS}. */
export type Precision = (typeof PRECISIONS)[number];

/** A serialized `ConfigProto`: graph_options { rewrite_options { remapping: OFF auto_mixed_precision_onednn_bfloat16: ON } }. The
 * remapper, which fuses ops, fails on some of the graphs with casts. */
const BFLOAT16_CONFIG = Uint8Array.of(0x52, 7, 0x52, 5, 0x70, 2, 0xf8, 1, 1);
/** Names under which Linux lists the bfloat16 instructions of x64 and ARM processors. */
const INSTRUCTIONS = /^(?:flags|Features)\s*:.*\b(?:avx512_bf16|amx_bf16|avx_ne_convert|bf16)\b/m;
/** Op that stays in float32: tfjs's matrix products, which transform the tiles of convolutions (winograd.ts). Rounding errors of
 * transformed tiles would be larger than those of images. The products of the tiles themselves use another op, `BatchMatMul`. */
const FLOAT32_OPS = "BatchMatMulV2";

let precision: Precision = "float32";

/** Returns the precision of compiled steps. */
export function currentPrecision(): Precision {
  return precision;
}

/** Sets the precision of compiled steps.
 * @throws {Error} If the processor does not have instructions for bfloat16; without them, bfloat16 is slower than float32. */
export function setPrecision(wanted: Precision): void {
  if (wanted === "bfloat16") {
    if (!hasBfloat16()) {
      throw new Error("Cannot use bfloat16: the processor has no instructions for it, so it would be slower; use float32");
    }
    // TensorFlow reads the variable when it optimizes the first graph.
    Deno.env.set("TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_ALLOWLIST_REMOVE", FLOAT32_OPS);
  }
  precision = wanted;
}

/** Returns the attributes with which a compiled step is called in the current precision. */
export function precisionAttributes(): Attribute[] {
  return precision === "float32" ? [] : [attribute.bytes("config_proto", BFLOAT16_CONFIG)];
}

/** Returns whether the processor has instructions for bfloat16, as far as the system reports. */
export function hasBfloat16(): boolean {
  if (Deno.build.os !== "linux") return true; // TensorFlow leaves the graph in float32 where the processor has none
  return INSTRUCTIONS.test(processor());
}
