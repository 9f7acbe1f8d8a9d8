import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { parseGiven, UsageError, withDefaults } from "../../lib/cli/command.ts";
import { sourceOf } from "../../lib/cli/data/mod.ts";
import { train } from "../../lib/cli/train.ts";
import { trainCommand } from "../../lib/cli/train_command.ts";
import { refuseUnusedSettings } from "../../lib/cli/train_options.ts";
import { systemOf } from "../../lib/systems/registry.ts";
import { paintAll, paintPairs } from "../data/_images.ts";
import { withFolder } from "./_task.ts";

/** Runs `train` in this process, for command lines that end before any training. */
async function refused(line: string): Promise<string> {
  const { error, log } = console;
  let printed = "";
  console.error = (text) => void (printed += text);
  console.log = () => {};
  try {
    assertEquals(await train(line.split(" ")), 2, line);
  } finally {
    Object.assign(console, { error, log });
  }
  return printed;
}

Deno.test("train rejects options that have no effect on a named data set", async () => {
  const cases: [line: string, option: string][] = [
    ["gan --data digits --size 64", "--size"],
    ["gan --data mnist --size 64", "--size"],
    ["gan --data digits --channels 3", "--channels"],
    ["classifier --data fashion-mnist --channels 3", "--channels"],
    ["conditional-gan --data digits --skip-bad", "--skip-bad"],
    ["gan --data mnist --skip-bad", "--skip-bad"],
    ["gan --data digits --as-given", "--as-given"],
    ["pix2pix --data toytown --skip-bad", "--skip-bad"],
    ["pix2pix --data facades --as-given", "--as-given"],
    ["bicyclegan --data toytown --targets x", "--targets"],
    ["pix2pix --data toytown --colourise", "--colourise"],
    ["cyclegan --data toytown --skip-bad", "--skip-bad"],
    ["cyclegan --data horse2zebra --as-given", "--as-given"],
    ["cyclegan --data toytown --others x", "--others"],
  ];
  for (const [line, option] of cases) assertStringIncludes(await refused(line), `Option ${option}`, line);
});

Deno.test("train rejects options that have no effect with the other settings", async () => {
  const cases: [line: string, option: string][] = [
    ["gan --data digits --hidden 100", "--hidden"],
    ["gan --data digits --dropout 0.1", "--dropout"],
    ["gan --data digits --networks mlp --filters 8", "--filters"],
    ["conditional-gan --data digits --label-units 10", "--label-units"],
    ["gan --data digits --penalty-weight 5", "--penalty-weight"],
    ["pix2pix --data toytown --blocks 3", "--blocks"],
    ["pix2pix --data toytown --generator resnet --depth 3", "--depth"],
    ["cyclegan --data toytown --depth 3", "--depth"],
    ["cyclegan --data toytown --lambda 0 --cycles forward", "--cycles has no effect with --lambda 0"],
    ["pix2pix --data toytown --reconstruction none --lambda 3", "--lambda"],
    ["pix2pix --data toytown --no-adversarial --layers 2", "--layers"],
    ["pix2pix --data toytown --no-adversarial --unconditional", "--unconditional"],
  ];
  for (const [line, option] of cases) assertStringIncludes(await refused(line), `Option ${option}`, line);
  const gan = trainCommand(systemOf("gan")!);
  for (const line of ["--networks mlp --hidden 100", "--filters 8", "--loss wasserstein --penalty-weight 5"]) {
    const typed = parseGiven(gan, line.split(" "));
    refuseUnusedSettings(gan, typed, withDefaults(gan.options, typed));
  }
  assertThrows(() => refuseUnusedSettings(gan, { hidden: [1] }, { hidden: [1], networks: "dcgan" }), UsageError);
});

Deno.test("--count limits folders, only if it is given, and --direction is rejected with --colourise", () =>
  withFolder(async (folder) => {
    const say = console.log;
    console.log = () => {};
    const names = Array.from({ length: 12 }, (_, i) => `${i + 1}.png`);
    await paintPairs(join(folder, "pairs"), names, 32);
    await paintAll(join(folder, "a"), Object.fromEntries(names.map((name, i) => [name, i])), 32, 32);
    const open = async (kind: string, data: string, ...args: string[]) => {
      const system = systemOf(kind)!;
      const { options, ...command } = trainCommand(system);
      const typed = parseGiven({ ...command, options }, ["--data", join(folder, data), "--size", "32", ...args]);
      return await sourceOf(system).open({ ...withDefaults(options, typed), given: new Set(Object.keys(typed)) }, system);
    };
    try {
      const counts = async (...args: string[]) => [
        (await open("pix2pix", "pairs", ...args)).train.count,
        (await open("pix2pix", "a", "--colourise", ...args)).train.count,
        (await open("pix2pix", "a", "--targets", join(folder, "a"), ...args)).train.count,
        (await open("cyclegan", "a", "--others", join(folder, "a"), ...args)).train.count,
        (await open("gan", "a", ...args)).train.count,
      ];
      assertEquals(await counts("--count", "10"), [10, 10, 10, 10, 10]);
      assertEquals(await counts(), [12, 12, 12, 12, 12]);
      await assertRejects(() => open("pix2pix", "a", "--colourise", "--direction", "AtoB"), UsageError, "--direction");
    } finally {
      console.log = say;
    }
  }));
