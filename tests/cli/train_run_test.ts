import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { checkFolder } from "../../lib/cli/run_folder.ts";
import { runTraining, sampleEpochs, type TrainPlan } from "../../lib/cli/train_run.ts";
import { systemOf } from "../../lib/systems/registry.ts";
import { task, withFolder } from "./_task.ts";

const WORDS = ["gan", "--data", "digits", "--count", "20", "--filters", "2", "--batch", "10", "--samples", "0"];

Deno.test("sampleEpochs() starts before training, ends with the last epoch, and is densest at the start", () => {
  assertEquals(sampleEpochs(1), [0, 1]);
  assertEquals(sampleEpochs(25), [0, 1, 3, 5, 9, 13, 19, 25]);
  assertEquals(sampleEpochs(200).length, 8);
});

Deno.test("checkFolder() rejects a folder with files that a training run would overwrite", () =>
  withFolder(async (folder) => {
    const refused = (out: string, resume: boolean, message: string) =>
      assertRejects(() => checkFolder(out, resume, 3), Error, message);
    await checkFolder(join(folder, "new", "run"), false, 3);
    await checkFolder(folder, false, 3);
    await Deno.writeTextFile(join(folder, "notes.txt"), "a person's");
    await checkFolder(folder, false, 3);
    await refused(join(folder, "notes.txt"), false, "it is a file");
    await refused(join(folder, "notes.txt", "run"), false, "Cannot write the run to");
    await refused(join(folder, "x".repeat(300)), false, "choose another folder with --out");
    for (const name of ["index.html", "losses.csv", "run.json", "samples"]) {
      await Deno.writeTextFile(join(folder, name), "a person's");
      await refused(folder, false, `its ${name} would be overwritten`);
      await refused(folder, true, `its ${name} would be overwritten`);
      // of a run that ended before its first checkpoint
      await Deno.writeTextFile(join(folder, "command.json"), '{ "args": [], "from": "/" }');
      await checkFolder(folder, false, 3);
      for (const file of [name, "command.json"]) await Deno.remove(join(folder, file));
    }
    for (const [place, name] of [["samples", "index.json"], ["generator", "weights.bin"]] as const) {
      await Deno.mkdir(join(folder, place));
      await checkFolder(folder, false, 3, ["generator"]);
      await Deno.writeTextFile(join(folder, place, name), "a person's");
      for (const resume of [false, true]) {
        await assertRejects(() => checkFolder(folder, resume, 3, ["generator"]), Error, `${name} would be overwritten`);
      }
      await Deno.remove(join(folder, place), { recursive: true });
    }
    for (const place of ["epochs", join("epochs", "2"), join("epochs", "2", "generator", "weights.bin")]) {
      const keeping = (epochs: number[]) => checkFolder(folder, false, 3, ["generator"], epochs);
      await Deno.mkdir(join(folder, dirname(place)), { recursive: true });
      await keeping([1, 2]);
      await Deno.writeTextFile(join(folder, place), "a person's");
      await assertRejects(() => keeping([1, 2]), Error, `its ${place} would be overwritten`);
      await keeping([]);
      await Deno.remove(join(folder, place));
    }
    await Deno.writeTextFile(join(folder, "forger.json"), "{}");
    for (const resume of [false, true]) await refused(folder, resume, "a model without a checkpoint");
  }));

Deno.test("train --keep-epochs saves the model of each of these epochs, with its samples", () =>
  withFolder(async (folder) => {
    const train = (out: string, ...more: string[]) =>
      task("train", [...WORDS.slice(0, -1), "1", "--out", join(folder, out), ...more]);
    const weights = (...path: string[]) => Deno.readFile(join(folder, ...path, "generator", "weights.bin"));
    const kept = await train("kept", "--epochs", "4", "--keep-epochs", "1,3");
    assertEquals(kept.status, 0, kept.stderr);
    const epochs = [...Deno.readDirSync(join(folder, "kept", "epochs"))].map(({ name }) => name).sort();
    assertEquals(epochs, ["1", "3"]);
    for (const epoch of epochs) {
      assertEquals((await train(`of ${epoch}`, "--epochs", epoch)).status, 0);
      assertEquals(await weights("kept", "epochs", epoch), await weights(`of ${epoch}`));
      const { training } = JSON.parse(await Deno.readTextFile(join(folder, "kept", "epochs", epoch, "forger.json")));
      assertEquals(training.steps, 2 * Number(epoch));
      assert((await Deno.stat(join(folder, "kept", "samples", `epoch-000${epoch}.png`))).isFile);
    }
    assertNotEquals(await weights("kept", "epochs", "3"), await weights("kept"));
    // A resumed run keeps the epochs of its first command, unless it is given others.
    assertEquals((await task("train", ["--resume", join(folder, "kept"), "--epochs", "6", "--keep-epochs", "6"])).status, 0);
    assertEquals(await weights("kept", "epochs", "6"), await weights("kept"));
  }));

Deno.test("train --keep-epochs rejects epochs that are not saved", async () => {
  for (
    const [epochs, message] of [
      ["2,8", "epoch 8 is after the last epoch, 6; omit it, or increase --epochs"],
      ["0", "expected a comma-separated list of integers ≥ 1"],
      ["2,3", "epoch 3 has no checkpoint with --checkpoint-every 2; choose a multiple of 2, or omit --checkpoint-every"],
    ] as const
  ) {
    const more = ["--epochs", "6", "--checkpoint-every", "2", "--keep-epochs", epochs];
    const { status, stderr } = await task("train", [...WORDS, ...more]);
    assertEquals(status, 2);
    assertStringIncludes(stderr, message);
  }
});

Deno.test("runTraining() leaves the folder as it was if the run is stopped before its first step", () =>
  withFolder(async (folder) => {
    assertEquals((await task("train", [...WORDS, "--epochs", "1", "--out", folder])).status, 0);
    const contents = async () => {
      const files = [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile);
      return Object.fromEntries(
        await Promise.all(files.map(async ({ name }) => [name, await Deno.readFile(join(folder, name))])),
      );
    };
    const before = await contents();
    const system = systemOf("gan")!;
    const backend = await useBackend("cpu", { quiet: true });
    const model = {
      settings: {},
      networks: {},
      train: async function* () {},
      save: () => Promise.reject(new Error("must not be saved")),
    };
    const plan = {
      ...{ system, backend, model, out: folder, values: { epochs: 9, resume: true } },
      data: { name: "", train: {}, counted: "", about: {}, settings: {}, samples: () => Promise.resolve(undefined) },
      command: { args: [], from: "/" },
    } as unknown as TrainPlan;
    assertEquals(await runTraining(plan), 130);
    assertEquals(await contents(), before);
  }));

Deno.test("train --resume FOLDER --epochs N keeps N for later, also if the run is killed", () =>
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

Deno.test("a run is locked while it is saved and evaluated: another one that resumes it is refused", () =>
  withFolder(async (folder) => {
    assertEquals((await task("train", [...WORDS, "--epochs", "1", "--out", folder])).status, 0);
    const backend = await useBackend("cpu", { quiet: true });
    const refused: string[] = [];
    const during = async (stage: string) => {
      await assertRejects(() => runTraining(plan("second")), Error, "another command is writing to it");
      refused.push(stage);
    };
    const plan = (which: "first" | "second") => {
      const unexpected = () => Promise.reject(new Error(`the second run has reached its evaluation`));
      const stage = (name: string) => which === "first" ? during(name) : unexpected();
      const model = { settings: {}, networks: {}, train: async function* () {}, save: () => stage("save") };
      const data = {
        ...{ name: "", train: {}, counted: "", about: {}, settings: {}, samples: () => Promise.resolve(undefined) },
        measure: (_: unknown, when: string) => stage(when).then(() => ({})),
        tests: () => stage("tests").then(() => []),
      };
      const values = { epochs: 1, resume: true };
      return { system: systemOf("gan")!, backend, model, data, out: folder, values } as unknown as TrainPlan;
    };
    assertEquals(await runTraining(plan("first")), 0);
    assertEquals(refused, ["save", "after training", "tests"]);
  }));
