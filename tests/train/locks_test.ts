import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { lockFolder } from "../../lib/train/locks.ts";
import { type TrainingJob, TrainingRun } from "../../lib/train/loop.ts";
import type { Named, TrainingData } from "../../lib/train/options.ts";
import { withFolder } from "../cli/_task.ts";

Deno.test("lockFolder() locks a folder once, and names the process that holds the lock", () =>
  withFolder(async (folder) => {
    const place = join(folder, "run"); // created if it does not exist
    const lock = await lockFolder(place);
    await assertRejects(() => lockFolder(place), Error, `another training run is using it (process ${Deno.pid})`);
    await lock.release();
    assertEquals([...Deno.readDirSync(folder)], [], "a new folder is removed if nothing was written to it");
    await Deno.mkdir(place);
    for (const name of ["forger.json.123.part", "run.json.123.4.part"]) await Deno.writeTextFile(join(place, name), "half of");
    for (const name of ["mine.part", "mine.12.part"]) await Deno.writeTextFile(join(place, name), "of the user");
    await (await lockFolder(place)).release();
    assertEquals([...Deno.readDirSync(place)].map(({ name }) => name).sort(), ["mine.12.part", "mine.part"]);
  }));

Deno.test("lockFolder() locks a folder whose process was killed", () =>
  withFolder(async (folder) => {
    const code = `import { lockFolder } from "${import.meta.resolve("../../lib/train/locks.ts")}";
      await lockFolder(${JSON.stringify(folder)}); console.log("taken"); await new Promise((done) => setTimeout(done, 60_000));`;
    const child = new Deno.Command(Deno.execPath(), { args: ["eval", code], stdout: "piped" }).spawn();
    const reader = child.stdout.getReader();
    assertStringIncludes(new TextDecoder().decode((await reader.read()).value), "taken");
    await assertRejects(() => lockFolder(folder), Error, `(process ${child.pid})`);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    await (await lockFolder(folder)).release();
  }));

Deno.test("lockFolder() grants only one of many concurrent requests", () =>
  withFolder(async (folder) => {
    let [inside, most] = [0, 0];
    const enter = async () => {
      for (let done = 0; done < 10;) {
        const lock = await lockFolder(folder).catch(() => undefined);
        if (!lock) {
          await new Promise((wait) => setTimeout(wait, 1));
          continue;
        }
        most = Math.max(most, ++inside);
        await new Promise((wait) => setTimeout(wait, 0));
        inside--;
        done++;
        await lock.release();
      }
    };
    await Promise.all(Array.from({ length: 5 }, enter));
    assertEquals(most, 1);
  }));

Deno.test("lockFolder() keeps no lock if its file cannot be written", () =>
  withFolder(async (folder) => {
    const place = join(folder, "run");
    const { write } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.write = () => Promise.reject(new Error("No space left on device"));
    try {
      await assertRejects(() => lockFolder(place), Error, "No space left on device");
    } finally {
      Deno.FsFile.prototype.write = write;
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    await (await lockFolder(place)).release();
  }));

Deno.test("train() keeps no lock if it fails at its end", () =>
  withFolder(async (folder) => {
    const place = join(folder, "run");
    const data = { name: "points", count: 1, batches: () => [{ names: ["0"] }] } as unknown as TrainingData<Named>;
    const job: TrainingJob<Named> = {
      ...{ trained: { networks: {}, optimizers: {} }, settings: {}, equilibrium: {} },
      ...{ begin() {}, beginEpoch() {}, step: () => ({}), sample: () => Promise.resolve(undefined) },
      end() {
        throw new Error("a fault at the end");
      },
    };
    const run = new TrainingRun(job, data, { epochs: 1, checkpoint: place }).run();
    await assertRejects(() => Array.fromAsync(run), Error, "a fault at the end");
    await (await lockFolder(place)).release();
  }));
