import { join } from "node:path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lastLine, task, withFolder } from "./_task.ts";

Deno.test("world writes pairs that inspect finds whole, and inspect shows them", () =>
  withFolder(async (folder) => {
    const out = join(folder, "town");
    const written = await task("world", ["--scene", "town", "--count", "3", "--test", "1", "--size", "32", "--out", out]);
    assertEquals([written.status, written.stdout], [0, `4 pairs of 32x32 in ${out}\n`], written.stderr);
    assertEquals(written.stderr, "Drawing\n");
    const grid = join(folder, "grid.png");
    const { status, stdout, stderr } = await task("inspect", [out, "--grid", grid]);
    assertEquals(status, 0, stderr);
    assertMatch(stdout, /: 4 files in 2 folders; layout: side by side\n/);
    assertStringIncludes(stdout, "train: 3 files\n  sizes: 64x32 (3)\n  channels: RGB, 8 bits, png (3)\n");
    assertEquals([...(await Deno.readFile(grid)).subarray(1, 4)], [0x50, 0x4e, 0x47]);
  }));

Deno.test("inspect ends with status 1 where a file is no picture, and names it", () =>
  withFolder(async (folder) => {
    await task("world", ["--count", "2", "--test", "0", "--size", "16", "--left", "photo", "--right", "edges", "--out", folder]);
    await Deno.truncate(join(folder, "train", "2.png"), 200);
    const { status, stdout } = await task("inspect", [folder, "--grid", join(folder, "grid.png")]);
    assertEquals(status, 1);
    assertMatch(stdout, /UNREADABLE: 1 file\n +2\.png: .+\n/);
  }));

Deno.test("world tells how many pictures of an older world stay beside its own", () =>
  withFolder(async (folder) => {
    const draw = (count: number, test: number) =>
      task("world", [...["--count", `${count}`, "--test", `${test}`, "--size", "16"], "--out", folder]);
    assertEquals((await draw(3, 1)).stdout, `4 pairs of 16x16 in ${folder}\n`);
    assertEquals((await draw(1, 0)).stdout, `1 pair of 16x16 in ${folder}\n${folder} held 3 other pictures, which stay\n`);
    assertEquals((await draw(2, 1)).stdout, `3 pairs of 16x16 in ${folder}\n${folder} held 1 other picture, which stays\n`);
  }));

Deno.test("inspect writes its grid over no picture that it looks at, nor onto a folder", () =>
  withFolder(async (folder) => {
    await task("world", ["--count", "2", "--test", "0", "--size", "16", "--out", folder]);
    const picture = join(folder, "train", "1.png"), link = join(folder, "link.png");
    await Deno.symlink(picture, link);
    const before = await Deno.readFile(picture);
    for (const [data, grid] of [[folder, picture], [join(folder, "train"), link]] as const) {
      const { status, stderr } = await task("inspect", [data, "--grid", grid]);
      assertEquals([status, stderr], [
        2,
        `Option --grid: ${grid} is one of the pictures inspected, and it would be lost; choose another file\n`,
      ]);
      assertEquals(await Deno.readFile(picture), before);
    }
    const { status, stderr } = await task("inspect", [folder, "--grid", folder]);
    assertEquals([status, stderr], [1, `Cannot write ${folder}: it is a folder; choose a file by --grid\n`]);
  }));

Deno.test("world tells that its output is a file", () =>
  withFolder(async (folder) => {
    const out = join(folder, "file");
    await Deno.writeTextFile(out, "");
    const { status, stderr } = await task("world", ["--count", "1", "--out", out]);
    assertEquals([status, stderr], [1, `Cannot write into ${out}: it is a file; choose another folder by --out\n`]);
  }));

Deno.test("world and inspect say what is wrong with their options in one line, with status 2", async () => {
  const cases: [string, string[], string][] = [
    ["world", [], "Option --out is missing"],
    ["world", ["--out", "x", "--left", "aerial"], "rendering of the facade must be one of"],
    ["inspect", [], "The folder is missing"],
  ];
  for (const [name, args, words] of cases) {
    const ended = await task(name, args);
    assertEquals(ended.status, 2, ended.stderr);
    assertStringIncludes(lastLine(ended), words);
  }
  const missing = await task("inspect", ["no/such/folder"]);
  assertEquals([missing.status, lastLine(missing).includes("there is no such folder")], [1, true]);
});
