import { assertEquals } from "@std/assert";
import { editDistance, nearest } from "../../lib/cli/command.ts";

Deno.test("editDistance() counts letters put in, taken out, changed and swapped", () => {
  assertEquals(editDistance("size", "size"), 0);
  assertEquals(editDistance("sze", "size"), 1);
  assertEquals(editDistance("sizes", "size"), 1);
  assertEquals(editDistance("sise", "size"), 1);
  assertEquals(editDistance("szie", "size"), 1);
  assertEquals(editDistance("", "size"), 4);
  assertEquals(editDistance("kitten", "sitting"), 3);
});

Deno.test("nearest() is none when all are far", () => {
  assertEquals(nearest("--epoch", ["--epochs", "--seed"]), "--epochs");
  assertEquals(nearest("--colours", ["--epochs", "--seed"]), undefined);
  assertEquals(nearest("--x", []), undefined);
});
