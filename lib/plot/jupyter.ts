/** Displays outputs in a notebook whose kernel is this process.
 *
 * A MIME bundle contains several representations of one output, and the front end shows the richest one it supports. An output
 * with a display id can be updated later from any cell (see `display_data` and `update_display_data` in the Jupyter messaging
 * protocol 5.4).
 * @module */

/** Representations of an output, keyed by MIME type. Images are base64-encoded strings; JSON values are objects. */
export type MimeBundle = Record<string, unknown>;

/** An output in a notebook. */
export interface Output {
  /** All representations of the output. */
  data: MimeBundle;
  /** Metadata keyed by MIME type, such as the display size of an image. */
  metadata: Record<string, unknown>;
}

/** A destination for outputs. Tests and other front ends can provide their own implementation. */
export interface Outlet {
  /** Displays an output. If the display id was used before, the earlier output is replaced. */
  display(output: Output, displayId?: string): Promise<void>;
}

interface DenoJupyter {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

function denoJupyter(): DenoJupyter | undefined {
  try {
    return (Deno as unknown as { jupyter?: DenoJupyter }).jupyter;
  } catch {
    return undefined; // outside a kernel, the getter throws
  }
}

/** Returns whether this process is the kernel of a notebook. */
export function inNotebook(): boolean {
  return denoJupyter() !== undefined;
}

/** Display ids in use. */
const displayed = new Set<string>();

/** Returns the notebook whose kernel is this process, or undefined if there is none. */
export function notebook(): Outlet | undefined {
  const jupyter = denoJupyter();
  if (!jupyter) return undefined;
  return {
    async display({ data, metadata }: Output, displayId?: string): Promise<void> {
      const type = displayId !== undefined && displayed.has(displayId) ? "update_display_data" : "display_data";
      if (displayId !== undefined) displayed.add(displayId);
      await jupyter.broadcast(type, { data, metadata, transient: displayId === undefined ? {} : { display_id: displayId } });
    },
  };
}

/** Time for the kernel to send its messages before the cell ends, in milliseconds. */
const SENDING_TIME = 50;

/** Adds a non-enumerable display method to a value. The Deno kernel calls this method if the value is the last one in a cell, but
 * (as of 2.9) loses about one in ten results that arrive late. In a notebook, the method therefore displays the output itself,
 * and returns nothing. */
export function displayable<Value extends object>(
  value: Value,
  outputOf: () => Promise<Output | undefined>,
  outletOf: () => Outlet | undefined = notebook,
): Value {
  const display = async (): Promise<MimeBundle> => {
    const [output, outlet] = [await outputOf(), outletOf()];
    if (!outlet) return output?.data ?? {};
    if (output) await outlet.display(output);
    await new Promise((resolve) => setTimeout(resolve, SENDING_TIME));
    return {};
  };
  return Object.defineProperty(value, Symbol.for("Jupyter.display"), { value: display });
}

/** Returns a unique display id. */
export function newDisplayId(): string {
  return `forger-${crypto.randomUUID()}`;
}

/** Returns a cell output that contains plain text. */
export function textOutput(text: string): Output {
  return { data: { "text/plain": text }, metadata: {} };
}
