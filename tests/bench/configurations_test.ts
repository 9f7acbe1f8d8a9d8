import { assertEquals, assertThrows } from "@std/assert";
import { CONFIGURATIONS, nameOf, only } from "./configurations.ts";

Deno.test("only reads what nameOf() writes", () => {
  assertEquals(only.read(CONFIGURATIONS.map(nameOf).join(",")), CONFIGURATIONS);
  assertEquals(only.read("64/32/1, 8/2/3"), [{ size: 64, filters: 32, batch: 1 }, { size: 8, filters: 2, batch: 3 }]);
});

Deno.test("only refuses what is no configuration", () => {
  for (const bad of ["", "64", "64/32", "64/32/0", "64/32/1.5", "64/32/1,", "64/32/1/1", "a/b/c"]) {
    assertThrows(() => only.read(bad), RangeError, "wanted for example");
  }
});
