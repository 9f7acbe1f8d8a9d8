import { join } from "node:path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { lastLine, task, withFolder } from "./_task.ts";

Deno.test("world writes pairs, and inspect lists and shows them", () =>
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

Deno.test("inspect exits with status 1 if a file is damaged, and names the file", () =>
  withFolder(async (folder) => {
    await task("world", ["--count", "2", "--test", "0", "--size", "16", "--left", "photo", "--right", "edges", "--out", folder]);
    await Deno.truncate(join(folder, "train", "2.png"), 200);
    const { status, stdout } = await task("inspect", [folder, "--grid", join(folder, "grid.png")]);
    assertEquals(status, 1);
    assertMatch(stdout, /UNREADABLE: 1 file\n +2\.png: .+\n/);
  }));

Deno.test("world reports how many images of an earlier world are in the same folder", () =>
  withFolder(async (folder) => {
    const draw = (count: number, test: number) =>
      task("world", [...["--count", `${count}`, "--test", `${test}`, "--size", "16", "--overwrite"], "--out", folder]);
    assertEquals((await draw(3, 1)).stdout, `4 pairs of 16x16 in ${folder}\n`);
    assertEquals((await draw(1, 0)).stdout, `1 pair of 16x16 in ${folder}\n${folder} also contains 3 other images\n`);
    assertEquals((await draw(2, 1)).stdout, `3 pairs of 16x16 in ${folder}\n${folder} also contains 1 other image\n`);
  }));

Deno.test("inspect does not overwrite an inspected image or a folder with its grid", () =>
  withFolder(async (folder) => {
    await task("world", ["--count", "2", "--test", "0", "--size", "16", "--out", folder]);
    const image = join(folder, "train", "1.png"), link = join(folder, "link.png");
    await Deno.symlink(image, link);
    const before = await Deno.readFile(image);
    for (const [data, grid] of [[folder, image], [join(folder, "train"), link]] as const) {
      const { status, stderr } = await task("inspect", [data, "--grid", grid]);
      assertEquals([status, stderr], [
        2,
        `Option --grid: ${grid} is one of the inspected images and would be overwritten; choose another file\n`,
      ]);
      assertEquals(await Deno.readFile(image), before);
    }
    const { status, stderr } = await task("inspect", [folder, "--grid", folder]);
    assertEquals([status, stderr], [1, `Cannot write ${folder}: it is a folder; choose a file with --grid\n`]);
  }));

Deno.test("world reports that its output is a file", () =>
  withFolder(async (folder) => {
    const out = join(folder, "file");
    await Deno.writeTextFile(out, "");
    const { status, stderr } = await task("world", ["--count", "1", "--out", out]);
    assertEquals([status, stderr], [1, `Cannot write to ${out}: it is a file; choose another folder with --out\n`]);
  }));

Deno.test("world and inspect name an invalid option on one line, with status 2", async () => {
  const cases: [string, string[], string][] = [
    ["world", [], "Option --out is missing"],
    ["world", ["--out", "x", "--left", "aerial"], "rendering of the facade must be one of"],
    ["inspect", [], "No folder given"],
  ];
  for (const [name, args, words] of cases) {
    const ended = await task(name, args);
    assertEquals(ended.status, 2, ended.stderr);
    assertStringIncludes(lastLine(ended), words);
  }
  const missing = await task("inspect", ["no/such/folder"]);
  assertEquals([missing.status, lastLine(missing).includes("there is no such folder")], [1, true]);
});

Deno.test("inspect replaces no grid: neither that of another folder of the same name, nor a file given by --grid", () =>
  withFolder(async (folder) => {
    const name = `inspected-${folder.replaceAll(/\W/g, "")}`;
    const written: string[] = [];
    const inspect = async (place: string, more: string[] = []) => {
      const { status, stdout, stderr } = await task("inspect", [join(folder, place, name), ...more]);
      const path = /^Grid of the first images: (.+)$/m.exec(stdout)?.[1];
      if (path) written.push(path);
      return { status, stderr, path };
    };
    try {
      for (const [place, seed] of [["a", "1"], ["b", "2"]] as const) {
        const out = join(folder, place, name);
        await task("world", ["--count", "1", "--test", "0", "--size", "16", "--seed", seed, "--out", out]);
      }
      const [first, second] = [await inspect("a"), await inspect("b")];
      assertEquals([first.path === second.path, (await inspect("a")).path], [false, first.path]);
      const own = join(folder, "own.png");
      await Deno.writeTextFile(own, "of a person");
      const refused = await inspect("a", ["--grid", own]);
      assertEquals([refused.status, await Deno.readTextFile(own)], [1, "of a person"]);
      assertStringIncludes(refused.stderr, "--overwrite");
      assertEquals((await inspect("a", ["--grid", own, "--overwrite"])).status, 0);
      assertEquals((await inspect("a", ["--overwrite"])).status, 2);
    } finally {
      for (const path of new Set(written)) await Deno.remove(path).catch(() => {});
    }
  }));

Deno.test("world replaces no file unless it is asked to", () =>
  withFolder(async (folder) => {
    const args = ["--count", "2", "--test", "1", "--size", "16", "--out", folder];
    await Deno.mkdir(join(folder, "train"));
    await Deno.writeTextFile(join(folder, "train", "2.png"), "of a person");
    const refused = await task("world", args);
    assertEquals([refused.status, [...Deno.readDirSync(folder)].length], [1, 1]);
    assertStringIncludes(lastLine(refused), "train/2.png exists; use --overwrite to replace it, --missing to keep it");
    const kept = await task("world", [...args, "--missing"]);
    assertEquals(kept.stdout, `2 pairs of 16x16 in ${folder}, in addition to 1 that existed\n`);
    assertEquals(await Deno.readTextFile(join(folder, "train", "2.png")), "of a person");
    assertEquals((await task("world", [...args, "--overwrite"])).stdout, `3 pairs of 16x16 in ${folder}\n`);
  }));
