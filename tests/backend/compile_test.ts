import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile, eachCall } from "../../lib/backend/compile.ts";
import { RandomStream } from "../../lib/backend/random.ts";
import { activeTensorflow } from "../../lib/backend/tensorflow/active.ts";
import { testOnBackends } from "../_backends.ts";

function onTensorflow(name: string, run: () => void | Promise<void>): void {
  testOnBackends(name, run, ["tensorflow"]);
}

const number = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;

/** Creates a small network with its own weights, always the same, and one of tfjs's optimizers. */
function trainer(optimizer: tf.Optimizer) {
  const kernel = tf.variable(tf.randomNormal([3, 3, 2, 4], 0, 0.3, "float32", 3)) as tf.Variable<tf.Rank.R4>;
  const dense = tf.variable(tf.randomNormal([64, 3], 0, 0.1, "float32", 4)) as tf.Variable<tf.Rank.R2>;
  const step = (x: tf.Tensor4D, y: tf.Tensor2D) =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const hidden = tf.leakyRelu(tf.conv2d(x, kernel, 2, "same"), 0.2);
        return tf.mean(tf.square(tf.sub(tf.tanh(tf.matMul(tf.reshape(hidden, [4, 64]), dense)), y))) as tf.Scalar;
      }, [kernel, dense]);
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      return value;
    });
  return { step, dispose: () => (tf.dispose([kernel, dense]), optimizer.dispose()) };
}

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  rmsprop: () => tf.train.rmsprop(0.01),
  adam: () => tf.train.adam(0.01),
};

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  testOnBackends(`compile() of a step with tfjs's ${name} gives the losses of the eager step`, () => {
    const [plain, traced] = [trainer(make()), trainer(make())];
    const compiled = compile(traced.step);
    const [x, y] = [tf.randomNormal([4, 8, 8, 2], 0, 1, "float32", 1), tf.randomNormal([4, 3], 0, 1, "float32", 2)];
    for (let i = 0; i < 5; i++) {
      const wanted = number(plain.step(x as tf.Tensor4D, y as tf.Tensor2D));
      assertAlmostEquals(number(compiled(x as tf.Tensor4D, y as tf.Tensor2D)), wanted, 1e-6);
    }
    compiled.dispose();
    plain.dispose();
    traced.dispose();
  });
}

onTensorflow("compile() runs the step once in JavaScript for each shape, dtype and plain value", () => {
  let runs = 0;
  const twice = compile((x: tf.Tensor, times: number) => {
    runs++;
    return tf.mul(x, times);
  });
  tf.tidy(() => {
    assertEquals(number(twice(tf.scalar(3), 2)), 6);
    assertEquals(number(twice(tf.scalar(4), 2)), 8);
    assertEquals(runs, 1);
    assertEquals(number(twice(tf.scalar(4), 5)), 20);
    assertEquals([...twice(tf.tensor1d([1, 2]), 2).dataSync()], [2, 4]);
    assertEquals([...twice(tf.tensor1d([1, 2], "int32"), 2).dataSync()], [2, 4]);
    assertEquals(runs, 4);
  });
  twice.dispose();
});

onTensorflow("compile() preserves the structure of arguments and result", () => {
  const step = compile((given: { a: tf.Tensor; list: tf.Tensor[] }) => ({ sum: tf.addN(given.list), both: [given.a, "text"] }));
  tf.tidy(() => {
    const { sum, both } = step({ a: tf.scalar(1), list: [tf.scalar(2), tf.scalar(3)] });
    assertEquals(number(sum), 5);
    assertEquals(number(both[0] as tf.Tensor), 1);
    assertEquals(both[1], "text");
  });
  step.dispose();
});

onTensorflow("compile() reads and assigns variables in the order of the step", () => {
  const variable = tf.variable(tf.scalar(1));
  const step = compile(() => {
    const before = tf.clone(variable);
    variable.assign(tf.add(variable, 1));
    const between = tf.clone(variable);
    variable.assign(tf.mul(variable, 3));
    return [before, between, tf.add(variable, 0)];
  });
  assertEquals(step().map(number), [1, 2, 6]);
  assertEquals(step().map(number), [6, 7, 21]);
  assertEquals(number(variable), 21);
  step.dispose();
  variable.dispose();
});

onTensorflow("compile() sees assignments from outside and does not change copies of a variable", () => {
  const weight = tf.variable(tf.tensor1d([1, 2]));
  const step = compile(() => weight.assign(tf.mul(weight, 2)) as unknown as undefined);
  step();
  const [copy, reshaped] = [tf.clone(weight), tf.reshape(weight, [2, 1])];
  step();
  assertEquals([...weight.dataSync()], [4, 8]);
  assertEquals([...copy.dataSync()], [2, 4]);
  assertEquals([...reshaped.dataSync()], [2, 4]);
  weight.assign(tf.tensor1d([10, 20]));
  step();
  assertEquals([...weight.dataSync()], [20, 40]);
  step.dispose();
  tf.dispose([weight, copy, reshaped]);
});

onTensorflow("compile() captures the value of an ordinary tensor", () => {
  const outside = tf.scalar(5);
  const step = compile((x: tf.Tensor) => tf.add(x, outside));
  assertEquals(number(step(tf.scalar(1))), 6);
  outside.dispose();
  assertEquals(number(step(tf.scalar(2))), 7);
  step.dispose();
});

testOnBackends("eachCall() is read once in each run of a step, compiled or not", () => {
  let reads = 0;
  const step = compile((x: tf.Tensor) => tf.add(x, eachCall([2], "float32", () => [reads++, -1])));
  assertEquals([...step(tf.scalar(10)).dataSync()], [10, 9]);
  assertEquals([...step(tf.scalar(10)).dataSync()], [11, 9]);
  assertEquals(reads, 2);
  step.dispose();
});

testOnBackends("RandomStream draws new numbers at each call of a compiled step, reproducible from a position", () => {
  const random = new RandomStream(7);
  const step = compile(() => [random.uniform([50]), random.normal([50])]);
  const first = step().map((tensor) => [...tensor.dataSync()]);
  const second = step().map((tensor) => [...tensor.dataSync()]);
  assertEquals(random.position, 4);
  assert(first[0]!.every((value, i) => value !== second[0]![i]));
  random.position = 2;
  assertEquals(step().map((tensor) => [...tensor.dataSync()]), second);
  step.dispose();
});

testOnBackends("compile() supports means of integers and booleans, and gathering by traced indices", () => {
  const table = tf.tensor2d([[1, 2], [3, 4], [5, 6]]);
  const step = compile((logits: tf.Tensor2D, labels: tf.Tensor1D) => {
    const right = tf.equal(tf.argMax(logits, 1), labels);
    return [tf.mean(right), tf.mean(labels), tf.gather(table, labels), tf.gather(table, tf.scalar(1, "int32"))];
  });
  const results = step(tf.tensor2d([[1, 2], [2, 1]]), tf.tensor1d([1, 2], "int32")).map((tensor) => [...tensor.dataSync()]);
  assertEquals(results, [[0.5], [1.5], [3, 4, 5, 6], [3, 4]]);
  const again = step(tf.tensor2d([[1, 2], [2, 1]]), tf.tensor1d([1, 0], "int32")).map((tensor) => [...tensor.dataSync()]);
  assertEquals(again, [[1], [0.5], [3, 4, 1, 2], [3, 4]]);
  const gradient = compile((labels: tf.Tensor1D) => tf.grad((x) => tf.sum(tf.square(tf.gather(x, labels))))(table));
  assertEquals([...gradient(tf.tensor1d([2, 2], "int32")).dataSync()], [0, 0, 0, 0, 20, 24]);
  table.dispose();
  step.dispose();
  gradient.dispose();
});

onTensorflow("compile() throws for what a graph would freeze or cannot do", () => {
  const x = tf.scalar(1);
  const variable = tf.variable(tf.scalar(1));
  const refuse = (step: (x: tf.Tensor) => tf.Tensor, message: string) => assertThrows(() => compile(step)(x), Error, message);
  refuse((x) => tf.add(x, x.dataSync()[0]!), "Cannot read a tensor's values inside a compiled step");
  refuse((x) => number(tf.mul(x, 2)) > 0 ? x : tf.neg(x), "Cannot read a tensor's values inside a compiled step");
  refuse((x) => tf.add(x, number(variable)), "Cannot read a tensor's values inside a compiled step");
  const copy = tf.clone(variable); // shares its data until the assignment
  refuse(
    (x) => (variable.assign(x as tf.Scalar), tf.add(x, number(variable))),
    "Cannot read a tensor's values inside a compiled step",
  );
  refuse((x) => tf.add(x, tf.randomNormal([])), "draws random numbers in JavaScript");
  refuse((x) => tf.dropout(x, 0.5), "draws random numbers in JavaScript");
  refuse((x) => tf.add(x, tf.randomNormal([100], 0, 1, "float32", 3)), "creates a tensor of 100 numbers in JavaScript");
  assertThrows(() => compile((x: tf.Tensor) => x)(new Date() as unknown as tf.Tensor), TypeError, "a Date");
  assertThrows(() => compile((x: tf.Tensor) => x)(Math.abs as unknown as tf.Tensor), TypeError, "a Function");
  assertThrows(() => compile(() => null as unknown as tf.Tensor)(), TypeError, "got null");
  const bare = Object.assign(Object.create(null), { x });
  assertEquals(number(compile(({ x }: { x: tf.Tensor }) => tf.add(x, 1))(bare)), 2);
  assertEquals(number(tf.add(x, 1)), 2); // the backend still works
  tf.dispose([x, variable, copy]);
});

onTensorflow("compile() throws at the second call if the step creates a variable in every call", () => {
  const step = compile((x: tf.Tensor) => tf.add(x, tf.variable(tf.scalar(1))));
  const variables = Object.keys(tf.engine().registeredVariables);
  assertEquals(number(step(tf.scalar(1))), 2);
  assertThrows(() => step(tf.scalar(1)), Error, "creates a variable");
  for (const name of Object.keys(tf.engine().registeredVariables)) {
    if (!variables.includes(name)) tf.engine().registeredVariables[name]!.dispose();
  }
  step.dispose();
});

onTensorflow("compile() throws if an intermediate tensor is used outside the step, also in another step", () => {
  let stolen!: tf.Tensor;
  const step = compile((x: tf.Tensor) => tf.add(stolen = tf.keep(tf.mul(x, 2)), 1));
  assertEquals(number(step(tf.scalar(1))), 3);
  assertThrows(() => stolen.dataSync(), Error, "results have values");
  assertThrows(() => compile((x: tf.Tensor) => tf.add(x, stolen))(tf.scalar(1)), Error, "results have values");
  stolen.dispose();
  step.dispose();
});

onTensorflow("compile() fifty times leaks no tensors and no memory", () => {
  const weights = Array.from({ length: 10 }, () => tf.variable(tf.randomNormal([200, 200])));
  const round = () => {
    const step = compile((x: tf.Tensor2D) => weights.reduce((h, w) => tf.tanh(tf.matMul(h, w as tf.Variable<tf.Rank.R2>)), x));
    tf.tidy(() => step(tf.ones([10, 200]) as tf.Tensor2D).dataSync());
    step.dispose();
  };
  for (let i = 0; i < 10; i++) round();
  const { binding } = activeTensorflow()!.kernels as unknown as { binding: { getNumOfTensors(): number } };
  const [tensors, handles, resident] = [tf.memory().numTensors, binding.getNumOfTensors(), Deno.memoryUsage().rss];
  for (let i = 0; i < 50; i++) round();
  assertEquals(tf.memory().numTensors, tensors);
  assertEquals(binding.getNumOfTensors(), handles);
  const grown = Deno.memoryUsage().rss - resident;
  assert(grown < 20e6, `50 rounds grew the process by ${grown} bytes`);
  tf.dispose(weights);
});
