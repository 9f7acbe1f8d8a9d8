import { assertEquals } from "@std/assert";
import { JUPYTER, TENSORFLOW_VERSION, tensorflowWheel } from "../../../lib/cli/setup/requirements.ts";

Deno.test("tensorflowWheel() fits the machine", () => {
  const wheel = (os: string, architecture: string, gpu = false) => tensorflowWheel(os, architecture, gpu)?.requirement;
  assertEquals(wheel("linux", "x86_64"), `tensorflow-cpu==${TENSORFLOW_VERSION}`);
  assertEquals(wheel("linux", "x86_64", true), `tensorflow[and-cuda]==${TENSORFLOW_VERSION}`);
  assertEquals(wheel("linux", "aarch64"), `tensorflow==${TENSORFLOW_VERSION}`);
  assertEquals(wheel("darwin", "aarch64"), `tensorflow==${TENSORFLOW_VERSION}`);
  assertEquals(wheel("darwin", "x86_64"), undefined);
  assertEquals(wheel("windows", "x86_64"), undefined);
});

Deno.test("JUPYTER and the constraints pin exact versions, the same ones", async () => {
  const text = await Deno.readTextFile(new URL("../../../lib/cli/setup/constraints.txt", import.meta.url));
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of lines) {
    assertEquals(/^[a-z0-9-]+==[0-9a-z.]+(; python(_full)?_version >= "3\.[\d.]+")?$/.test(line), true, line);
  }
  for (const requirement of JUPYTER) assertEquals(lines.includes(requirement), true, requirement);
});
