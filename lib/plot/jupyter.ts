/** The notebook side of showing: whether there is one, and how it is spoken to.
 *
 * A MIME bundle holds the same thing in several forms; the viewer takes the richest that it can draw. An output with a display id can be
 * replaced later, from anywhere. (Jupyter messaging protocol 5.4: display_data, update_display_data.)
 * @module */

/** One thing in several forms, by MIME type. Pictures are in base 64, JSON types are objects. */
export type MimeBundle = Record<string, unknown>;

/** What is shown. */
export interface Output {
  /** In all its forms. */
  data: MimeBundle;
  /** By MIME type, such as the size at which a picture is drawn. */
  metadata: Record<string, unknown>;
}

/** Where outputs go. Tests, or another front end, may give their own. */
export interface Outlet {
  /** Shows something, at the first call with that id as a new output, later in its place. */
  display(output: Output, displayId?: string): Promise<void>;
}

interface DenoJupyter {
  broadcast(type: string, content: Record<string, unknown>): Promise<void>;
}

/** Deno's side of the notebook, where this program runs in one. */
function denoJupyter(): DenoJupyter | undefined {
  try {
    // Outside of a kernel, reading it throws.
    return (Deno as unknown as { jupyter?: DenoJupyter }).jupyter;
  } catch {
    return undefined;
  }
}

/** Whether this program is a notebook's kernel. */
export function inNotebook(): boolean {
  return denoJupyter() !== undefined;
}

/** Ids that were displayed by this program. */
const shown = new Set<string>();

/** The notebook that this program is the kernel of, or undefined. */
export function notebook(): Outlet | undefined {
  const jupyter = denoJupyter();
  if (!jupyter) return undefined;
  return {
    async display({ data, metadata }: Output, displayId?: string): Promise<void> {
      const type = displayId !== undefined && shown.has(displayId) ? "update_display_data" : "display_data";
      if (displayId !== undefined) shown.add(displayId);
      await jupyter.broadcast(type, { data, metadata, transient: displayId === undefined ? {} : { display_id: displayId } });
    },
  };
}

/** A display id that no other output has. */
export function newDisplayId(): string {
  return `forger-${crypto.randomUUID()}`;
}

/** Text as an output. */
export function textOutput(text: string): Output {
  return { data: { "text/plain": text }, metadata: {} };
}
