/** Groups the layers of a network into blocks, as papers do: a convolution with its padding, norm, activation and dropout.
 *
 * The blocks are found by walking the graph of the network from its outputs to its inputs. A skip connection is a tensor that
 * several layers read, so no name of a layer matters. An activation that follows such a tensor belongs to the next block.
 * @module */
import type * as tf from "../tf.ts";

/** Consecutive layers, drawn as one block. */
export interface Block {
  /** Name of the main layer, such as the convolution. */
  name: string;
  /** Names of the layers, including those of repetitions that are drawn once. */
  layers: string[];
  /** What each layer does, such as "4×4 conv". For an input, its name. */
  does: string[];
  /** Shape of the output without the batch dimension. */
  shape: number[];
  /** The blocks that this block reads; the first one is the main one. */
  from: Block[];
  /** Number of output channels that were concatenated from other blocks. */
  joined: number;
  /** Number of blocks side by side that do the same, drawn as one. */
  twins: number;
  /** Number of consecutive repetitions of the group that this block belongs to, and the position within the group. */
  repeat: { times: number; index: number; length: number };
  /** Whether the block is an input of the network. */
  input: boolean;
  /** Names of the outputs of the network that the block computes. */
  outputs: string[];
}

/** Layers that belong to the block before them. */
const AFTER = /Norm|^Activation$|ReLU$|ELU$|Softmax|Dropout|Cropping|^Reshape$/i;
/** Layers that belong to the block after them. */
const BEFORE = /Flatten|Pad|UpSampling/;

/** Groups the layers of a network into blocks, in the order in which they are computed. */
export function networkBlocks(network: tf.LayersModel): Block[] {
  const order = tensorsOf(network);
  const readers = Map.groupBy([...order.flatMap(({ inputs }) => inputs), ...network.outputs], ({ id }) => id);
  const blocks: Block[] = [];
  /** The block of each tensor, and whether the block still lacks its main layer. */
  const home = new Map<number, { block: Block; open: boolean }>();
  for (const tensor of order) {
    const { sourceLayer: layer, inputs } = tensor;
    const kind = layer.getClassName();
    const free = inputs.filter(({ id }) => readers.get(id)!.length === 1);
    const previous = free.length === 1 ? home.get(free[0]!.id)! : undefined;
    const continues = previous && !previous.block.input && (inputs.length > 1 || AFTER.test(kind) || previous.open);
    const block = continues ? previous.block : newBlock(inputs.length === 0);
    if (block !== previous?.block) blocks.push(block);
    const main = continues ? free[0] : inputs[0];
    for (const input of inputs) {
      const { block: source } = home.get(input.id)!;
      if (source !== block) block.from.push(source);
      if (kind === "Concatenate" && input !== main) block.joined += input.shape.at(-1)!;
    }
    block.layers.push(layer.name);
    block.does.push(...inputs.length === 0 ? [layer.name.replaceAll("_", " ")] : layerWords(layer, inputs[0]!));
    block.shape = tensor.shape.slice(1) as number[];
    const minor = BEFORE.test(kind) || AFTER.test(kind);
    if (!minor) block.name = layer.name;
    if (network.outputs.includes(tensor)) block.outputs.push(outputName(layer.name, block.name));
    const open = (continues ? previous.open : true) && minor;
    home.set(tensor.id, { block, open: open && inputs.length === 1 });
  }
  return foldRepetitions(foldTwins(blocks));
}

function newBlock(input: boolean): Block {
  const repeat = { times: 1, index: 0, length: 1 };
  return { name: "", layers: [], does: [], shape: [], from: [], joined: 0, twins: 1, repeat, input, outputs: [] };
}

/** Returns the name of the layer of an output, without a suffix for the activation: "mean" for "mean_leaky". */
function outputName(layer: string, main: string): string {
  return (main && layer.startsWith(`${main}_`) ? main : layer).replaceAll("_", " ");
}

/** Returns all tensors of a network, each after those that it is computed from. */
function tensorsOf(network: tf.LayersModel): tf.SymbolicTensor[] {
  const order: tf.SymbolicTensor[] = [];
  const visit = (tensor: tf.SymbolicTensor): void => {
    if (order.includes(tensor)) return;
    tensor.inputs.forEach(visit);
    order.push(tensor);
  };
  network.outputs.forEach(visit);
  return order;
}

/** Describes what a layer does, based on its configuration. */
function layerWords(layer: tf.layers.Layer, input: tf.SymbolicTensor): string[] {
  const kind = layer.getClassName();
  // deno-lint-ignore no-explicit-any -- each class of layers has its own configuration
  const config = layer.getConfig() as Record<string, any>;
  const { kernelSize = [], strides = [1], activation = "linear" } = config;
  const stride = Math.max(...strides) > 1 ? [`stride ${strides[0]}`] : [];
  const words: Record<string, () => string | string[]> = {
    Conv2D: () => [`${kernelSize.join("×")} conv`, ...stride],
    Conv2DTranspose: () => [`${kernelSize.join("×")} transposed conv`, ...stride],
    BatchNormalization: () => "batch norm",
    InstanceNormalization: () => "instance norm",
    LeakyReLU: () => `leaky ReLU ${Number(config["alpha"].toFixed(3))}`,
    ReLU: () => "ReLU",
    Activation: () => activation,
    Dropout: () => `dropout ${config["rate"]}`,
    ZeroPadding2D: () => `zero padding ${config["padding"].flat()[0]}`,
    ReflectionPad: () => `reflection padding ${config["padding"]}`,
    UpSampling2D: () => `${config["interpolation"]} upsampling ×${config["size"][0]}`,
    Cropping2D: () => "crop",
    RepeatVector: () => `repeat ${config["n"]} times`,
    GlobalAveragePooling2D: () => "global average pooling",
    GaussianSample: () => "μ + σ ε",
    Concatenate: () => "concatenate",
    Flatten: () => `flatten ${input.shape.slice(1).join("×")}`,
  };
  const main = words[kind]?.() ?? kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return [main, kind !== "Activation" && activation !== "linear" ? activation.replace("relu", "ReLU") : []].flat();
}

/** Returns a string that is equal for blocks that do the same. */
function signature(block: Block, from: (source: Block) => unknown): string {
  return JSON.stringify([block.does, block.shape, block.joined, block.input, block.from.map(from)]);
}

/** Joins neighbouring blocks that do the same with the same inputs, such as the heads for μ and log σ. */
function foldTwins(blocks: Block[]): Block[] {
  const kept: Block[] = [];
  for (const block of blocks) {
    const key = (one: Block) => signature(one, (source) => blocks.indexOf(source));
    const twin = kept.find((other) => !block.input && key(other) === key(block));
    if (!twin) {
      kept.push(block);
      continue;
    }
    twin.twins++;
    twin.layers.push(...block.layers);
    twin.outputs.push(...block.outputs);
    replace(blocks, block, twin);
  }
  return kept;
}

/** Keeps one of several consecutive equal groups of blocks, such as residual blocks. */
function foldRepetitions(blocks: Block[]): Block[] {
  const keys = blocks.map((block, i) => signature(block, (source) => i - blocks.indexOf(source)) + block.outputs);
  const equal = (a: number, b: number, length: number) =>
    Array.from({ length }, (_, i) => a + i).every((i) => keys[i] !== undefined && keys[i] === keys[i - a + b]);
  for (let start = 0; start < blocks.length; start++) {
    for (const length of [1, 2, 3, 4]) {
      let times = 1;
      while (equal(start, start + times * length, length)) times++;
      if (times === 1 || times * length < 4) continue;
      const group = blocks.slice(start, start + length);
      blocks.splice(start + length, (times - 1) * length).forEach((dropped, i) => {
        group[i % length]!.layers.push(...dropped.layers);
        replace(blocks, dropped, group[i % length]!);
      });
      keys.splice(start + length, (times - 1) * length);
      group.forEach((block, index) => block.repeat = { times, index, length });
      break;
    }
  }
  return blocks;
}

/** Makes all blocks that read the block `old` read another block instead. */
function replace(blocks: Block[], old: Block, by: Block): void {
  for (const block of blocks) block.from = [...new Set(block.from.map((source) => source === old ? by : source))];
}
