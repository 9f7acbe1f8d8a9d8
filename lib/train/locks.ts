/** Locks that allow only one training run per folder, in this process or any other.
 *
 * Each lock is an operating-system lock on an open file, so it is released when its process exits, for whatever reason.
 * @module */
import { join } from "node:path";

const NAME = "training.lock";

/** A locked folder. */
export interface FolderLock {
  /** Unlocks the folder. */
  release(): Promise<void>;
}

/** Partially written files of a training run: see files.ts. Other files with this extension may belong to other programs. */
const PARTIAL = /^(checkpoint\.safetensors|(command|forger|run)\.json|index\.html|losses\.csv)\.\d+\.part$/;

/** Removes the partial files of a training run that was killed while writing. */
async function removePartialFiles(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && PARTIAL.test(name)) await Deno.remove(join(folder, name)).catch(() => {});
  }
}

/** Locks a folder for a training run, creating the folder if it does not exist.
 * @throws {Error} if another training run holds the lock. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, NAME);
  await Deno.mkdir(folder, { recursive: true });
  while (true) {
    const file = await Deno.open(path, { create: true, read: true, write: true });
    if (!await file.tryLock(true)) {
      file.close();
      const owner = await Deno.readTextFile(path).catch(() => "");
      const who = /^\d+$/.test(owner) ? ` (process ${owner})` : "";
      throw new Error(
        `Cannot train into ${folder}: another training run is writing there${who}; wait until it ends, or choose another folder`,
      );
    }
    // The previous holder may have removed the file after this process opened it but before this process locked it.
    const [opened, current] = await Promise.all([file.stat(), Deno.stat(path).catch(() => undefined)]);
    if (current === undefined || opened.ino !== current.ino) {
      file.close();
      continue;
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(`${Deno.pid}`));
    await removePartialFiles(folder);
    return {
      async release() {
        await Deno.remove(path).catch(() => {}); // before the lock ends
        file.close();
      },
    };
  }
}
