/** What the comparisons share.
 * @module */

/** Reads the events of a training run to its end.
 * @throws {Error} If the run was stopped, by Ctrl-C for example: a model that has learned for less time is not compared. */
export async function trained(events: AsyncIterable<{ type: string }>, epochs: number): Promise<void> {
  let done = 0;
  for await (const { type } of events) if (type === "epoch") done++;
  if (done === epochs) return;
  throw new Error(`Cannot compare: expected ${epochs} epochs, got ${done}, since the run was stopped; run the command again`);
}
