import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, join } from "node:path";
import { UsageError } from "../../../lib/cli/command.ts";
import { systemOf } from "../../../lib/systems/registry.ts";
import { openPairs, PAIRS } from "../../../lib/cli/data/pairs.ts";
import { openUnpaired } from "../../../lib/cli/data/unpaired.ts";
import { toytown } from "../../../data/worlds/toytown/mod.ts";
import { writeImage } from "../../../lib/data/image.ts";
import { writePairs } from "../../../lib/data/paired_folders.ts";
import { withFolder } from "../_task.ts";

/** Writes toytown pairs to files, with the labels on the left. */
async function makePairs(folder: string, splits: Record<string, number>): Promise<void> {
  for (const [split, count] of Object.entries(splits)) await writePairs(join(folder, split), toytown({ count, size: 32 }));
}

const options = {
  ...{ direction: undefined, targets: undefined, colourise: false, skipBad: false },
  ...{ size: 32, count: 5, seed: 1 },
};

Deno.test("openPairs() holds out val, or else test, or else nothing", () =>
  withFolder(async (folder) => {
    await makePairs(folder, { train: 3, test: 2 });
    const split = await openPairs({ ...options, data: folder });
    assertEquals([split.train.count, split.test.count, split.heldOut], [3, 2, true]);
    await makePairs(folder, { val: 1 });
    assertEquals((await openPairs({ ...options, data: folder })).test.count, 1);
    const plain = await openPairs({ ...options, data: join(folder, "train") });
    assertEquals([plain.train.count, plain.test === plain.train, plain.heldOut, plain.name], [3, true, false, "train"]);
    await Deno.remove(join(folder, "val"), { recursive: true });
    await Deno.remove(join(folder, "test"), { recursive: true });
    const alone = await openPairs({ ...options, data: folder });
    assertEquals([alone.train.count, alone.heldOut, alone.name], [3, false, basename(folder)]);
  }));

Deno.test("openPairs() reads toytown from labels to photos", async () => {
  const { train, test, heldOut } = await openPairs({ ...options, data: "toytown" });
  assertEquals([train.count, train.width, heldOut], [5, 32, true]);
  const names = [];
  for (const pairs of [train, test]) {
    for await (const batch of pairs.batches({ batch: 100, augment: false })) {
      names.push(...batch.names);
      // Labels have few colours and photos have many, which distinguishes inputs from targets.
      assert(new Set(batch.input.dataSync()).size < new Set(batch.target.dataSync()).size);
      batch.input.dispose();
      batch.target.dispose();
    }
  }
  assertEquals(new Set(names).size, train.count + test.count, "no scene is in both");
});

Deno.test("openPairs() reads targets from a separate folder, and --direction BtoA swaps input and target", () =>
  withFolder(async (folder) => {
    for await (const { input, target } of toytown({ count: 1, size: 32 }).batches({ augment: false })) {
      for (const [place, image] of [["labels", input], ["photos", target]] as const) {
        await Deno.mkdir(join(folder, place));
        await writeImage(join(folder, place, "1.png"), image);
        image.dispose();
      }
    }
    const [data, targets] = [join(folder, "labels"), join(folder, "photos")];
    const colours = async (direction: "AtoB" | "BtoA") => {
      const { train } = await openPairs({ ...options, data, targets, direction });
      for await (const { input, target } of train.batches({ augment: false })) {
        const counts = [input, target].map((tensor) => new Set(tensor.dataSync()).size);
        input.dispose();
        target.dispose();
        return counts as [number, number];
      }
      throw new Error("no pair");
    };
    const [labels, photos] = await colours("AtoB");
    assert(labels < photos, "labels have few colours");
    assertEquals(await colours("BtoA"), [photos, labels]);
    await assertRejects(
      async () => await openPairs({ ...options, data, targets, colourise: true }),
      UsageError,
      "use only one",
    );
  }));

Deno.test("openPairs() converts photographs to grey for --colourise", () =>
  withFolder(async (folder) => {
    await makePairs(folder, { train: 2, val: 1 });
    const { train, test, heldOut } = await openPairs({ ...options, data: folder, colourise: true });
    assertEquals([train.inputChannels, train.targetChannels, train.count, test.count, heldOut], [1, 3, 2, 1, true]);
    for await (const { input, target } of train.batches({ shuffle: false, augment: false })) {
      const [grey, colour] = [input.dataSync(), target.dataSync()];
      const luma = 0.299 * colour[0]! + 0.587 * colour[1]! + 0.114 * colour[2]!;
      assert(Math.abs(grey[0]! - luma) < 0.01, "brightness of the same pixel");
      input.dispose();
      target.dispose();
    }
  }));

Deno.test("openPairs() with skipBad skips files that cannot be read, and lists them", () =>
  withFolder(async (folder) => {
    await makePairs(folder, { train: 2 });
    await Deno.writeTextFile(join(folder, "train", "3.png"), "no image");
    const { train } = await openPairs({ ...options, data: folder, skipBad: true });
    assertEquals([train.count, train.bad?.length], [2, 1]);
    assertStringIncludes(train.bad![0]!.reason, "3.png");
  }));

Deno.test("openPairs() and openUnpaired() reject an option that repeats what the data set already has", async () => {
  for (const data of ["toytown", "facades"]) {
    await assertRejects(() => openPairs({ ...options, data, colourise: true }), UsageError, "--colourise");
    await assertRejects(() => openPairs({ ...options, data, targets: "other" }), UsageError, "--targets");
  }
  for (const data of ["toytown", "horse2zebra"]) {
    await assertRejects(() => openUnpaired({ ...options, data, others: "other" }), UsageError, "--others");
  }
});

Deno.test("openPairs() records the direction of pairs that can be read in both directions", () =>
  withFolder(async (folder) => {
    await makePairs(folder, { train: 1, val: 1 });
    const direction = async (more: Partial<Parameters<typeof openPairs>[0]>) => {
      const { train, test } = await openPairs({ ...options, data: folder, ...more });
      assertEquals(train.direction, test.direction);
      return train.direction;
    };
    assertEquals(await direction({}), "AtoB");
    assertEquals(await direction({ direction: "BtoA" }), "BtoA");
    assertEquals(await direction({ targets: folder, direction: "BtoA" }), "BtoA");
    assertEquals(await direction({ colourise: true }), undefined);
    assertEquals(await direction({ data: "toytown" }), "BtoA");
    assertEquals(await direction({ data: "toytown", direction: "AtoB" }), "AtoB");
    const { train } = await openPairs({ ...options, data: folder, direction: "BtoA" });
    const chosen = {
      ...options,
      data: folder,
      direction: "BtoA",
      asGiven: false,
      crop: false,
      scale: undefined,
      samples: 0,
      evaluation: false,
    } as const;
    const { about } = await PAIRS.open(chosen, systemOf("pix2pix")!);
    assertEquals(about, { data: train.name, pairs: 1, direction: "BtoA" });
  }));
