import { assert } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, numbersIn, testLesson, textOf } from "./_notebooks.ts";

testLesson("01_the_game", { "check-numbers": NUMBERS_MISSING, "check-best": CODE_MISSING, "check-cost": CODE_MISSING });

Deno.test("01_the_game.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("01_the_game");
  // `heaps-read-text`: some clusters have too many points, and some are nearly empty
  const shares = numbersIn(textOf(notebook, "heaps")).slice(0, 8);
  assert(shares.some((share) => share > 1 / 8) && shares.some((share) => share < 0.03), `${shares}`);
  assert(shares.filter((share) => share > 0.05).length >= 4, "they gather in clusters");
  // `circles-read-text`: steps at the same time lead away from the equilibrium, steps in turn lead around it
  const [began, , together, , turns] = numbersIn(textOf(notebook, "circles-figure").split("Distance at the start:")[1]!);
  assert(together! > began! * 1.2 && turns! > began! * 0.7 && turns! < began! * 1.3, `${began}, ${together}, ${turns}`);
});
