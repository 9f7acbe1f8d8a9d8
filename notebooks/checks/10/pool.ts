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
    if (first === undefined) return notYet("give back a number");
    if (`${filling}` !== "1,2") return notYet(`a pool of 3 that holds [1] and gets 2 then holds [1,2], yours [${filling}]`);
    if (first !== 2) return notYet(`while the pool fills, the new one is given back: 2, not ${first}`);
    if (thrown > 0) return notYet("while the pool fills no dice are thrown: whoever trains twice would get other pictures");
    const kept = [1, 2, 3];
    const passed = yours(kept, 3, 4, dice(0.7), () => 1);
    if (`${kept}` !== "1,2,3") return notYet(`with the dice at 0.7 nothing is kept; the pool became [${kept}]`);
    if (passed !== 4) return notYet(`with the dice at 0.7 the new one is given back: 4, not ${passed}`);
    const full = [1, 2, 3];
    const older = yours(full, 3, 4, dice(0.3), () => 1);
    if (full.length !== 3) return notYet(`a full pool of 3 stays at 3, yours has ${full.length}`);
    if (`${full}` !== "1,4,3") return notYet(`with the dice at 0.3 the new one takes place 1: [1,4,3], yours is [${full}]`);
    if (older !== 2) return notYet(`with the dice at 0.3 the one that was there is given back: 2, not ${older}`);
    if (yours([], 0, 9, dice(0.9), () => 0) !== 9) return notYet("a pool of size 0 gives back what comes");
    return right("while it fills, when it keeps, and when it does not");
  });
}
