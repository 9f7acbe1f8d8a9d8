import { assertEquals } from "@std/assert";
import { join, resolve } from "node:path";
import { fromWhereCalled } from "../../lib/cli/paths.ts";

Deno.test("fromWhereCalled() finds from here what was meant from there", () => {
  const here = Deno.cwd();
  assertEquals(fromWhereCalled("a/b", join(here, "sub")), join("sub", "a", "b"));
  assertEquals(fromWhereCalled("..", join(here, "sub")), ".");
  assertEquals(resolve(fromWhereCalled("a", join(here, ".."))), resolve(here, "..", "a"));
  assertEquals(fromWhereCalled("a/b", here), "a/b");
  assertEquals(fromWhereCalled("a/b", ""), "a/b");
  assertEquals(fromWhereCalled(resolve("a"), "/elsewhere"), resolve("a"));
});
