/** Assertions that a backend agrees with plain JavaScript.
 * @module */
import { assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { type BackendName, useBackend } from "../../lib/backend/use_backend.ts";
import { difference, evaluate, type Operation, OPERATIONS } from "./_operations.ts";
import { OPTIMIZER_NAMES, train } from "./_step.ts";

/** Largest relative difference, due to another order of float32 sums. */
const TOLERANCE = 1e-5;
/** Largest relative difference after training steps, which amplify differences. */
const TRAINED = 5e-5;

const expected = new Map<string, Float32Array[]>();

async function onCpu(name: string, compute: () => Float32Array[] | Promise<Float32Array[]>): Promise<Float32Array[]> {
  const known = expected.get(name);
  if (known) return known;
  await useBackend("cpu", { quiet: true });
  const computed = await compute();
  expected.set(name, computed);
  return computed;
}

/** Throws unless all operations give the same values and gradients and leak no tensor. */
export async function assertOperationsAgree(backend: BackendName, operations: Operation[] = OPERATIONS): Promise<void> {
  const wrong: string[] = [];
  for (const operation of operations) {
    const wanted = await onCpu(operation.name, () => evaluate(operation));
    await useBackend(backend, { quiet: true });
    const before = tf.memory().numTensors;
    const got = evaluate(operation);
    const worst = Math.max(...wanted.map((values, i) => difference(got[i]!, values)));
    if (!(worst <= TOLERANCE)) wrong.push(`${operation.name}: ${worst}`);
    if (tf.memory().numTensors !== before) wrong.push(`${operation.name} leaks ${tf.memory().numTensors - before} tensors`);
  }
  assertEquals(wrong, []);
}

/** Throws unless training gives the same losses and weights and leaks no tensor. */
export async function assertTrainingAgrees(backend: BackendName): Promise<void> {
  for (const optimizer of OPTIMIZER_NAMES) {
    const wanted = await onCpu(`train ${optimizer}`, () => train(optimizer));
    await useBackend(backend, { quiet: true });
    const before = tf.memory().numTensors;
    const got = await train(optimizer);
    const wrong = wanted.map((values, i) => difference(got[i]!, values)).filter((worst) => !(worst <= TRAINED));
    assertEquals(wrong, [], `training by ${optimizer} differs`);
    assertEquals(tf.memory().numTensors, before, `training by ${optimizer} leaks tensors`);
  }
}
