import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { dcganGenerator, encoderDecoder, models, patchDiscriminator, resnet, unet } from "../../mod.ts";
import { architecture } from "../../lib/plot/architecture.ts";
import { type Block, networkBlocks } from "../../lib/plot/network_blocks.ts";
import * as tf from "../../lib/tf.ts";
import { buildSmall, SMALL } from "../systems/_small.ts";
import { faults, parse, wordsIn } from "./_drawings.ts";

const shapeOf = (layer: tf.layers.Layer) => (layer.outputShape as number[]).slice(1);

/** Compares the blocks and the drawing of a network with its layers. */
async function check(network: tf.LayersModel, what: string): Promise<void> {
  const blocks = networkBlocks(network);
  assertEquals(blocks.flatMap(({ layers }) => layers).sort(), network.layers.map(({ name }) => name).sort(), `${what}: layers`);
  for (const { layers, shape, repeat, twins } of blocks) {
    const last = layers[layers.length / repeat.times / twins - 1]!;
    assertEquals(shape, shapeOf(network.getLayer(last)), `${what}: ${last}`);
  }
  const words = (block: Block) => block.does.filter((word) => /(conv|dense|add|concatenate)$/.test(word));
  const drawn = blocks.flatMap((block) => Array(block.repeat.times * block.twins).fill(words(block)).flat()).length;
  const layers = network.layers.filter((layer) => /^(Conv2D|Conv2DTranspose|Dense|Add|Concatenate)$/.test(layer.getClassName()));
  assertEquals(drawn, layers.length, `${what}: convolutions, dense layers, sums and concatenations`);

  const drawing = architecture(network);
  const root = await parse(drawing);
  const plates = [...root.querySelectorAll("g")];
  assertEquals(plates.length, blocks.length, `${what}: plates`);
  for (const [i, plate] of plates.entries()) {
    const { shape, layers } = blocks[i]!;
    assertEquals(plate.querySelector("title")!.textContent, layers.join(", "));
    assertEquals(plate.querySelector("text")!.textContent, shape.join(" × "));
  }
  const heads = blocks.flatMap(({ from }) => from).length;
  assertEquals([...root.querySelectorAll("path")].length, heads, `${what}: arrows`);
  assertEquals(await faults(drawing), [], what);
}

for (const small of SMALL) {
  Deno.test(`architecture() draws the layers of each network of ${small.name}`, async () => {
    const model = buildSmall(small);
    for (const [name, network] of Object.entries(model.networks)) await check(network, name);
    model.dispose();
  });
}

Deno.test("architecture() draws the networks of the papers at full size", async () => {
  const networks: tf.LayersModel[] = [
    unet({ size: 256, filters: 4, inputChannels: 11 }),
    unet({ size: [64, 128], filters: 4, norm: "instance" }),
    encoderDecoder({ size: 128, filters: 4 }),
    resnet({ size: 256, filters: 4, dropout: 0.5, norm: "batch" }),
    ...[0, 1, 3, 6].map((layers) => patchDiscriminator({ size: 256, filters: 4, layers })),
    dcganGenerator({ size: 64, filters: 4, classes: 10 }),
    ...Object.values(models.stackGanNetworks({ size: 256, filters: 4, conditionSize: 1024, blocks: 4 })),
  ];
  for (const network of networks) await check(network, network.name);
});

Deno.test("networkBlocks() finds the skip connections of the U-Net, and none in the encoder-decoder", () => {
  for (const depth of [2, 4, 6]) {
    const settings = { size: 64, filters: 2, depth };
    const [withSkips, without] = [networkBlocks(unet(settings)), networkBlocks(encoderDecoder(settings))];
    assertEquals([withSkips.length, without.length], [2 * depth + 1, 2 * depth + 1]);
    const skips = withSkips.filter(({ from }) => from.length > 1);
    assertEquals(skips.length, depth - 1);
    for (const { shape, joined, from } of skips) assertEquals([from[1]!.shape, joined], [[...shape.slice(0, 2), joined], joined]);
    assertEquals(without.filter(({ from }) => from.length > 1), []);
    // A skip connection carries values from before the activation, which therefore belongs to the next block.
    assertEquals(withSkips[2]!.does[0], "leaky ReLU 0.2");
    assertEquals(without[2]!.does[0], "4×4 conv");
  }
});

Deno.test("networkBlocks() draws the residual blocks of a ResNet once", () => {
  for (const blocks of [2, 6, 9]) {
    const found = networkBlocks(resnet({ size: 64, filters: 2, blocks }));
    assertEquals(found.length, 1 + 3 + 2 + 3);
    const [first, second] = found.filter(({ repeat }) => repeat.times > 1);
    assertEquals([first!.repeat.times, first!.repeat.length], [blocks, 2]);
    assertEquals(second!.does, ["reflection padding 1", "3×3 conv", "instance norm", "add"]);
    assertEquals(second!.from, [first, found[3]]);
  }
  assertEquals(networkBlocks(resnet({ size: 64, filters: 2, blocks: 1 })).filter(({ repeat }) => repeat.times > 1), []);
});

Deno.test("networkBlocks() draws the heads for μ and log σ as one block", () => {
  const last = networkBlocks(models.latentEncoder({ size: 32, filters: 2 })).at(-1)!;
  assertEquals([last.twins, last.outputs, last.shape], [2, ["mean", "log deviation"], [8]]);
});

Deno.test("architecture() follows a change of the network", () => {
  const layered = (filters: number, activation?: "relu") =>
    tf.sequential({
      name: "mine",
      layers: [
        tf.layers.conv2d({ inputShape: [8, 8, 3], filters, kernelSize: [3, 5], strides: 2, ...activation && { activation } }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 4, activation: "softmax" }),
      ],
    });
  const { svg, alt } = architecture(layered(7));
  assertStringIncludes(alt, "mine. Network of 4 blocks.");
  assertStringIncludes(alt, "3×5 conv, stride 2: 3×2×7; max pooling2d: 1×1×7; flatten 1×1×7, dense, softmax: 4.");
  for (const other of [layered(9), layered(7, "relu")]) assert(architecture(other).svg !== svg);
  assertStringIncludes(architecture(layered(9), { title: "Another <title>" }).svg, "Another &lt;title&gt;");
});

Deno.test("architecture() draws a network with several branches and outputs", async () => {
  const input = tf.input({ shape: [4] });
  const branch = (units: number) => tf.layers.dense({ units }).apply(input) as tf.SymbolicTensor;
  const [left, right] = [branch(3), branch(5)];
  const network = tf.model({
    inputs: input,
    outputs: [left, right, tf.layers.dense({ units: 2 }).apply(left) as tf.SymbolicTensor],
  });
  await check(network, "branches");
});

Deno.test("architecture() throws on anything but a network", () => {
  const model = buildSmall(SMALL[0]!);
  const cure = "got a model; choose one: model.networks.generator, model.networks.discriminator";
  assertThrows(() => architecture(model as never), TypeError, cure);
  for (const wrong of [undefined, null, 3, {}]) {
    assertThrows(() => architecture(wrong as never), TypeError, "expected a tf.LayersModel");
  }
  model.dispose();
});

Deno.test("architecture() writes words that fit into the space beside the plates", async () => {
  const drawing = architecture(unet({ size: 256, filters: 2 }));
  const words = await wordsIn(await parse(drawing));
  assertEquals(words.filter(({ text }) => text === "128 × 128 × 2").length, 1);
  assert(words.every(({ size }) => size >= 14));
});
