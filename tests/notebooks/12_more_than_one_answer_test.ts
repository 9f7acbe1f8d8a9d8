import { assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("12_more_than_one_answer", {
  "check-numbers": NUMBERS_MISSING,
  "check-best": CODE_MISSING,
  "check-manner": CODE_MISSING,
});

Deno.test("12_more_than_one_answer.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("12_more_than_one_answer");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "To let z choose among the six would cost."
  const [[median], [chosen]] = table("why") as [number[], number[]];
  assertGreater(chosen!, median!);
  // "An untrained encoder says next to nothing"
  const [, [nats]] = table("hand-code") as [number[], number[], number[]];
  assertLess(nats!, 0.2);
  // "several times as different … One of them alone is no better; the best of ten is much nearer"
  const [single, several] = table("measure") as [number[], number[]];
  assertGreater(several[0]!, 3 * single[0]!);
  assertLess(several[1]!, 0.85 * single[1]!);
  assertGreater(several[2]!, 0.95 * single[2]!);
  // "from something blue over orange and yellow to white, and red and green come out as one of these"
  for (
    const [red, yellow, green, blue, , white] of table("votes").slice(1) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ][]
  ) {
    for (const rare of [red, green]) assertLess(rare, 4);
    for (const often of [yellow, blue, white]) assertGreater(often, 4);
  }
});

Deno.test("solutions/12_more_than_one_answer.ipynb keeps outputs that bear out what it says of them", async () => {
  const [free, priced, dear] = rowsOf(textOf(await keptSolutions("12_more_than_one_answer"), "price")) as [
    number[],
    number[],
    number[],
  ];
  // "Too dear, and the code falls silent … For nothing it says the most … the best of ten is as good"
  assertLess(dear[0]!, priced[0]! / 3);
  assertGreater(free[0]!, priced[0]!);
  assertLess(Math.abs(free[1]! - priced[1]!), 0.02);
});
