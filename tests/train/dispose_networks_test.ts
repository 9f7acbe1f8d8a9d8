import { assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { conditionalGan, gan } from "../../lib/systems/gan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { stackGan } from "../../lib/systems/stackgan.ts";
import { testOnBackends } from "../_backends.ts";

testOnBackends("dispose() frees everything the first time and does nothing the second", () => {
  const small = { size: 32, filters: 1 };
  const builders: (() => { dispose(): void })[] = [
    () => pix2pix(small),
    () => cycleGan({ ...small, blocks: 1 }),
    () => bicycleGan(small),
    () => gan({ shape: [2], hidden: [2], discriminatorHidden: [2], averageDecay: 0.5 }),
    () => conditionalGan({ shape: [8, 8, 1], networks: "dcgan", filters: 1, classes: 2 }),
    () => stackGan({ ...small, conditionSize: 2 }),
    () => classifier({ ...small, classes: 2 }),
  ];
  for (const build of builders) {
    const before = tf.memory().numTensors;
    const model = build();
    model.dispose();
    assertEquals(tf.memory().numTensors, before);
    model.dispose();
    assertEquals(tf.memory().numTensors, before);
  }
}, ["cpu"]);
