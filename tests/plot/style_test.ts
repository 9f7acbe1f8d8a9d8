import { assertEquals } from "@std/assert";
import { COLOUR_OF, coloursOf, PALETTE } from "../../lib/plot/style.ts";

Deno.test("coloursOf() assigns fixed colours, without duplicates", () => {
  const names = ["adversarial", "l1", "discriminator", "something", "other", "third", "fourth"];
  const colours = coloursOf(names);
  assertEquals(colours.slice(0, 3), [COLOUR_OF.adversarial, COLOUR_OF.l1, COLOUR_OF.discriminator]);
  assertEquals(new Set(colours).size, names.length);
  // Both have the same fixed colour.
  assertEquals(new Set(coloursOf(["generator", "adversarial"])).size, 2);
  assertEquals(coloursOf(Array.from({ length: 20 }, (_, i) => `n${i}`)).every((colour) => PALETTE.includes(colour)), true);
});
