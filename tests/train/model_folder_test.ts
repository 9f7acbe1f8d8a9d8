import { assertRejects } from "@std/assert";
import { classifier } from "../../lib/systems/classifier.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { testOnBackends } from "../_backends.ts";

testOnBackends("save() refuses a folder without a name", async () => {
  for (const model of [pix2pix({ size: 32, filters: 1 }), classifier({ size: 32, filters: 1, classes: 2 })]) {
    await assertRejects(() => model.save(""), RangeError, 'expected a folder, got ""');
    model.dispose();
  }
}, ["cpu"]);
