/** Exercise 6: the pool of generated images, here with numbers in place of images.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Exchange = (pool: number[], size: number, fresh: number, dice: () => number, place: () => number) => number;

/** Checks the pool while it fills and, once it is full, for both outcomes of the random choice. */
export function checkPool(yours: Exchange): Promise<Verdict> {
  return judged(() => {
    const filling: number[] = [1];
    let thrown = 0;
    const dice = (value: number) => () => (thrown++, value);
    const first = yours(filling, 3, 2, dice(0.1), () => 0);
    if (first === undefined) return notYet("return a number");
    if (`${filling}` !== "1,2") {
      return notYet(`a pool of size 3 with [1] that receives 2 then contains [1,2]; yours contains [${filling}]`);
    }
    if (first !== 2) return notYet(`while the pool fills, return the new number: 2, not ${first}`);
    if (thrown > 0) return notYet("while the pool fills, do not call dice(): the random numbers that follow would be different");
    const kept = [1, 2, 3];
    const passed = yours(kept, 3, 4, dice(0.7), () => 1);
    if (`${kept}` !== "1,2,3") return notYet(`if dice() is 0.7, nothing is stored; your pool became [${kept}]`);
    if (passed !== 4) return notYet(`if dice() is 0.7, return the new number: 4, not ${passed}`);
    const full = [1, 2, 3];
    const older = yours(full, 3, 4, dice(0.3), () => 1);
    if (full.length !== 3) return notYet(`a full pool of size 3 keeps its size; yours has ${full.length} numbers`);
    if (`${full}` !== "1,4,3") {
      return notYet(`if dice() is 0.3, the new number replaces the one at index 1: [1,4,3]; yours is [${full}]`);
    }
    if (older !== 2) return notYet(`if dice() is 0.3, return the number that was replaced: 2, not ${older}`);
    if (yours([], 0, 9, dice(0.9), () => 0) !== 9) return notYet("with a pool of size 0, return the new number");
    return right("the pool fills, swaps and passes on as it should");
  });
}
