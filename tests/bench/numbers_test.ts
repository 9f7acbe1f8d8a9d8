import { assertEquals } from "@std/assert";
import { median } from "./numbers.ts";

Deno.test("median() is the middle one, or between the two in the middle", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(median([]), NaN);
});
