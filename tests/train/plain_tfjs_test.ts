/** README.md says which models plain TensorFlow.js loads, and which ones need Forger's layers. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { run } from "../../lib/cli/process.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { gan } from "../../lib/systems/gan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import { stackGan } from "../../lib/systems/stackgan.ts";
import { testOnBackends } from "../_backends.ts";
import { withFolder } from "../cli/_task.ts";

/** Loads the networks of each model in a folder with TensorFlow.js alone, and prints those that load. */
const SCRIPT = `
import * as tf from ${JSON.stringify(import.meta.resolve("../../lib/tf.ts"))};
for (const { name: model } of Deno.readDirSync(".")) {
  if (model.endsWith(".ts")) continue;
  let loads = true;
  for (const { name } of [...Deno.readDirSync(model)].filter(({ isDirectory }) => isDirectory)) {
    const { modelTopology, weightsManifest } = JSON.parse(Deno.readTextFileSync(model + "/" + name + "/model.json"));
    const weightData = Deno.readFileSync(model + "/" + name + "/weights.bin").buffer;
    const memory = tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData });
    await tf.loadLayersModel(memory).catch((error) => { if (!/Unknown layer/.test(error)) throw error; loads = false; });
  }
  console.log(loads ? "plain" : "layers", model);
}`;

testOnBackends("plain TensorFlow.js loads the models that README.md names", () =>
  withFolder(async (folder) => {
    const [size, filters] = [32, 1];
    const models: Record<string, { plain: boolean; model: unknown }> = {
      gan: { plain: true, model: gan({ shape: [32, 32, 3], filters }) },
      "conditional-gan": { plain: true, model: conditionalGan({ shape: [32, 32, 3], filters, classes: 2 }) },
      classifier: { plain: true, model: classifier({ size, filters, classes: 2 }) },
      pix2pix: { plain: true, model: pix2pix({ size, filters }) },
      "pix2pix, encoder-decoder": { plain: true, model: pix2pix({ size, filters, generator: "encoderDecoder" }) },
      "pix2pix, instance norm": { plain: false, model: pix2pix({ size, filters, norm: "instance" }) },
      "pix2pix, resnet": { plain: false, model: pix2pix({ size, filters, generator: "resnet" }) },
      cyclegan: { plain: false, model: cycleGan({ size, filters }) },
      bicyclegan: { plain: false, model: bicycleGan({ size, filters }) },
      "bicyclegan, batch norm": { plain: true, model: bicycleGan({ size, filters, norm: "batch" }) },
      stackgan: { plain: false, model: stackGan({ size, filters }) },
    };
    for (const [name, { model }] of Object.entries(models)) {
      await (model as SomeModel).save(join(folder, name));
      (model as SomeModel).dispose();
    }
    await Deno.writeTextFile(join(folder, "script.ts"), SCRIPT);
    const ended = await run(Deno.execPath(), ["run", "--no-check", "--allow-read", "script.ts"], { folder });
    const found = ended!.lines.filter((line) => /^(plain|layers) /.test(line)).sort();
    const expected = Object.entries(models).map(([name, { plain }]) => `${plain ? "plain" : "layers"} ${name}`).sort();
    assertEquals(found, expected, ended!.lines.join("\n"));
  }), ["cpu"]);
