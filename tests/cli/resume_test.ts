import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { keepCommand, resumeCommand, type StartCommand } from "../../lib/cli/resume.ts";
import { lastLine, task, withFolder } from "./_task.ts";

/** Runs a test with INIT_CWD set to a folder. */
async function calledIn(folder: string, test: () => Promise<void>): Promise<void> {
  const called = Deno.env.get("INIT_CWD");
  Deno.env.set("INIT_CWD", folder);
  await test().finally(() => called === undefined ? Deno.env.delete("INIT_CWD") : Deno.env.set("INIT_CWD", called));
}

Deno.test("resumeCommand() returns the original command with --resume; new options replace old ones", () =>
  withFolder(async (folder) => {
    const args = ["pix2pix", "--data", "d", "--no-augment", "--epochs", "2", "--out=x", "--seed", "-1"];
    await keepCommand(folder, { args, from: "/there" });
    assertEquals(await resumeCommand(folder, []), {
      args: ["pix2pix", "--data", "d", "--no-augment", "--epochs", "2", "--seed", "-1", "--out", folder, "--resume"],
      from: "/there",
    });
    assertEquals((await resumeCommand(folder, ["--epochs", "9", "--seed=3"])).args, [
      ...["pix2pix", "--data", "d", "--no-augment", "--out", folder, "--resume", "--epochs", "9", "--seed=3"],
    ]);
  }));

Deno.test("resumeCommand() resolves new folder paths against the calling folder, and keeps names of data sets", () =>
  withFolder(async (folder) => {
    await keepCommand(folder, { args: ["cyclegan", "--data", "horses", "--others=zebras"], from: "/there" });
    const here = join(folder, "moved");
    await Deno.mkdir(here);
    await calledIn(folder, async () => {
      const moved = await resumeCommand(folder, ["--data", "moved", "--others=moved"]);
      assertEquals(moved.args, ["cyclegan", "--out", folder, "--resume", "--data", here, `--others=${here}`]);
      for (const name of ["toytown", "facades", "mnist"]) { // a folder of that name does not replace the data set
        await Deno.mkdir(join(folder, name));
        const named = await resumeCommand(folder, ["--data", name, "--name", "moved"]);
        assertEquals(named.args.slice(-4), ["--data", name, "--name", "moved"]);
      }
    });
  }));

Deno.test("resumeCommand() resolves new file paths against the calling folder", () =>
  withFolder(async (folder) => {
    await keepCommand(folder, { args: ["gan", "--log", "old.jsonl"], from: "/there" });
    await calledIn(folder, async () => {
      const { args } = await resumeCommand(folder, ["--log", "new.jsonl", "--config=c.json"]);
      assertEquals(args.slice(4), ["--log", join(folder, "new.jsonl"), `--config=${join(folder, "c.json")}`]);
      assertEquals((await resumeCommand(folder, ["--log", "-"])).args.slice(4), ["--log", "-"]);
      assertEquals((await resumeCommand(folder, [])).args.slice(0, 3), ["gan", "--log", "old.jsonl"]);
    });
  }));

Deno.test("resumeCommand() returns the values of the configuration in place of the file and the preset", () =>
  withFolder(async (folder) => {
    const args = ["gan", "--config", "c.json", "--preset=quick", "--epochs", "3"];
    for (const config of [{ filters: 2, epochs: 9 }, {}]) {
      await keepCommand(folder, { args, from: "/there", config });
      const resumed: StartCommand = { args: ["gan", "--epochs", "3", "--out", folder, "--resume"], from: "/there", config };
      assertEquals(await resumeCommand(folder, []), resumed);
    }
  }));

Deno.test("resumeCommand() rejects a folder without the original command", () =>
  withFolder(async (folder) => {
    await assertRejects(() => resumeCommand(folder, []), Error, "command.json does not exist");
    for (const text of ["no JSON", "{}", '{"args": [1], "from": "/"}', '{"args": [], "from": "/", "config": 3}', "null"]) {
      await Deno.writeTextFile(join(folder, "command.json"), text);
      await assertRejects(() => resumeCommand(folder, []), Error, "Cannot resume");
    }
  }));

Deno.test("train --resume FOLDER needs no other option, accepts more epochs, and rejects what contradicts the checkpoint", () =>
  withFolder(async (folder) => {
    const out = join(folder, "run");
    const args = ["gan", "--data", "digits", "--count", "20", "--filters", "2", "--batch", "10", "--samples", "0"];
    assertEquals((await task("train", [...args, "--epochs", "1", "--out", "run"], { INIT_CWD: folder })).status, 0);
    const steps = async () => (await Deno.readTextFile(join(out, "losses.csv"))).trimEnd().split("\n").length - 1;
    assertEquals(await steps(), 2);
    const more = await task("train", ["--resume", out, "--epochs", "2"]);
    assertEquals(more.status, 0, more.stderr);
    assertEquals(await steps(), 4);
    const files = ["index.html", "run.json", "command.json", "losses.csv", "forger.json"];
    const contents = () => Promise.all(files.map((file) => Deno.readTextFile(join(out, file))));
    const kept = await contents();
    const done = await task("train", ["--resume", out]); // two epochs, the last number given
    assertEquals([done.status, await contents()], [0, kept], done.stderr);
    assertStringIncludes(done.stdout, "Nothing to do: already trained for 2 epochs");
    const fewer = await task("train", ["--resume", out, "--epochs", "1"]);
    assertEquals([fewer.status, await contents()], [1, kept]);
    assertStringIncludes(lastLine(fewer), "at least 2");
    const other = await task("train", ["--resume", out, "--epochs", "3", "--filters", "3"]);
    assertEquals(other.status, 1);
    assertStringIncludes(lastLine(other), "filters");
    assertEquals((await task("train", ["--resume", out])).status, 0, "a rejected command is not kept");
    assertEquals(await steps(), 4);
    const refused = args.map((word) => word === "2" ? "3" : word);
    assertEquals((await task("train", [...refused, "--epochs", "2", "--out", out, "--resume"])).status, 1);
    const help = await task("train", ["--resume", out, "--help"]);
    assertEquals([help.status, help.stdout.includes("Usage: deno task train gan")], [0, true]);
    assertEquals((await task("train", [`--resume=${out}`])).status, 0, "neither a rejected command nor --help is kept");
    assertEquals(await steps(), 4);
    await Deno.remove(join(out, "checkpoint.safetensors"));
    const without = await task("train", ["--resume", out, "--epochs", "3"]);
    assertEquals([without.status, await contents()], [1, kept]);
    assertStringIncludes(lastLine(without), "it contains a model without a checkpoint");
    assertEquals((await task("train", ["--resume"])).status, 2);
    assertStringIncludes(lastLine(await task("train", ["--resume", folder])), "specify a folder written by deno task train");
  }));

Deno.test("resumeCommand() leaves out --count of a run of version 0.1.0, which ignored it for folders", () =>
  withFolder(async (folder) => {
    const resumed = async (...words: string[]) => {
      const text = JSON.stringify({ args: [...words, "--count", "5"], from: "/there" });
      await Deno.writeTextFile(join(folder, "command.json"), text);
      return (await resumeCommand(folder, [])).args.includes("--count");
    };
    assertEquals(await resumed("pix2pix", "--data", "photos"), false);
    assertEquals(await resumed("pix2pix", "--data=toytown"), true);
    assertEquals(await resumed("stackgan"), true);
    await keepCommand(folder, { args: ["gan", "--data", "photos", "--count", "50"], from: "/there" });
    assertEquals((await resumeCommand(folder, [])).args.includes("--count"), true);
  }));
