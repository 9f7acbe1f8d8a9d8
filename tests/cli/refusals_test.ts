import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { encodePng } from "../../lib/data/image.ts";
import { lockFolder } from "../../lib/train/locks.ts";
import { lastLine, task, withFolder } from "./_task.ts";

const CPU = { FORGER_BACKEND: "cpu" };
const WORDS = ["gan", "--size", "32", "--filters", "2", "--batch", "2", "--samples", "0", "--epochs", "2"];

/** Writes grey images, each of its own brightness. */
async function writeImages(folder: string, greys: number[]): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [i, grey] of greys.entries()) {
    const data = new Uint8Array(32 * 32 * 3).fill(grey);
    await Deno.writeFile(join(folder, `${i}.png`), await encodePng({ data, width: 32, height: 32, channels: 3 }));
  }
  return folder;
}

/** Returns the contents of all files in a folder, keyed by path; folders are listed, too. */
async function contents(folder: string, within = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(join(folder, within))) {
    const path = join(within, name);
    if (isDirectory) Object.assign(found, { [`${path}/`]: "" }, await contents(folder, path));
    else found[path] = (await Deno.readFile(join(folder, path))).toBase64();
  }
  return found;
}

/** Runs a test with a folder that contains `data` (images), `run` (a finished training run) and `other` (other images). */
function withRun(test: (folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    await writeImages(join(folder, "data"), [10, 60, 110, 160]);
    await writeImages(join(folder, "other"), [10, 60, 110, 161]);
    await writeImages(join(folder, "more"), [10, 60, 110, 160, 210]);
    const { status, stderr } = await task("train", [...WORDS, "--data", "data", "--out", "run"], { ...CPU, INIT_CWD: folder });
    assertEquals(status, 0, stderr);
    await test(folder);
  });
}

/** Runs `train` in a folder, checks that it is refused in one line with the given words, and that no byte has changed. */
async function refused(folder: string, args: string[], ...words: string[]): Promise<void> {
  const before = await contents(folder);
  const ended = await task("train", args, { ...CPU, INIT_CWD: folder });
  assert(ended.status === 1 || ended.status === 2, `${args}: ${ended.status}\n${ended.stderr}`);
  for (const word of words) assertStringIncludes(lastLine(ended), word);
  const after = await contents(folder);
  assertEquals(Object.keys(after).sort(), Object.keys(before).sort(), args.join(" "));
  for (const [path, bytes] of Object.entries(before)) assertEquals(after[path], bytes, `${args.join(" ")} changed ${path}`);
}

Deno.test("a training run that is refused leaves every file as it was", () =>
  withRun(async (folder) => {
    const resume = ["--resume", "run", "--epochs", "3"];
    const log = ["--log", "new/log.jsonl"];
    await Deno.writeTextFile(join(folder, "bad.json"), '{"filter": 3}');
    const cases: [args: string[], ...words: string[]][] = [
      [[...resume, "--filters", "3", ...log], "filters"],
      [[...resume, "--batch", "3", ...log], "batch"],
      [["--resume", "run", "--epochs", "1", ...log], "at least 2"],
      [[...resume, "--config", "bad.json"], "bad.json", "filter"],
      [[...resume, "--data", "other", ...log], "other has changed", "--accept-data"],
      [[...resume, "--data", "more", ...log], "4 elements, and now has 5", "--accept-data"],
      [[...resume, "--data", "gone", ...log], join(folder, "gone"), "--data FOLDER"],
      [["--resume", "other"], "command.json"],
      [[...WORDS, "--data", "data", "--out", "run", ...log], "--resume"],
      [[...WORDS, "--data", "data", "--out", "data/0.png", ...log], "it is a file"],
      [[...WORDS, "--data", "data", "--accept-data", "--out", "new/run"], "--accept-data", "--resume"],
    ];
    for (const [args, ...words] of cases) await refused(folder, args, ...words);
    const lock = await lockFolder(join(folder, "run"));
    await refused(folder, [...resume, ...log], "another training run is using it");
    await lock.release();
    await Deno.writeTextFile(join(folder, "data", "0.png"), "no image");
    await refused(folder, [...WORDS, "--data", "data", "--out", "new/run", ...log], "0.png");
  }));

Deno.test("a training run is not resumed, and nothing is written, if one of its files is damaged", () =>
  withRun(async (folder) => {
    const damages: [file: string, change: (text: string) => string][] = [
      ["losses.csv", (text) => text.replaceAll(",", ";").replaceAll(".", ",")],
      ["losses.csv", (text) => text.replaceAll(",", ";")],
      ["losses.csv", (text) => text.replaceAll(",", "\t")],
      ["losses.csv", (text) => text.replaceAll("\n", ",,\n")],
      ["losses.csv", (text) => text.replace(/\n(\d+,\d+),[\d.]+/, "\n$1,1. Mai")],
      ["losses.csv", (text) => text.replace("epoch,step", "Epoche,Schritt")],
      ["run.json", (text) => text.slice(0, -5)],
      ["run.json", () => "[]"],
      ["run.json", (text) => text.replace(/"warnings": \[\]/, '"warnings": "none"')],
      ["command.json", (text) => text.replace("[", "")],
    ];
    for (const [file, change] of damages) {
      const path = join(folder, "run", file);
      const whole = await Deno.readTextFile(path);
      await Deno.writeTextFile(path, change(whole));
      await refused(folder, ["--resume", "run", "--epochs", "3"], file);
      await Deno.writeTextFile(path, whole);
    }
    const path = join(folder, "run", "checkpoint.safetensors");
    const whole = await Deno.readFile(path);
    for (const damaged of [whole.subarray(0, 100), whole.with(whole.length - 1, whole.at(-1)! ^ 1)]) {
      await Deno.writeFile(path, damaged);
      await refused(folder, ["--resume", "run", "--epochs", "3"], "checkpoint.safetensors");
    }
  }));

Deno.test("train resumes with images that were moved, with more images on request, and with files that an editor has saved", () =>
  withRun(async (folder) => {
    const again = async (...args: string[]) => {
      const ended = await task("train", ["--resume", "run", ...args], { ...CPU, INIT_CWD: folder });
      assertEquals(ended.status, 0, ended.stderr);
      return ended;
    };
    await Deno.rename(join(folder, "data"), join(folder, "moved"));
    await Deno.rename(join(folder, "moved", "0.png"), join(folder, "moved", "0a.png"));
    for (const file of ["run.json", "command.json", "losses.csv"]) {
      const path = join(folder, "run", file);
      const text = await Deno.readTextFile(path);
      await Deno.writeTextFile(
        path,
        "\ufeff" + text.replaceAll("\n", "\r\n").replace(/\r\n$/, file === "losses.csv" ? "" : "$&"),
      );
    }
    const utf16 = new Uint16Array([..."\ufeff{}\r\n"].map((letter) => letter.charCodeAt(0))); // as PowerShell writes it
    await Deno.writeFile(join(folder, "config.json"), new Uint8Array(utf16.buffer));
    await again("--epochs", "3", "--data", "moved", "--config", "config.json");
    const accepted = await again("--epochs", "4", "--data", "more", "--accept-data");
    assertStringIncludes(accepted.stderr, "4 elements, and now has 5");
    const { warnings, status } = JSON.parse(await Deno.readTextFile(join(folder, "run", "run.json")));
    assertEquals([status, warnings.filter((line: string) => line.includes("and now has 5")).length], ["finished", 1]);
    await again("--epochs", "5");
    const rows = (await Deno.readTextFile(join(folder, "run", "losses.csv"))).trimEnd().split("\n").slice(1);
    assertEquals(rows.map((row) => row.split(",").slice(0, 2).join(" ")), [
      ...["1 1", "1 2", "2 3", "2 4", "3 5", "3 6", "4 7", "4 8", "4 9", "5 10", "5 11", "5 12"],
    ]);
    await writeImages(join(folder, "more"), [10]); // the images on request are not accepted once and for all
    await Deno.remove(join(folder, "more", "4.png"));
    await refused(folder, ["--resume", "run", "--epochs", "6"], "--accept-data");
  }));
