/** One training a folder: who comes second is refused, in this process or in another one.
 *
 * The lock is the operating system's, on an open file, so it is gone with the process that had it, however that ended.
 * @module */
import { join } from "node:path";

const NAME = "training.lock";

/** A folder that is taken. */
export interface FolderLock {
  /** Gives it back. */
  release(): Promise<void>;
}

/** A file that a training writes, not yet whole: see files.ts. What else ends so is not ours. */
const HALF_WRITTEN = /^(checkpoint\.safetensors|(command|forger|run)\.json|index\.html|losses\.csv)\.\d+\.part$/;

/** What a training that was killed while it wrote has left beside its files. */
async function removeHalfWritten(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && HALF_WRITTEN.test(name)) await Deno.remove(join(folder, name)).catch(() => {});
  }
}

/** Takes a folder for a training. It is made if it is not there.
 * @throws {Error} if another training has it. */
export async function takeFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, NAME);
  await Deno.mkdir(folder, { recursive: true });
  while (true) {
    const file = await Deno.open(path, { create: true, read: true, write: true });
    if (!await file.tryLock(true)) {
      file.close();
      const owner = await Deno.readTextFile(path).catch(() => "");
      const who = /^\d+$/.test(owner) ? ` (process ${owner})` : "";
      throw new Error(
        `Cannot train into ${folder}: another training is writing there${who}; wait for its end, or choose another folder`,
      );
    }
    // Whoever had it may have removed the file between our opening it and locking it.
    const [opened, there] = await Promise.all([file.stat(), Deno.stat(path).catch(() => undefined)]);
    if (there === undefined || opened.ino !== there.ino) {
      file.close();
      continue;
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(`${Deno.pid}`));
    await removeHalfWritten(folder);
    return {
      async release() {
        await Deno.remove(path).catch(() => {}); // while it is still locked
        file.close();
      },
    };
  }
}
