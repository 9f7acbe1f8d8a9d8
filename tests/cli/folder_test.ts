import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { checkFolder, runTraining } from "../../lib/cli/train_run.ts";
import { type TrainingPlan } from "../../lib/cli/train/training.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { task, withFolder } from "./_task.ts";

const WORDS = ["gan", "--data", "digits", "--count", "20", "--filters", "2", "--batch", "10", "--samples", "0"];

Deno.test("checkFolder() leaves alone what a training would replace", () =>
  withFolder(async (folder) => {
    const refused = (out: string, resume: boolean, message: string) =>
      assertRejects(() => checkFolder({ out, resume, epochs: 3 }), Error, message);
    await checkFolder({ out: join(folder, "new", "run"), resume: false, epochs: 3 });
    await checkFolder({ out: folder, resume: false, epochs: 3 });
    await Deno.writeTextFile(join(folder, "notes.txt"), "a person's");
    await checkFolder({ out: folder, resume: false, epochs: 3 });
    await refused(join(folder, "notes.txt"), false, "it is a file");
    await refused(join(folder, "notes.txt", "run"), false, "Cannot train into");
    await refused(join(folder, "x".repeat(300)), false, "choose another folder by --out");
    for (const name of ["index.html", "losses.csv", "run.json"]) {
      await Deno.writeTextFile(join(folder, name), "a person's");
      await refused(folder, false, `its ${name} would be replaced`);
      await refused(folder, true, `its ${name} would be replaced`);
      await Deno.writeTextFile(join(folder, "command.json"), "{}"); // of a training that ended before its first checkpoint
      await checkFolder({ out: folder, resume: false, epochs: 3 });
      for (const file of [name, "command.json"]) await Deno.remove(join(folder, file));
    }
    await Deno.writeTextFile(join(folder, "forger.json"), "{}");
    for (const resume of [false, true]) await refused(folder, resume, "a model without a checkpoint");
  }));

Deno.test("A training that is stopped before its first step leaves its folder as it was", () =>
  withFolder(async (folder) => {
    assertEquals((await task("train", [...WORDS, "--epochs", "1", "--out", folder])).status, 0);
    const contents = async () =>
      Object.fromEntries(
        await Promise.all(
          [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile).map(async ({ name }) => [
            name,
            await Deno.readFile(join(folder, name)),
          ]),
        ),
      );
    const before = await contents();
    const plan: TrainingPlan = {
      ...{ title: "", subtitle: "", settings: {}, backend: await useBackend("cpu", { quiet: true }), out: folder, epochs: 9 },
      resume: true,
      train: async function* () {},
      save: () => Promise.reject(new Error("it must not be saved")),
    };
    assertEquals(await runTraining(plan), true);
    assertEquals(await contents(), before);
  }));

Deno.test("train --resume FOLDER --epochs N goes on to N, also if it is killed and resumed without", () =>
  withFolder(async (folder) => {
    assertEquals((await task("train", [...WORDS, "--epochs", "1", "--out", folder])).status, 0);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--allow-all", "lib/cli/train.ts", "--resume", folder, "--epochs", "4000"],
      ...{ stdin: "null", stdout: "null", stderr: "null" },
      env: { FORGER_BACKEND: "wasm", INIT_CWD: "" },
    }).spawn();
    const rows = async () => (await Deno.readTextFile(join(folder, "losses.csv"))).split("\n").length;
    while (await rows() < 6) await new Promise((done) => setTimeout(done, 20));
    child.kill("SIGKILL");
    await child.status;
    assertStringIncludes(await Deno.readTextFile(join(folder, "command.json")), '"4000"');
  }));
