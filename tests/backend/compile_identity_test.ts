/** Identity of tensors in compiled steps, which must equal that of eager steps: across copies, variables and changes of backend.
 * @module */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { testOnBackends } from "../_backends.ts";

const number = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;
const difference = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.sub(a, b);

testOnBackends("compile() distinguishes two arguments that were the same tensor during tracing", () => {
  const step = compile(difference);
  const [x, y] = [tf.scalar(5), tf.scalar(3)];
  assertEquals(number(step(x, x)), 0);
  assertEquals(number(step(x, y)), 2);
  assertEquals(number(step(y, x)), -2);
  step.dispose();
});

testOnBackends("compile() distinguishes an argument from a captured tensor", () => {
  const outside = tf.scalar(5);
  const step = compile((x: tf.Tensor) => tf.sub(x, outside));
  assertEquals(number(step(outside)), 0);
  assertEquals(number(step(tf.scalar(7))), 2);
  step.dispose();
});

testOnBackends("compile() accepts variables as arguments, which are assignable and distinct from their copies", () => {
  const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(10))];
  const step = compile((variable: tf.Variable, by: tf.Tensor): tf.Tensor => {
    variable.assign(tf.add(variable, by));
    return tf.mul(variable, 2);
  });
  assertEquals(number(step(a, tf.scalar(1))), 4);
  assertEquals(number(step(b, tf.scalar(1))), 22);
  assertEquals(number(step(a, tf.scalar(5))), 14);
  assertEquals([number(a), number(b)], [7, 11]);
  const minus = compile(difference);
  assertEquals(number(minus(a, tf.clone(a))), 0);
  const copy = tf.clone(a);
  a.assign(tf.scalar(100));
  assertEquals(number(minus(a, copy)), 93);
  assertEquals(number(minus(copy, b)), -4);
  tf.dispose([a, b, copy]);
  step.dispose();
  minus.dispose();
});

testOnBackends("compile() does not change variables that were created from or assigned the one it writes to", () => {
  const weight = tf.variable(tf.scalar(1));
  const double = compile(() => (weight.assign(tf.mul(weight, 2)), tf.clone(weight)));
  assertEquals(number(double()), 2);
  const created = tf.variable(weight);
  const assigned = tf.variable(tf.scalar(0));
  assigned.assign(weight);
  const triple = compile(() => (assigned.assign(tf.mul(assigned, 3)), created.assign(tf.add(created, 1)), tf.clone(assigned)));
  assertEquals(number(triple()), 6);
  assertEquals([number(weight), number(created), number(assigned)], [2, 3, 6]);
  assertEquals(number(double()), 4);
  assertEquals(number(triple()), 18);
  assertEquals([number(weight), number(created), number(assigned)], [4, 4, 18]);
  tf.dispose([weight, created, assigned]);
  double.dispose();
  triple.dispose();
});

testOnBackends("compile() does not change copies that are older than the trace", () => {
  const weight = tf.variable(tf.scalar(1));
  compile(() => tf.add(weight, 1))(); // gives the variable its own memory
  const [copy, other] = [tf.clone(weight), tf.variable(weight)];
  const step = compile(() => (weight.assign(tf.mul(weight, 2)), tf.clone(weight)));
  assertEquals(number(step()), 2);
  assertEquals(number(step()), 4);
  assertEquals([number(copy), number(other), number(weight)], [1, 1, 4]);
  tf.dispose([weight, copy, other]);
  step.dispose();
});

testOnBackends("compile() captures a large tensor that no operation has used before", () => {
  const data = tf.tensor(Float32Array.from({ length: 1000 }, (_, i) => i));
  const step = compile((x: tf.Tensor) => tf.sum(tf.mul(data, x)));
  assertEquals(number(step(tf.scalar(2))), 999000);
  step.dispose();
  data.dispose();
});

testOnBackends("compile() distinguishes NaN, the infinities, undefined and both zeros among plain values", () => {
  const step = compile((x: tf.Tensor, value?: number) => tf.mul(x, value === undefined ? 7 : 1 / value));
  const values = [NaN, Infinity, -Infinity, 0, -0, undefined].map((value) => number(step(tf.scalar(1), value)));
  assertEquals(values, [NaN, 0, -0, Infinity, -Infinity, 7]);
  step.dispose();
});

testOnBackends("compile() returns a kept tensor from outside and does not dispose of it", () => {
  const outside = tf.keep(tf.scalar(5));
  const step = compile((x: tf.Tensor) => [tf.add(x, 1), outside]);
  for (let i = 0; i < 2; i++) assertEquals(tf.tidy(() => step(tf.scalar(1)).map(number)), [2, 5]);
  assert(!outside.isDisposed);
  assertEquals(number(outside), 5);
  outside.dispose();
  step.dispose();
});

testOnBackends("compile() uses the current weights after switching to another backend and back", async (backend) => {
  const elsewhere = backend === "cpu" ? "wasm" : "cpu";
  const weight = tf.variable(tf.tensor1d([1, 2]));
  const double = compile(() => (weight.assign(tf.mul(weight, 2)), tf.clone(weight)));
  assertEquals([...double().dataSync()], [2, 4]);
  await useBackend(elsewhere, { quiet: true });
  assertEquals([...double().dataSync()], [4, 8]);
  await useBackend(backend, { quiet: true });
  assertEquals([...double().dataSync()], [8, 16]);
  assertEquals([...double().dataSync()], [16, 32]);
  await useBackend(elsewhere, { quiet: true });
  weight.assign(tf.tensor1d([1, 1]));
  await useBackend(backend, { quiet: true });
  const assign = compile((x: tf.Tensor1D) => (weight.assign(x), tf.clone(weight)));
  assertEquals([...assign(tf.tensor1d([3, 4])).dataSync()], [3, 4]); // traced while the variable is elsewhere
  assertEquals([...double().dataSync()], [6, 8]);
  assertEquals([...weight.dataSync()], [6, 8]);
  weight.dispose();
  double.dispose();
  assign.dispose();
});

testOnBackends("compile() handles a variable that was assigned its old value on another backend", async (backend) => {
  const weight = tf.variable(tf.scalar(1));
  const double = compile(() => (weight.assign(tf.mul(weight, 2)), tf.clone(weight)));
  assertEquals(number(double()), 2);
  const copy = tf.clone(weight);
  assertEquals(number(double()), 4);
  const later = tf.clone(weight); // keeps the memory that the variable leaves
  await useBackend(backend === "cpu" ? "wasm" : "cpu", { quiet: true });
  weight.assign(copy);
  await useBackend(backend, { quiet: true });
  assertEquals(number(double()), 4);
  assertEquals([number(double()), number(weight), number(copy), number(later)], [8, 8, 2, 4]);
  tf.dispose([weight, copy, later]);
  double.dispose();
});

testOnBackends("compile() accepts variables created on another backend by reshape and cast", async (backend) => {
  await useBackend("cpu", { quiet: true });
  const whole = tf.tensor1d([1, 2, 3, 4], "int32");
  const square = tf.variable(tf.reshape(whole, [2, 2]));
  const real = tf.variable(tf.cast(whole, "float32"));
  await useBackend(backend, { quiet: true });
  const step = compile(() => {
    real.assign(tf.mul(real, 0.5));
    square.assign(tf.transpose(square));
    return [tf.clone(real), tf.clone(square)];
  });
  const [halves, turned] = step();
  assertEquals([halves!.shape, halves!.dtype, ...halves!.dataSync()], [[4], "float32", 0.5, 1, 1.5, 2]);
  assertEquals([turned!.shape, turned!.dtype, ...turned!.dataSync()], [[2, 2], "int32", 1, 3, 2, 4]);
  assertEquals([...whole.dataSync()], [1, 2, 3, 4]);
  tf.dispose([whole, square, real]);
  step.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("compile() keeps exactly the results that the step keeps", () => {
  const outside = tf.keep(tf.scalar(5));
  const step = compile((x: tf.Tensor) => {
    const created = tf.keep(tf.add(x, 1));
    return [created, created, tf.mul(x, 2), outside];
  });
  for (let i = 0; i < 2; i++) {
    const [tensors, results] = [tf.memory().numTensors, [] as tf.Tensor[]];
    tf.tidy(() => void results.push(...step(tf.scalar(i))));
    assertEquals(results.slice(0, 3).map((tensor) => tensor.isDisposed), [false, false, true]);
    assertEquals([number(results[0]!), number(results[1]!), number(outside)], [i + 1, i + 1, 5]);
    tf.dispose(results.slice(0, 2));
    assertEquals(tf.memory().numTensors, tensors);
  }
  outside.dispose();
  step.dispose();
});

testOnBackends("compile() returns variables and arguments as themselves, and a repeated result as one tensor", () => {
  const weight = tf.variable(tf.scalar(1));
  const step = compile((x: tf.Tensor) => {
    weight.assign(tf.mul(weight, 2));
    const created = tf.add(x, 1);
    return { weight, x, created, again: [created] };
  });
  for (const wanted of [2, 4, 8]) {
    const [x, tensors] = [tf.scalar(wanted), tf.memory().numTensors];
    const result = tf.tidy(() => {
      const result = step(x);
      return { ...result, created: tf.keep(result.created) };
    });
    assertEquals([result.weight === weight, result.x === x, result.again[0] === result.created], [true, true, true]);
    assertEquals([number(weight), number(x), number(result.created)], [wanted, wanted, wanted + 1]);
    result.created.dispose();
    assertEquals(tf.memory().numTensors, tensors);
    x.dispose();
  }
  weight.dispose();
  step.dispose();
});

testOnBackends("compile() inside a gradient is differentiated, even if the enclosing step creates variables", () => {
  const square = compile((x: tf.Tensor) => tf.square(x));
  assertEquals(number(tf.grad((x) => tf.add(square(x), x))(tf.scalar(3))), 7);
  const weight = tf.variable(tf.scalar(1));
  const [optimizer, alone] = [tf.train.adam(0.1), tf.variable(tf.scalar(1))];
  const loss = compile((x: tf.Tensor) => tf.square(tf.sub(tf.mul(weight, x), 3)));
  const outer = compile((x: tf.Tensor) => optimizer.minimize(() => tf.add(loss(x), tf.mul(weight, 0.01)) as tf.Scalar, true)!);
  const other = tf.train.adam(0.1);
  for (let i = 0; i < 3; i++) {
    tf.tidy(() => void outer(tf.scalar(2)));
    other.minimize(() => tf.add(tf.square(tf.sub(tf.mul(alone, 2), 3)), tf.mul(alone, 0.01)) as tf.Scalar, false, [alone]);
    assertAlmostEquals(number(weight), number(alone), 1e-6);
  }
  [square, loss, outer, optimizer, other, weight, alone].forEach((used) => used.dispose());
});

testOnBackends("compile() reads and assigns variables of strings and integers", () => {
  const [text, count] = [tf.variable(tf.tensor1d(["first"])), tf.variable(tf.scalar(1, "int32"))];
  const step = compile((x: tf.Tensor1D) => {
    const before = tf.clone(text);
    text.assign(x);
    count.assign(tf.add(count, tf.scalar(1, "int32")));
    return [before, tf.clone(text)];
  });
  const texts = (x: string) => step(tf.tensor1d([x])).map((tensor) => (tensor.dataSync() as unknown as string[])[0]);
  assertEquals(texts("second"), ["first", "second"]);
  assertEquals(texts("third"), ["second", "third"]);
  text.assign(tf.tensor1d(["from outside"]));
  assertEquals(texts("fourth"), ["from outside", "fourth"]);
  assertEquals(number(count), 4);
  tf.dispose([text, count]);
  step.dispose();
});

testOnBackends("compile() frees the memory of disposed variables", () => {
  const step = compile((variable: tf.Variable) => tf.sum(variable));
  const before = Deno.memoryUsage().rss;
  for (let i = 0; i < 40; i++) {
    tf.tidy(() => {
      const variable = tf.variable(tf.mul(tf.ones([1000, 1]), tf.ones([1, 1000])));
      assertEquals(number(step(variable)), 1e6);
      variable.dispose();
    });
  }
  const grown = Deno.memoryUsage().rss - before;
  assert(grown < 100e6, `40 disposed variables of 4 MB left ${grown} bytes`);
  step.dispose();
}, ["tensorflow"]);

testOnBackends("two models with the same weights train independently in one process", async () => {
  const SMALL = { size: 16, filters: 2, layers: 1 };
  const images = tf.randomUniform([1, 16, 16, 3], -1, 1, "float32", 1) as tf.Tensor4D;
  const [a, b] = [pix2pix({ ...SMALL, seed: 1 }), pix2pix({ ...SMALL, seed: 2 })];
  const translated = async (model: typeof a) => {
    const created = await model.translate(images, { dropout: false });
    const values = [...created.dataSync()];
    created.dispose();
    return values;
  };
  const before = await translated(a);
  b.networks.generator.setWeights(a.networks.generator.getWeights());
  assertEquals(await translated(b), before);
  for await (const _ of b.train(toytown({ size: 16, count: 2, seed: 1 }), { epochs: 2 }));
  assertEquals(await translated(a), before);
  assert((await translated(b)).some((value, i) => value !== before[i]));
  a.dispose();
  b.dispose();
  images.dispose();
});
