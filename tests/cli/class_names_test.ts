import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { classIndices, exampleLabels } from "../../lib/cli/class_names.ts";
import { UsageError } from "../../lib/cli/command.ts";
import { paintAll } from "../data/_images.ts";
import { lastLine, task, withFolder } from "./_task.ts";

Deno.test("classIndices() accepts names and indices, also names with commas and in another Unicode form", () => {
  const names = ["cat", "dog", "red, old", "café".normalize("NFC")];
  const indices = (text: string) => classIndices(text.split(","), "m", names);
  assertEquals(indices("cat,dog,1,0"), [0, 1, 1, 0]);
  assertEquals(indices("dog,red, old,café".normalize("NFD")), [1, 2, 3]);
  assertEquals(classIndices(["2", "1"], "m", ["1", "2", "3"]), [1, 0], "a name comes before an index");
  assertEquals(classIndices(["7", "0"], "m", undefined, 10), [7, 0]);
});

Deno.test("classIndices() names the classes if there is no such class", () => {
  const { message } = assertThrows(() => classIndices(["catt"], "m", ["cat", "dog"]), UsageError);
  for (const word of ["m", "catt", "cat (0), dog (1)", "did you mean cat?"]) assertStringIncludes(message, word);
  assertThrows(() => classIndices(["2"], "m", ["cat", "dog"]), UsageError, "cat (0)");
  for (const word of ["10", "-1", "cat", "1.5", ""]) {
    assertThrows(() => classIndices([word], "m", undefined, 10), UsageError, "0 to 9");
  }
});

Deno.test("exampleLabels() gives labels that classIndices() reads", () => {
  for (const names of [["cat", "dog"], ["b, c", "a"], ["2", "1"], ["0", "1", "2", "3"], ["--x", "y"], [" a", "b"]]) {
    const example = exampleLabels(names, names.length).split(",");
    assertEquals(classIndices(example, "m", names).length, Math.min(3, names.length), `${names}`);
  }
  assertEquals(exampleLabels(undefined, 2), "0,1");
});

Deno.test("generate takes the names of the classes of the training data, and train prints a command with them", () =>
  withFolder(async (folder) => {
    const [data, out, images] = ["data", "run", "images"].map((name) => join(folder, name)) as [string, string, string];
    for (const name of ["cat", "hot dog"]) await paintAll(join(data, name), { "1.png": 1, "2.png": 200 }, 32, 32);
    const args = "--size 32 --filters 2 --batch 4 --epochs 1 --samples 0 --out".split(" ");
    const trained = await task("train", ["conditional-gan", "--data", data, ...args, out]);
    assertEquals(trained.status, 0, trained.stderr);
    assertStringIncludes(trained.stdout, "--labels 'cat,hot dog'");
    const output = ["--output", images, "--overwrite"];
    const generate = (labels: string) => task("generate", ["--model", out, ...output, "--labels", labels]);
    assertEquals((await generate("hot dog,0,cat")).status, 0);
    assertEquals((await Array.fromAsync(Deno.readDir(images))).length, 4);
    const wrong = await generate("cow");
    assertEquals(wrong.status, 2);
    assertStringIncludes(lastLine(wrong), "cat (0), hot dog (1)");
  }));
