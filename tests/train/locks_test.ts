import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { lockFolder } from "../../lib/train/locks.ts";
import { withFolder } from "../cli/_task.ts";

Deno.test("lockFolder() locks a folder once, and names the process that holds the lock", () =>
  withFolder(async (folder) => {
    const place = join(folder, "run"); // created if it does not exist
    const lock = await lockFolder(place);
    await assertRejects(() => lockFolder(place), Error, `another training run is writing there (process ${Deno.pid})`);
    await lock.release();
    assertEquals([...Deno.readDirSync(place)], [], "no file is left");
    await Deno.writeTextFile(join(place, "forger.json.123.part"), "half of");
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
