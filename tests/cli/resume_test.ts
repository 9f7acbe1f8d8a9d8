import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { keepCommand, resumeCommand } from "../../lib/cli/resume.ts";
import { startedBy } from "../../lib/cli/train/again.ts";
import { lastLine, task, withFolder } from "./_task.ts";

Deno.test("resumeCommand() gives the words of then, in their place, with --resume; options of now replace those of then", () =>
  withFolder(async (folder) => {
    startedBy(["pix2pix", "--data", "d", "--no-augment", "--epochs", "2", "--out=x", "--seed", "-1"], "/there");
    await keepCommand(folder);
    assertEquals(await resumeCommand(folder, []), {
      args: ["pix2pix", "--data", "d", "--no-augment", "--epochs", "2", "--seed", "-1", "--out", folder, "--resume"],
      from: "/there",
    });
    assertEquals((await resumeCommand(folder, ["--epochs", "9", "--seed=3"])).args, [
      ...["pix2pix", "--data", "d", "--no-augment", "--out", folder, "--resume", "--epochs", "9", "--seed=3"],
    ]);
  }));

Deno.test("resumeCommand() means folders of now from where it is called now, and leaves the sets' names alone", () =>
  withFolder(async (folder) => {
    startedBy(["cyclegan", "--data", "horses", "--others=zebras"], "/there");
    await keepCommand(folder);
    const [called, here] = [Deno.env.get("INIT_CWD"), join(folder, "moved")];
    await Deno.mkdir(here);
    try {
      Deno.env.set("INIT_CWD", folder);
      const moved = await resumeCommand(folder, ["--data", "moved", "--others=moved"]);
      assertEquals(moved.args, ["cyclegan", "--out", folder, "--resume", "--data", here, `--others=${here}`]);
      for (const name of ["toytown", "facades", "mnist"]) { // a folder of that name does not stand in for the set
        await Deno.mkdir(join(folder, name));
        const named = await resumeCommand(folder, ["--data", name, "--name", "moved"]);
        assertEquals(named.args.slice(-4), ["--data", name, "--name", "moved"]);
      }
    } finally {
      if (called === undefined) Deno.env.delete("INIT_CWD");
      else Deno.env.set("INIT_CWD", called);
    }
  }));

Deno.test("resumeCommand() says so when the folder does not know how it was made", () =>
  withFolder(async (folder) => {
    await assertRejects(() => resumeCommand(folder, []), Error, "command.json cannot be read");
    for (const text of ["no JSON", "{}", '{"args": [1], "from": "/"}']) {
      await Deno.writeTextFile(join(folder, "command.json"), text);
      await assertRejects(() => resumeCommand(folder, []), Error, "Cannot resume");
    }
  }));

Deno.test("train --resume FOLDER needs no other option, takes more epochs, and refuses what contradicts the checkpoint", () =>
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
    const done = await task("train", ["--resume", out]); // two epochs, as asked for last
    assertEquals([done.status, await contents()], [0, kept], done.stderr);
    assertStringIncludes(done.stdout, "Nothing to do: trained for 2 epochs already");
    const fewer = await task("train", ["--resume", out, "--epochs", "1"]);
    assertEquals([fewer.status, await contents()], [1, kept]);
    assertStringIncludes(lastLine(fewer), "asked for are 1 epochs, and 2 have begun");
    const other = await task("train", ["--resume", out, "--epochs", "3", "--filters", "3"]);
    assertEquals(other.status, 1);
    assertStringIncludes(lastLine(other), "it was trained with filters 2, asked for is 3");
    assertEquals((await task("train", ["--resume", out])).status, 0, "what was refused is not kept");
    assertEquals(await steps(), 4);
    const refused = args.map((word) => word === "2" ? "3" : word);
    assertEquals((await task("train", [...refused, "--epochs", "2", "--out", out, "--resume"])).status, 1);
    const help = await task("train", ["--resume", out, "--help"]);
    assertEquals([help.status, help.stdout.includes("Usage: deno task train gan")], [0, true]);
    assertEquals((await task("train", [`--resume=${out}`])).status, 0, "neither what was refused nor --help is kept");
    assertEquals(await steps(), 4);
    await Deno.remove(join(out, "checkpoint.safetensors"));
    const without = await task("train", ["--resume", out, "--epochs", "3"]);
    assertEquals([without.status, await contents()], [1, kept]);
    assertStringIncludes(lastLine(without), "it holds a model without a checkpoint to go on from");
    assertEquals((await task("train", ["--resume"])).status, 2);
    assertStringIncludes(lastLine(await task("train", ["--resume", folder])), "name a folder that train made");
  }));
