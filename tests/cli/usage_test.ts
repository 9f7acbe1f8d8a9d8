import { assertEquals, assertThrows } from "@std/assert";
import { UsageError, usageIfRange } from "../../lib/cli/command.ts";

const failing = (message: string) => () => {
  throw new RangeError(message);
};

Deno.test("usageIfRange() blames the option for what the library refuses", () => {
  const refused = failing("Cannot build the U-Net: the size must be a multiple of 4, got 50; use 48 or 52");
  assertThrows(() => usageIfRange(refused, "--size"), UsageError, "Option --size: Cannot build the U-Net");
  assertEquals(usageIfRange(() => 7, "--size"), 7);
});

Deno.test("usageIfRange() blames no option where memory ends", () => {
  const error = assertThrows(() => usageIfRange(failing("Array buffer allocation failed"), "--size"), RangeError);
  assertEquals(error.message, "Array buffer allocation failed");
});
