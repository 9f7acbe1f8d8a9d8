import { assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { fusedAdam, fusedRmsProp, fusedSgd } from "../../lib/backend/fused_update.ts";
import type { BackendName } from "../../lib/backend/use_backend.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { RmsProp, Sgd } from "../../lib/optimizers/sgd.ts";
import { testOnBackends } from "../_backends.ts";
import { compare } from "./tensorflow/_compare.ts";
import { testOnGpu } from "./webgpu/_gpu.ts";

const OPTIMIZERS = {
  Adam: (variable: tf.Variable) => new Adam({ learningRate: 0.01 }, [variable]),
  RmsProp: (variable: tf.Variable) => new RmsProp({ learningRate: 0.01 }, [variable]),
  Sgd: (variable: tf.Variable) => new Sgd({ learningRate: 0.01 }, [variable]),
};

/** Compares weights and slot variables after three steps with plain JavaScript, where no update is fused. */
async function assertUpdatesAgree(backend: BackendName, name: keyof typeof OPTIMIZERS): Promise<void> {
  const train = () => {
    const before = tf.memory().numTensors;
    const variable = tf.tidy(() => tf.variable(tf.zeros([1000]), true, `${name} on ${tf.getBackend()}`));
    const optimizer = OPTIMIZERS[name](variable);
    for (const seed of [1, 2, 3]) {
      const gradient = tf.tidy(() => tf.randomNormal([1000], 0, 0.1 ** seed, "float32", seed));
      optimizer.apply({ [variable.name]: gradient });
      gradient.dispose();
    }
    assertEquals(tf.memory().numTensors - before, 1 + optimizer.memories.length);
    const used = name === "RmsProp" ? 1 : 2; // on other backends the second slot variable of RMSProp is unused
    const state = [variable, ...optimizer.memories.slice(0, used)].map((kept) => tf.clone(kept));
    optimizer.dispose();
    variable.dispose();
    return state;
  };
  await compare(train, 1e-6, backend);
}

for (const name of Object.keys(OPTIMIZERS) as (keyof typeof OPTIMIZERS)[]) {
  const title = `fused${name}() updates weights and slot variables like plain JavaScript, without leaks`;
  testOnBackends(title, () => assertUpdatesAgree("tensorflow", name), ["tensorflow"]);
  if (name === "Adam") testOnBackends(title, () => assertUpdatesAgree("wasm", name), ["wasm"]);
  testOnGpu(`${title} [webgpu]`, () => assertUpdatesAgree("webgpu", name));
}

testOnBackends("fused updates do not exist on backends without fused ops", () => {
  const read = () => 0;
  const rate = tf.scalar(1);
  const updates = [fusedAdam(0.5, 0.999, [read, read, read, read]), fusedRmsProp(0.9, 1e-8, rate), fusedSgd(rate)];
  assertEquals(updates.map((update) => update !== undefined), [tf.getBackend() === "wasm", false, false]);
  rate.dispose();
}, ["wasm", "cpu"]);
