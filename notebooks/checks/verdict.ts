/** What a check says of an answer. A notebook shows it as a sentence, and goes on whatever it says.
 * @module */
import { tf } from "../../mod.ts";

/** A verdict on an exercise. */
export interface Verdict {
  /** Whether the answer is right. */
  right: boolean;
  /** What is still wrong and where to look, or what was found to be right: a sentence without its full stop. */
  message: string;
}

/** The answer is right.
 * @param found what was checked. */
export function right(found: string): Verdict {
  return shown({ right: true, message: `Right: ${found}` });
}

/** The answer is not right yet.
 * @param hint what is wrong, and what to do about it. */
export function notYet(hint: string): Verdict {
  return shown({ right: false, message: `Not yet: ${hint}` });
}

/** Runs a check, and frees what tensors it made. Whatever an unfinished answer throws becomes part of the verdict, so that
 * "Run All" goes on to the next exercise. */
export async function judged(check: () => Verdict | Promise<Verdict>): Promise<Verdict> {
  tf.engine().startScope();
  try {
    return await check();
  } catch (error) {
    return notYet(error instanceof Error ? `"${error.message}"` : `it threw ${error}`);
  } finally {
    tf.engine().endScope();
  }
}

function shown(verdict: Verdict): Verdict {
  const value = () => ({ "text/plain": verdict.message });
  return Object.defineProperty(verdict, Symbol.for("Jupyter.display"), { value, enumerable: false });
}
