import { assert, assertEquals } from "@std/assert";
import { clip, statusLine } from "../../lib/cli/status_line.ts";
import { fakeScreen, shown } from "./_screen.ts";

Deno.test("statusLine() updates one line on a terminal, with all jobs, clipped", () => {
  const screen = fakeScreen(true, 40);
  const progress = statusLine(screen);
  progress.update("a", "Downloading", "1 MB");
  progress.update("b", "Waiting");
  progress.update("a", "Downloading", "2 MB");
  assertEquals(shown(screen.text), "Downloading 2 MB | Waiting");
  progress.print("A line that remains");
  assertEquals(shown(screen.text), "A line that remains\nDownloading 2 MB | Waiting");
  progress.update("b", "x".repeat(100));
  assertEquals(shown(screen.text).split("\n")[1]!.length, 39);
  progress.finish("a");
  progress.finish("b");
  assertEquals(shown(screen.text), "A line that remains\n");
});

Deno.test("statusLine() prints each stage once without a terminal, and no control codes", () => {
  const screen = fakeScreen(false);
  const progress = statusLine(screen);
  for (const stage of ["Asking", "Downloading", "Asking", "Downloading"]) progress.update("a", stage, String(Math.random()));
  progress.print("Done");
  progress.finish("a");
  assertEquals(screen.text, "Asking\nDownloading\nDone\n");
  assert(!screen.text.includes("\x1b"));
});

Deno.test("clip() counts wide characters twice, keeps characters whole, and leaves the last column empty", () => {
  const cases: [text: string, columns: number, clipped: string][] = [
    ["abcdef", 7, "abcdef"],
    ["abcdef", 6, "abcde"],
    ["abcdef", 1, ""],
    ["写真と画像", 7, "写真と"],
    ["写真と画像", 6, "写真"],
    ["사진.png", 6, "사진."],
    ["e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301"],
    ["👩‍🎨👍🏽x", 5, "👩‍🎨👍🏽"],
    ["a\nb\x1b[2Jc", 80, "a b [2Jc"],
  ];
  for (const [text, columns, clipped] of cases) assertEquals(clip(text, columns), clipped, text);
});
