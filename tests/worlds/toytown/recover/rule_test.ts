import { assertEquals } from "@std/assert";
import { ClassCounts } from "../../../../data/worlds/toytown/recover/rule.ts";

Deno.test("ClassCounts.mostFrequent() is correct after the table grows", () => {
  const counts = new ClassCounts(3);
  for (let key = 0; key < 20_000; key++) {
    counts.add(key * 7919, key % 3);
    counts.add(key * 7919, key % 3);
    counts.add(key * 7919, (key + 1) % 3);
  }
  const mostFrequent = counts.mostFrequent(3);
  for (let key = 0; key < 20_000; key++) assertEquals(mostFrequent(key * 7919), key % 3);
  assertEquals([counts.mostFrequent(4)(7919), mostFrequent(1)], [-1, -1]);
});
