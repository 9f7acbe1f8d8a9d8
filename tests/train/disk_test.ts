import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import type { TrainEvent } from "../../lib/events.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import { RunRecord } from "../../lib/train/run_record.ts";
import { checkpointFile, hasState } from "../../lib/train/state.ts";
import { testOnBackends } from "../_backends.ts";
import { withFolder } from "../cli/_task.ts";

const SETTINGS = { size: 16, filters: 2, layers: 1, depth: 3, seed: 5 };
const PAIRS = toytown({ size: 16, count: 4, seed: 1 });
const EPOCHS = 4;

function train(model: Pix2Pix, checkpoint: string, resume = false): AsyncGenerator<TrainEvent> {
  return model.train(PAIRS, { epochs: EPOCHS, seed: 1, checkpoint, resume });
}

async function drain(events: AsyncIterable<TrainEvent>): Promise<void> {
  for await (const event of events) assert(event.step <= EPOCHS * PAIRS.count);
}

const weights = ({ networks }: Pix2Pix) => networks.generator.getWeights().map((weight) => [...weight.dataSync()]);

async function mount(args: string[]): Promise<boolean> {
  const command = new Deno.Command("mount", { args, stdout: "null", stderr: "null" });
  return await command.output().then(({ success }) => success, () => false);
}

/** Registers a test that runs on its own small disk; it is skipped, with a message, where no disk can be mounted. */
function testOnDisk(name: string, run: (disk: string) => Promise<void>): void {
  testOnBackends(name, () =>
    withFolder(async (folder) => {
      const disk = join(folder, "disk");
      await Deno.mkdir(disk);
      if (!await mount(["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk])) {
        return console.warn("skipped: no disk can be mounted here");
      }
      await run(disk).finally(() => new Deno.Command("umount", { args: [disk] }).output());
    }), ["cpu"]);
}

testOnDisk(
  "train() stops on a full disk with the last checkpoint intact, and resumes when there is space",
  async (disk) => {
    const [whole, stopped, resumed] = [pix2pix(SETTINGS), pix2pix(SETTINGS), pix2pix(SETTINGS)];
    await withFolder(async (folder) => {
      await drain(train(whole, folder));
      const { size } = await Deno.stat(checkpointFile(folder));
      // There is space for one checkpoint, but not for a second one beside it.
      assert(await mount(["-o", `remount,size=${Math.round(1.5 * size)}`, disk]));
    });
    await assertRejects(() => drain(train(stopped, disk)), Error, `Cannot write ${checkpointFile(disk)}: `);
    assertEquals([...Deno.readDirSync(disk)].map(({ name }) => name), ["checkpoint.safetensors"], "no partial file is left");
    assert(await mount(["-o", "remount,size=10m", disk]));
    const steps: number[] = [];
    for await (const event of train(resumed, disk, true)) if (event.type === "step") steps.push(event.step);
    assertEquals(steps[0], PAIRS.count + 1, "from the end of the first epoch");
    assertEquals(weights(resumed), weights(whole));
    for (const model of [whole, stopped, resumed]) model.dispose();
  },
);

testOnDisk("train() stops when its folder becomes read-only, with the last checkpoint intact", async (disk) => {
  const [stopped, resumed] = [pix2pix(SETTINGS), pix2pix(SETTINGS)];
  const run = async () => {
    for await (const event of train(stopped, disk)) {
      if (event.step !== PAIRS.count + 1) continue;
      // Mounted over itself: open files, such as the lock of the folder, keep the whole disk from becoming read-only.
      assert(await mount(["--bind", disk, disk]) && await mount(["-o", "remount,bind,ro", disk]));
    }
  };
  await assertRejects(run, Error, `Cannot write ${checkpointFile(disk)}: `);
  assert((await new Deno.Command("umount", { args: [disk] }).output()).success);
  await drain(train(resumed, disk, true));
  for (const model of [stopped, resumed]) model.dispose();
});

testOnDisk("RunRecord on a full disk ends the training run with a one-line error", async (disk) => {
  const model = pix2pix(SETTINGS);
  const record = new RunRecord({ folder: disk, title: "Full", settings: {} });
  const run = async () => {
    for await (const event of record.follow(model.train(PAIRS, { epochs: 1 }))) {
      if (event.type === "step" && event.step === 1) {
        await Deno.writeFile(join(disk, "ballast"), new Uint8Array(2 ** 20)).catch(() => {});
      }
    }
  };
  // A row of losses fits into the remaining space on the disk; the results page does not.
  await assertRejects(run, Error, "free some space, or choose a writable folder");
  model.dispose();
});

testOnBackends(
  "train() whose folder is removed continues in a new folder or, with a record, stops with a checkpoint that can be resumed",
  () =>
    withFolder(async (folder) => {
      const out = join(folder, "run");
      const [alone, recorded, resumed] = [pix2pix(SETTINGS), pix2pix(SETTINGS), pix2pix(SETTINGS)];
      for await (const event of train(alone, out)) {
        if (event.step === 2) await Deno.remove(out, { recursive: true }).catch(() => {});
      }
      assert(await hasState(out), "without a record it continues, in a new folder");
      await Deno.remove(out, { recursive: true });
      const record = new RunRecord({ folder: out, title: "Vanishing", settings: {} });
      const run = async () => {
        for await (const event of record.follow(train(recorded, out))) {
          if (event.step === PAIRS.count + 2) await Deno.remove(out, { recursive: true });
        }
      };
      await assertRejects(run, Error, `Cannot write ${join(out, "losses.csv")}: `);
      const steps: number[] = [];
      for await (const event of train(resumed, out, true)) if (event.type === "step") steps.push(event.step);
      assertEquals(steps[0], PAIRS.count + 4, "no step is lost");
      assertEquals(weights(resumed), weights(alone));
      for (const model of [alone, recorded, resumed]) model.dispose();
    }),
  ["cpu"],
);
