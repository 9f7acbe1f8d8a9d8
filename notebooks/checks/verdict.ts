/** The verdict of a check on an answer. A notebook displays it as a sentence and continues in any case.
 * @module */
import { tf } from "../../mod.ts";

/** Verdict on the answer to an exercise. */
export interface Verdict {
  /** Whether the answer is right. */
  right: boolean;
  /** What is still wrong and how to correct it, or what was checked: a sentence without the final full stop. */
  message: string;
}

/** Returns the verdict that the answer is right.
 * @param found what was checked. */
export function right(found: string): Verdict {
  return shown({ right: true, message: `Right: ${found}` });
}

/** Returns the verdict that the answer is not right yet.
 * @param hint what is wrong, and what to do about it. */
export function notYet(hint: string): Verdict {
  return shown({ right: false, message: `Not yet: ${hint}` });
}

/** Runs a check, and disposes of the tensors that it created. If the answer throws an error, the error becomes part of the
 * verdict, so that "Run All" continues with the next exercise. */
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
