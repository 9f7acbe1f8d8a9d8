import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { LARGEST_SEED, RandomStream } from "../../lib/backend/random.ts";
import { testOnBackends } from "../_backends.ts";

const draws = (stream: RandomStream, count = 2) =>
  Array.from({ length: count }, () => [stream.normal([4]), stream.uniform([4])].map((drawn) => [...drawn.dataSync()]));

testOnBackends("RandomStream is reproducible from its seed, including 0, and its draws differ", () => {
  for (const seed of [0, 1, LARGEST_SEED]) {
    const first = draws(new RandomStream(seed));
    assertEquals(draws(new RandomStream(seed)), first);
    assertNotEquals(first[0], first[1]);
  }
  assertNotEquals(draws(new RandomStream(0)), draws(new RandomStream(1)));
}, ["tensorflow", "wasm", "cpu"]);

testOnBackends("RandomStream continues from a position", () => {
  const [stream, whole] = [new RandomStream(0), draws(new RandomStream(0), 3)];
  draws(stream, 1);
  assertEquals(draws(new RandomStream(0, stream.position)), whole.slice(1));
}, ["tensorflow", "wasm", "cpu"]);

testOnBackends("RandomStream throws for an invalid seed", () => {
  for (const seed of [-1, 0.5, LARGEST_SEED + 1]) {
    assertThrows(() => new RandomStream(seed), RangeError, "Cannot create a random stream");
  }
}, ["cpu"]);
