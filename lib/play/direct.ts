/** Calls the layers of a network without tfjs's checks, and frees tensors that are no longer needed.
 *
 * The checks take more than a millisecond in a U-Net, and tfjs keeps all intermediate tensors until the network has been applied.
 * @module */
import { BatchNorm, type Mode } from "../layers/batch_norm.ts";
import { InstanceNorm } from "../layers/instance_norm.ts";
import * as tf from "../tf.ts";
import { NORMALIZE, type NormalizeAttrs, type NormalizeInputs } from "./norm.ts";

/** A call of a layer, as tfjs describes it. */
interface Node {
  inputTensors: tf.SymbolicTensor[];
  outputTensors: tf.SymbolicTensor[];
}

/** A layer, the tensors that it reads and returns, and those that no later layer reads. */
interface Step {
  layer: tf.layers.Layer;
  inputs: number[];
  outputs: number[];
  last: number[];
}

/** Returns the calls of the layers in order; `undefined` if a layer is called more than once. */
function stepsOf(network: tf.LayersModel): Step[] | undefined {
  const ids = (tensors: tf.SymbolicTensor[]) => tensors.map(({ id }) => id);
  const [given, results] = [ids(network.inputs), ids(network.outputs)];
  const needed = new Set([...given, ...results]); // the network's inputs and outputs are not freed
  const steps: Step[] = [];
  for (const layer of network.layers.toReversed()) {
    const nodes = (layer as unknown as { inboundNodes: Node[] }).inboundNodes;
    if (nodes.length !== 1) return undefined;
    const [inputs, outputs] = [ids(nodes[0]!.inputTensors), ids(nodes[0]!.outputTensors)];
    if (outputs.every((id) => given.includes(id))) continue; // an input layer
    const last = [...new Set(inputs)].filter((id) => !needed.has(id));
    last.forEach((id) => needed.add(id));
    steps.unshift({ layer, inputs, outputs, last });
  }
  return steps;
}

/** Calls a layer, or the kernel that a backend has for it. */
function call(layer: tf.layers.Layer, read: tf.Tensor[], mode: Mode): tf.Tensor | tf.Tensor[] {
  const hasStatistics = layer instanceof BatchNorm && mode.batchStatistics && !(mode.updateStatistics ?? mode.training);
  if ((hasStatistics || layer instanceof InstanceNorm) && tf.getKernel(NORMALIZE, tf.getBackend())) {
    const [gamma, beta] = layer.trainableWeights.map((weight) => weight.read());
    const inputs: NormalizeInputs = { x: read[0]!, gamma, beta };
    const attrs: NormalizeAttrs = { epsilon: layer.getConfig()["epsilon"] as number, perImage: !hasStatistics };
    return tf.engine().runKernel(NORMALIZE, inputs as unknown as tf.NamedTensorMap, attrs) as tf.Tensor;
  }
  return layer.call(read.length === 1 ? read[0]! : read, mode);
}

/** Makes `network.apply` call the layers directly. Use this function only if no gradients are needed. Networks whose layers are
 * called more than once remain unchanged. */
export function callDirectly(network: tf.LayersModel): void {
  const steps = stepsOf(network);
  if (!steps) return;
  const apply = network.apply.bind(network);
  network.apply = (inputs, mode = {}) => {
    const given = [inputs].flat();
    if (!given.every((input): input is tf.Tensor => input instanceof tf.Tensor)) return apply(inputs, mode);
    return tf.tidy(() => {
      const values = new Map(given.map((input, i) => [network.inputs[i]!.id, input]));
      for (const { layer, inputs, outputs, last } of steps) {
        const read = inputs.map((id) => values.get(id)!);
        const made = [call(layer, read, mode)].flat();
        made.forEach((tensor, i) => values.set(outputs[i]!, read.includes(tensor) ? tf.clone(tensor) : tensor));
        for (const id of last) values.get(id)!.dispose();
      }
      const results = network.outputs.map(({ id }) => values.get(id)!);
      return results.length === 1 ? results[0]! : results;
    });
  };
}
