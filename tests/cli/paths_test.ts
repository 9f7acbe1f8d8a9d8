import { assertEquals } from "@std/assert";
import { join, resolve } from "node:path";
import { fromWhereCalled, shellWord, toWhereCalled } from "../../lib/cli/paths.ts";

Deno.test("fromWhereCalled() finds from here what was meant from there", () => {
  const here = Deno.cwd();
  assertEquals(fromWhereCalled("a/b", join(here, "sub")), join("sub", "a", "b"));
  assertEquals(fromWhereCalled("..", join(here, "sub")), ".");
  assertEquals(resolve(fromWhereCalled("a", join(here, ".."))), resolve(here, "..", "a"));
  assertEquals(fromWhereCalled("a/b", here), "a/b");
  assertEquals(fromWhereCalled("a/b", ""), "a/b");
  assertEquals(fromWhereCalled(resolve("a"), "/elsewhere"), resolve("a"));
});

Deno.test("toWhereCalled() finds from there what is meant here", () => {
  const here = Deno.cwd();
  assertEquals(toWhereCalled("runs/a", join(here, "notebooks")), join("..", "runs", "a"));
  assertEquals(toWhereCalled(fromWhereCalled("x", join(here, "notebooks")), join(here, "notebooks")), "x");
  for (const called of [here, ""]) assertEquals(toWhereCalled("a/b", called), "a/b");
  assertEquals(toWhereCalled(resolve("a"), "/elsewhere"), resolve("a"));
});

Deno.test("shellWord() gives a path as one word, whatever is in it", async () => {
  assertEquals(["runs/größe_1.2-b", "a b", "#1"].map(shellWord), ["runs/größe_1.2-b", "'a b'", "'#1'"]);
  if (Deno.build.os === "windows") return;
  const odd = "it's # 100% $HOME `here`";
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf %s ${shellWord(odd)}`] }).output();
  assertEquals(new TextDecoder().decode(stdout), odd);
});
