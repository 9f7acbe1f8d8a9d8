/** The memory of variables: TensorFlow's resources, which ops update in place.
 * @module */
import { attribute } from "./attributes.ts";
import type { Context, Handle } from "./context.ts";

/** A variable's memory, by the handle of its resource. It is known as this object: TensorFlow gives a handle's address out again. */
export interface Memory {
  readonly resource: Handle;
  /** Given back: its variable has been disposed of, or has moved to another backend. */
  freed?: true;
}

/** This name tells TensorFlow to give a variable memory of its own, freed with its last handle (`kAnonymousName`, resource_handle.h). */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/** Memory that holds this value, whose handle stays the caller's. */
export function makeMemory(context: Context, handle: Handle, shape: number[], dtype: number): Memory {
  const named = [attribute.text("container", ""), attribute.text("shared_name", ANONYMOUS)];
  const typed = [attribute.type("dtype", dtype), attribute.shape("shape", shape)];
  const [resource] = context.execute("VarHandleOp", [...named, ...typed], [], 1);
  context.execute("AssignVariableOp", [attribute.type("dtype", dtype)], [resource!, handle], 0);
  return { resource: resource! };
}

/** Gives the memory back. A graph that was traced with it still holds it, though as no variable's. */
export function freeMemory(context: Context, memory: Memory): void {
  context.delete(memory.resource);
  memory.freed = true;
}
