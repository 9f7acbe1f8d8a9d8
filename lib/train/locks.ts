/** Locks that let only one training run or command at a time write to a folder, even across processes.
 *
 * Each lock is an operating-system lock on an open file, so it is released whenever its process exits, even after a crash.
 * @module */
import { join } from "node:path";
import { createFolder } from "./files.ts";

const TRAINING = "training.lock";

export interface FolderLock {
  release(): Promise<void>;
}

/** Pattern for the names of partially written files of a training run (see files.ts). Other .part files may belong to other
 * programs. */
const PARTIAL = /^(checkpoint\.safetensors|(command|forger|run)\.json|index\.html|losses\.csv)\.\d+(\.\d+)?\.part$/;

/** Removes the partial files of a training run that was killed while writing. */
async function removePartialFiles(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && PARTIAL.test(name)) await Deno.remove(join(folder, name)).catch(() => {});
  }
}

export interface LockOptions {
  /** Name of the lock file; locks with different names are independent of each other. Default: the lock file of training runs. */
  name?: string;
  /** Returns the error message to throw if the lock is already held.
   * @param holder The process that holds the lock, such as " (process 12)"; "" if the process is unknown. */
  refusal?: (holder: string) => string;
}

/** Locks a folder, and creates the folder if it does not exist. By default, the lock is the one for training runs. Releasing the
 * lock removes the created folders that are still empty.
 * @throws {Error} If the lock is held by another training run or command, or if the folder is not writable. */
export async function lockFolder(folder: string, options: LockOptions = {}): Promise<FolderLock> {
  const { name = TRAINING, refusal } = options;
  const path = join(folder, name);
  const undo = await createFolder(folder);
  while (true) {
    const file = await Deno.open(path, { create: true, read: true, write: true });
    if (!await file.tryLock(true)) {
      file.close();
      const owner = await Deno.readTextFile(path).catch(() => "");
      const who = /^\d+$/.test(owner) ? ` (process ${owner})` : "";
      const cure = "wait until it ends, or choose another folder";
      throw new Error(
        refusal?.(who) ?? `Cannot write the run to ${folder}: another training run is using it${who}; ${cure}`,
      );
    }
    // The previous holder may have removed the file after this process opened it but before this process locked it.
    const [opened, current] = await Promise.all([file.stat(), Deno.stat(path).catch(() => undefined)]);
    if (current === undefined || opened.ino !== current.ino) {
      file.close();
      continue;
    }
    const release = async () => {
      await Deno.remove(path).catch(() => {}); // while the lock is still held
      file.close();
      await undo();
    };
    try {
      await file.truncate();
      await file.write(new TextEncoder().encode(`${Deno.pid}`));
      if (name === TRAINING) await removePartialFiles(folder);
    } catch (error) { // for example, the disk is full
      await release();
      throw error;
    }
    return { release };
  }
}
