import { assertEquals } from "@std/assert";
import { sampleEpochs } from "../../lib/cli/train_run.ts";

Deno.test("sampleEpochs() begins before the training, ends with it, and is densest at the beginning", () => {
  assertEquals(sampleEpochs(1), [0, 1]);
  assertEquals(sampleEpochs(25), [0, 1, 3, 5, 9, 13, 19, 25]);
  assertEquals(sampleEpochs(200).length, 8);
});
