/** What `--skip-bad` left out, told at the end.
 * @module */
import type { BadFile } from "../data/datasets.ts";

/** Files that are named; of more only the number is told. */
const MOST_NAMED = 5;

/** Tells what a set left out, if it was asked to and did. */
export function tellBad(bad: readonly BadFile[] | undefined): void {
  if (!bad || bad.length === 0) return;
  const reasons = bad.slice(0, MOST_NAMED).map(({ reason }) => `  ${reason}`);
  if (bad.length > MOST_NAMED) reasons.push(`  and ${bad.length - MOST_NAMED} more`);
  console.log(`Left out, since they cannot be read: ${bad.length}\n${reasons.join("\n")}`);
}
