/** TensorFlow's C library, opened by Deno's FFI so that the process can also end well.
 * @module */
import { findTensorflow } from "./find.ts";
import { pinLibraries } from "./libc.ts";
import { type Symbols, symbols } from "./symbols.ts";

const encoder = new TextEncoder();
const names = new Map<string, Uint8Array<ArrayBuffer>>();

/** A C string of a name. Kept for good: TensorFlow may read an attribute's name after the call that set it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = names.get(text);
  if (!bytes) names.set(text, bytes = encoder.encode(`${text}\0`));
  return bytes;
}

/** Text behind a `char*`. */
export function textAt(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/** The opened library, with one status object that all its calls share. */
export class Library {
  readonly c: Symbols;
  readonly version: string;
  readonly status: Deno.PointerValue;

  /** Finds and opens the library.
   * @throws {Error} if it is not there, or cannot be loaded. */
  constructor() {
    const files = findTensorflow();
    try {
      pinLibraries([files.framework, files.library]);
      this.c = Deno.dlopen(files.library, symbols).symbols;
    } catch (error) {
      throw new Error(
        `Cannot load TensorFlow: ${files.library} does not open (${(error as Error).message}); run "deno task setup" again`,
      );
    }
    this.version = textAt(this.c.TF_Version());
    this.status = this.c.TF_NewStatus();
  }

  /** Turns the shared status of the call just made into an exception, if it is an error.
   * @param action what was done, for the message: "Cannot run Conv2D". */
  check(action: string): void {
    if (this.c.TF_GetCode(this.status) !== 0) throw new Error(`${action}: ${textAt(this.c.TF_Message(this.status))}`);
  }
}
