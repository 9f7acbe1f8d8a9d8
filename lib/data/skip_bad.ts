/** Leaving out what cannot be read.
 * @module */
import { firstLine } from "./_sharp.ts";
import type { BadFile } from "./pairs.ts";
import { prefetch } from "./prefetch.ts";

/** Reads every file of a set once, so that the set is known to be whole before a training begins: the count, and with it every position, then stays the
 * same from epoch to epoch.
 * @param files names.
 * @param read as the set itself reads them; an error means bad.
 * @returns the good ones in their order, and the bad ones.
 * @throws {Error} if all are bad. */
export async function withoutBad(
  files: string[],
  read: (file: string) => Promise<unknown>,
  action: string,
): Promise<{ good: string[]; bad: BadFile[] }> {
  const good: string[] = [], bad: BadFile[] = [];
  const jobs = function* () {
    for (const file of files) yield () => read(file).then(() => undefined, (error) => firstLine(error));
  };
  let at = 0;
  for await (const reason of prefetch(jobs(), 4)) {
    const name = files[at++]!;
    if (reason === undefined) good.push(name);
    else bad.push({ name, reason });
  }
  if (good.length > 0) return { good, bad };
  throw new Error(`Cannot ${action}: none of its ${files.length} files can be read, the first because: ${bad[0]!.reason}`);
}
