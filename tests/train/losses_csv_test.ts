import { assertEquals, assertRejects } from "@std/assert";
import { LossesCsv } from "../../lib/train/losses_csv.ts";

async function inFolder(run: (file: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(`${folder}/losses.csv`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const point = (step: number, losses: Record<string, number>) => ({ epoch: Math.ceil(step / 2), step, losses });

Deno.test("add() writes the header once, and each row immediately", () =>
  inFolder(async (file) => {
    const csv = new LossesCsv(file);
    await csv.add(point(1, { discriminator: 0.5, l1: Math.fround(0.1) }));
    assertEquals(await Deno.readTextFile(file), "epoch,step,discriminator,l1\n1,1,0.5,0.1\n");
    await csv.add(point(2, { l1: 1e-9, discriminator: NaN }));
    await csv.add(point(3, { l1: 2 }));
    assertEquals((await Deno.readTextFile(file)).split("\n").slice(2), ["1,2,NaN,1e-9", "2,3,,2", ""]);
    assertEquals(await csv.add(point(4, { l1: 1, late: 2 })), ["late"]);
  }));

Deno.test("keepUpTo() removes the rows of later steps, and returns the others", () =>
  inFolder(async (file) => {
    const before = new LossesCsv(file);
    for (let step = 1; step <= 5; step++) await before.add(point(step, { a: step / 8, b: -step }));
    const after = new LossesCsv(file);
    assertEquals(await after.keepUpTo(3), [1, 2, 3].map((step) => point(step, { a: step / 8, b: -step })));
    await after.add(point(4, { a: 40, b: 41 }));
    assertEquals((await Deno.readTextFile(file)).split("\n"), [
      "epoch,step,a,b",
      "1,1,0.125,-1",
      "1,2,0.25,-2",
      "2,3,0.375,-3",
      "2,4,40,41",
      "",
    ]);
  }));

Deno.test("keepUpTo() removes an incomplete last row", () =>
  inFolder(async (file) => {
    await Deno.writeTextFile(file, "epoch,step,a\n1,1,0.5\n1,2,0.");
    const csv = new LossesCsv(file);
    assertEquals(await csv.keepUpTo(2), [point(1, { a: 0.5 })]);
    await csv.add(point(2, { a: 7 }));
    assertEquals(await Deno.readTextFile(file), "epoch,step,a\n1,1,0.5\n1,2,7\n");
  }));

Deno.test("keepUpTo(0) removes the file, if there is one", () =>
  inFolder(async (file) => {
    assertEquals(await new LossesCsv(file).keepUpTo(0), []);
    await Deno.writeTextFile(file, "epoch,step,a\n1,1,0.5\n");
    const csv = new LossesCsv(file);
    assertEquals(await csv.keepUpTo(0), []);
    for (let i = 0; i < 2; i++) {
      await csv.add(point(1, { z: 1 }));
      assertEquals(await Deno.readTextFile(file), "epoch,step,z\n1,1,1\n");
      await csv.keepUpTo(0); // as after a rollback to the start
    }
  }));

Deno.test("keepUpTo() refuses a file in another format", () =>
  inFolder(async (file) => {
    await Deno.writeTextFile(file, "time,loss\n1,2\n");
    await assertRejects(
      () => new LossesCsv(file).keepUpTo(1),
      Error,
      "expected the first columns epoch,step, got time,loss",
    );
  }));
