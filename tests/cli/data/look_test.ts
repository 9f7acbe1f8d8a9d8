import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { lookAtClasses, lookAtInputs, lookAtUnpaired, refuseOutAmongData } from "../../../lib/cli/data/look.ts";
import { lookAtPairs } from "../../../lib/cli/data/look_pairs.ts";
import { folderBeforeSet } from "../../../lib/cli/data/source.ts";
import { UsageError } from "../../../lib/cli/command.ts";
import { loadSharp } from "../../../lib/packages.ts";
import { paint, paintAll, paintPairs } from "../../data/_images.ts";
import { withFolder } from "../_task.ts";

/** Lines that a look prints. */
async function linesOf(look: (say: (line: string) => void) => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  await look((line) => lines.push(line));
  return lines;
}

/** Writes images of the given sizes: 1.png, 2.png and so on. */
async function photos(folder: string, ...sizes: [width: number, height: number][]): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [i, [width, height]] of sizes.entries()) {
    await paint(join(folder, `${i + 1}.png`), width, height, (x, y) => [x % 256, y % 256, (x + y) % 256]);
  }
}

Deno.test("a look says what is read, held out and left out: counts, formats and sizes", () =>
  withFolder(async (folder) => {
    await paintPairs(join(folder, "train"), ["1.png", "2.png", "3.png"]);
    await paintPairs(join(folder, "val"), ["1.jpg"], 16);
    await photos(join(folder, "test"), [8, 8]);
    await Deno.writeTextFile(join(folder, "train", "4.heic"), "");
    const lines = await linesOf((say) => lookAtPairs(folder, { say, count: 2 }));
    assertEquals(lines.length, 3);
    for (
      const [line, words] of [["2 of 3", "png", "64x32"], ["1 side-by-side", "jpeg", "32x16"], ["1 .heic", "test"]].entries()
    ) {
      for (const word of words) assertStringIncludes(lines[line]!, word);
    }
    await paintAll(join(folder, "c", "cat"), { "1.png": 1, "2.png": 2 });
    await paintAll(join(folder, "c", "dog"), { "1.png": 1 }, 16, 16);
    await Deno.mkdir(join(folder, "c", "none"));
    const classes = await linesOf((say) => lookAtClasses(join(folder, "c"), { say }));
    for (const word of ["3 images", "cat (2), dog (1)", "8x8 to 16x16"]) assertStringIncludes(classes[0]!, word);
    assertStringIncludes(classes[1]!, "none");
  }));

Deno.test("a look rejects data that is meant to be read in another way, and names the option that does so", () =>
  withFolder(async (folder) => {
    const at = (...parts: string[]) => join(folder, ...parts);
    await photos(at("singles"), [40, 30], [30, 40], [40, 40]);
    await photos(at("mixed"), [64, 32], [64, 32], [64, 32], [32, 32]);
    await photos(at("wide"), [128, 64], [128, 64]);
    await photos(at("high"), [64, 128], [64, 128]);
    await photos(at("splits", "train"), [8, 8]);
    await photos(at("splits", "Test"), [8, 8]);
    await photos(at("cycle", "trainA"), [8, 8]);
    await photos(at("cycle", "trainB"), [8, 8]);
    await photos(at("ab", "day"), [8, 8]);
    await photos(at("ab", "night"), [8, 8]);
    await paintPairs(at("pairs", "train"), ["1.png"]);
    const cases: [look: () => Promise<void>, words: string[]][] = [
      [() => lookAtPairs(at("singles"), {}), ["1.png of 40x30", "3 of 3", "--targets", "--colourise", "--as-given"]],
      [() => lookAtPairs(at("mixed"), {}), ["4.png of 32x32", "1 of 4", "--as-given"]],
      [() => lookAtPairs(at("wide"), { targets: at("high") }), [at("wide", "1.png"), "64x128", "--as-given"]],
      [() => lookAtClasses(at("splits"), {}), ["Test, train", `--data ${at("splits", "train")}`, "--as-given"]],
      [() => lookAtClasses(at("cycle"), {}), ["trainA", "--as-given"]],
      [() => lookAtPairs(at("cycle"), {}), ["train cyclegan", `--data ${at("cycle")}`]],
      [() => lookAtPairs(at("ab"), {}), [`--data ${at("ab", "day")} --targets ${at("ab", "night")}`]],
      [() => lookAtUnpaired(at("ab"), undefined, {}), [`--data ${at("ab", "day")} --others ${at("ab", "night")}`]],
      [() => lookAtUnpaired(at("pairs"), undefined, {}), ["train pix2pix", at("pairs", "train", "1.png"), "--others"]],
      [() => lookAtUnpaired(at("singles"), undefined, {}), ["--others"]],
    ];
    for (const [look, words] of cases) {
      const { message } = await assertRejects(look, Error);
      for (const word of words) assertStringIncludes(message, word);
      assert(!message.includes("\n"));
    }
    const given = { asGiven: true };
    for (
      const look of [
        (say: (line: string) => void) => lookAtPairs(at("singles"), { ...given, say }),
        (say: (line: string) => void) => lookAtPairs(at("wide"), { ...given, say, targets: at("high") }),
        (say: (line: string) => void) => lookAtClasses(at("splits"), { ...given, say }),
      ]
    ) assertStringIncludes((await linesOf(look))[0]!, "Note: Cannot");
  }));

Deno.test("a look rejects a photograph that its EXIF orientation turns, if its partner is not turned", () =>
  withFolder(async (folder) => {
    const sharp = await loadSharp();
    const [a, b] = [join(folder, "photos"), join(folder, "masks")];
    await photos(a, [40, 30]);
    await photos(b, [40, 30]);
    const turned = async (orientation: number) => {
      const bytes = await sharp(join(b, "1.png")).jpeg().withMetadata({ orientation }).toBuffer();
      await Deno.remove(join(a, "1.png")).catch(() => {});
      await Deno.writeFile(join(a, "1.jpg"), bytes);
    };
    await turned(6);
    const look = (say: (line: string) => void) => lookAtPairs(a, { targets: b, say });
    const { message } = await assertRejects(() => linesOf(look), Error);
    for (const word of [join(a, "1.jpg"), "EXIF", "--as-given"]) assertStringIncludes(message, word);
    await turned(3); // the sizes match, but the contents may not
    assert((await linesOf(look)).some((line) => line.startsWith("Note:") && line.includes("EXIF")));
    await sharp(join(b, "1.png")).rotate(90).toFile(join(b, "2.png")); // a mask of the turned photograph
    await Deno.rename(join(b, "2.png"), join(b, "1.png"));
    await Deno.writeFile(
      join(a, "1.jpg"),
      await sharp(join(b, "1.png")).rotate(270).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    );
    assertEquals((await linesOf(look)).length, 1);
  }));

Deno.test("a look accepts proportions of any scale, one class named train, pairs of high halves, and CycleGAN's layout", () =>
  withFolder(async (folder) => {
    const at = (...parts: string[]) => join(folder, ...parts);
    await photos(at("small"), [41, 30], [30, 41]);
    await photos(at("large"), [82, 60], [60, 82]);
    await photos(at("vehicles", "train"), [8, 8]);
    await photos(at("vehicles", "car"), [8, 8]);
    await photos(at("cycle", "trainA"), [8, 8]);
    await photos(at("cycle", "trainB"), [9, 8]);
    await Deno.mkdir(at("high"));
    await paint(at("high", "1.png"), 40, 30, (x, y) => x < 20 ? [x, y, 0] : [255, y, x]);
    const quiet = { say: () => {} };
    await lookAtPairs(at("small"), { ...quiet, targets: at("large") });
    await lookAtPairs(at("high"), quiet);
    await lookAtPairs(at("small"), { ...quiet, colourise: true });
    await lookAtClasses(at("vehicles"), quiet);
    await lookAtUnpaired(at("cycle"), undefined, quiet);
    await lookAtUnpaired(at("small"), at("large"), quiet);
  }));

Deno.test("a look rejects a file that is not an image, unless bad files are skipped", () =>
  withFolder(async (folder) => {
    await photos(folder, [8, 8]);
    await Deno.writeTextFile(join(folder, "2.png"), "no image");
    const { message } = await assertRejects(() => lookAtClasses(folder, { say: () => {} }), Error);
    for (const word of [join(folder, "2.png"), "--skip-bad"]) assertStringIncludes(message, word);
    await lookAtClasses(folder, { say: () => {}, skipBad: true });
  }));

Deno.test("a run folder among the images of a data set is rejected; a new subfolder is not", () =>
  withFolder(async (folder) => {
    await photos(join(folder, "cat"), [8, 8]);
    for (const out of [folder, join(folder, "cat")]) {
      await assertRejects(() => refuseOutAmongData(out, { data: folder }), UsageError, "--out");
      await assertRejects(() => refuseOutAmongData(out, { data: "other", targets: folder }), UsageError, "--targets");
    }
    await refuseOutAmongData(join(folder, "run"), { data: folder });
    await Deno.mkdir(join(folder, "run"));
    await refuseOutAmongData(join(folder, "run"), { data: folder });
  }));

Deno.test("a folder with the name of a data set comes first, if it contains images and is not the data set itself", () =>
  withFolder(async (folder) => {
    const variables = ["INIT_CWD", "FORGER_DATA"].map((name) => [name, Deno.env.get(name)] as const);
    try {
      Deno.env.set("INIT_CWD", folder);
      Deno.env.delete("FORGER_DATA");
      const used = async (data: string) => {
        const lines: string[] = [];
        return [await folderBeforeSet(data, (line) => lines.push(line)), lines.length];
      };
      assertEquals(await used("facades"), ["facades", 0]);
      await Deno.mkdir(join(folder, "facades"));
      assertEquals(await used("facades"), ["facades", 1], "a folder without images");
      await photos(join(folder, "facades"), [8, 8]);
      assertEquals(await used("facades"), ["./facades", 1]);
      assertEquals(await used("my facades"), ["my facades", 0]);
      await photos(join(folder, "toytown"), [8, 8]);
      assertEquals(await used("toytown"), ["./toytown", 1]);
      Deno.env.set("FORGER_DATA", folder);
      assertEquals(await used("facades"), ["facades", 0], "the data set is stored there");
    } finally {
      for (const [name, value] of variables) value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
    }
  }));

Deno.test("a look at images to translate tells of pairs, and of what is left out", () =>
  withFolder(async (folder) => {
    await photos(folder, [64, 32]);
    await Deno.writeTextFile(join(folder, "2.heic"), "");
    const lines = (half: string) => linesOf((say) => lookAtInputs(folder, half, { say }));
    assertEquals((await lines("left")).length, 1);
    assertStringIncludes((await lines("whole")).join(), "--half left");
  }));
