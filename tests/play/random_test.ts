import { assertAlmostEquals, assertEquals } from "@std/assert";
import { RandomStream as OnDeno } from "../../lib/backend/random.ts";
import { philox, RandomStream } from "../../lib/play/random.ts";
import { testOnBackends } from "../_backends.ts";

Deno.test("philox() gives the published numbers", () => {
  // Known-answer tests of Random123: philox 4x32, 10 rounds.
  const ones = 0xffffffff;
  assertEquals(philox([0, 0, 0, 0], [0, 0]), [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  assertEquals(philox([ones, ones, ones, ones], [ones, ones]), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
});

testOnBackends("a page draws the same random numbers as TensorFlow", () => {
  const [page, deno] = [new RandomStream(2_000_000_011), new OnDeno(2_000_000_011)];
  for (const shape of [[5], [3, 7], [2, 2, 33]]) {
    const [uniform, expected] = [page.uniform(shape), deno.uniform(shape)];
    assertEquals([...uniform.dataSync()], [...expected.dataSync()]);
    const [normal, wanted] = [page.normal(shape), deno.normal(shape)].map((tensor) => tensor.dataSync());
    normal!.forEach((value, i) => assertAlmostEquals(value, wanted![i]!, 1e-5));
  }
}, ["tensorflow"]);
