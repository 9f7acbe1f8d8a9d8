import { assertEquals } from "@std/assert";
import { Counts } from "../../../../data/worlds/toytown/recover/rule.ts";

Deno.test("Counts keeps its counts as it grows", () => {
  const counts = new Counts(3);
  for (let key = 0; key < 20_000; key++) {
    counts.add(key * 7919, key % 3);
    counts.add(key * 7919, key % 3);
    counts.add(key * 7919, (key + 1) % 3);
  }
  const likeliest = counts.likeliest(3);
  for (let key = 0; key < 20_000; key++) assertEquals(likeliest(key * 7919), key % 3);
  assertEquals([counts.likeliest(4)(7919), likeliest(1)], [-1, -1]);
});
