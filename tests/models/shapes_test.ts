/** Networks for rectangles and for images of 1024 pixels. */
import { assertEquals, assertThrows } from "@std/assert";
import type * as tf from "../../lib/tf.ts";
import { withoutInitialWeights } from "../../lib/layers/initializers.ts";
import { classifierNetwork } from "../../lib/models/classifier.ts";
import { dcganDiscriminator, dcganGenerator } from "../../lib/models/dcgan.ts";
import { latentEncoder } from "../../lib/models/latent_encoder.ts";
import { patchDiscriminator, receptiveField } from "../../lib/models/patchgan.ts";
import { blocksOf, resnet } from "../../lib/models/resnet.ts";
import { stackGanNetworks } from "../../lib/models/stackgan.ts";
import { depthOf, encoderDecoder, unet } from "../../lib/models/unet.ts";
import type { Size } from "../../lib/settings.ts";
import { testOnBackends } from "../_backends.ts";

const BUILDERS: Record<string, (size: Size) => tf.LayersModel> = {
  unet: (size) => unet({ size, filters: 1 }),
  encoderDecoder: (size) => encoderDecoder({ size, filters: 1 }),
  resnet: (size) => resnet({ size, filters: 1, blocks: 1 }),
  patchDiscriminator: (size) => patchDiscriminator({ size, filters: 1, layers: 2 }),
  latentEncoder: (size) => latentEncoder({ size, filters: 1 }),
  dcganGenerator: (size) => dcganGenerator({ size, filters: 1, latent: 3, classes: 2 }),
  dcganDiscriminator: (size) => dcganDiscriminator({ size, filters: 1, classes: 2 }),
  classifierNetwork: (size) => classifierNetwork({ size, filters: 1, classes: 2, channels: 3 }),
};

/** Height and width of a tensor of a network. */
const sides = ({ shape }: tf.SymbolicTensor) => shape.slice(1, 3);

testOnBackends("networks are built for rectangles; [64, 64] is the same as 64", () => {
  const outputs: Record<string, unknown> = {};
  for (const [name, build] of Object.entries(BUILDERS)) {
    const rectangle = build([32, 64]);
    if (name !== "dcganGenerator") assertEquals(sides(rectangle.inputs[0]!), [32, 64], name);
    outputs[name] = sides(rectangle.outputs[0]!);
    const [square, list] = [build(64), build([64, 64])];
    const values = ({ weights }: tf.LayersModel) => weights.map((weight) => [...weight.read().dataSync()]);
    assertEquals(values(list), values(square), name);
    for (const network of [rectangle, square, list]) network.dispose();
  }
  const { unet, encoderDecoder, resnet, dcganGenerator, patchDiscriminator } = outputs;
  assertEquals([unet, encoderDecoder, resnet, dcganGenerator], Array(4).fill([32, 64]));
  assertEquals(patchDiscriminator, [6, 14]); // a quarter of each side, less two pixels
}, ["cpu"]);

Deno.test("depthOf() and blocksOf() follow the side that can be halved less often, and the smaller side", () => {
  const cases: [Size, depth: number, blocks: number][] = [
    [[256, 512], 8, 9],
    [[128, 512], 7, 6],
    [[96, 256], 5, 6],
    [[512, 384], 7, 9],
    [1024, 8, 9],
  ];
  for (const [size, depth, blocks] of cases) assertEquals([depthOf(size), blocksOf(size)], [depth, blocks], `${size}`);
});

testOnBackends("dcganGenerator() begins with feature maps whose smaller side has 4 to 7 pixels", () => {
  const cases: [size: [number, number], start: number[]][] = [[[32, 64], [4, 8]], [[64, 48], [8, 6]], [[28, 64], [7, 16]], [[
    8,
    14,
  ], [4, 7]]];
  for (const [size, start] of cases) {
    const generator = dcganGenerator({ size, filters: 1, latent: 3 });
    assertEquals(sides(generator.getLayer("start").output as tf.SymbolicTensor), start);
    assertEquals(sides(generator.outputs[0]!), size);
    generator.dispose();
  }
}, ["cpu"]);

Deno.test("networks name the side that does not fit", () => {
  const cases: [name: string, size: Size, message: string][] = [
    ["resnet", [32, 30], "the width must be a multiple of 4, got 30; use 28 or 32"],
    ["resnet", [30, 32], "the height must be a multiple of 4, got 30; use 28 or 32"],
    ["unet", [32, 33], "the width must be a multiple of 4, got 33"],
    ["latentEncoder", [24, 32], "the height must be a multiple of 16, got 24"],
    ["patchDiscriminator", [32, 8], "the width must be at least 12, got 8"],
    ["dcganGenerator", [32, 36], "the width must be 4, 5, 6 or 7 times a power of two ≥ 2, got 36; use 32 or 40"],
    ["dcganDiscriminator", [36, 32], "the height must be 4, 5, 6 or 7 times a power of two ≥ 2, got 36; use 32 or 40"],
    ["classifierNetwork", [32, 2.5], "the width must be a multiple of 4, got 2.5"],
  ];
  for (const [name, size, message] of cases) assertThrows(() => BUILDERS[name]!(size), RangeError, message);
});

testOnBackends(
  "networks are built for 1024x1024 pixels, with the depths and patches of the papers",
  () =>
    withoutInitialWeights(2 ** 40, () => {
      const built = (network: tf.LayersModel, check: (network: tf.LayersModel) => void) => {
        check(network);
        network.dispose();
      };
      const output = (network: tf.LayersModel, layer?: string) =>
        sides((layer === undefined ? network.outputs[0] : network.getLayer(layer).output) as tf.SymbolicTensor);
      built(unet({ size: 1024, filters: 1 }), (network) => {
        assertEquals([output(network), output(network, "down7")], [[1024, 1024], [4, 4]]);
      });
      built(resnet({ size: 1024, filters: 1 }), (network) => assertEquals(output(network, "block8_sum"), [256, 256]));
      for (let layers = 1; layers <= 6; layers++) {
        const side = 1024 / 2 ** layers - 2;
        built(patchDiscriminator({ size: 1024, filters: 1, layers }), (network) => assertEquals(output(network), [side, side]));
        assertEquals(receptiveField(layers) < 1024, true);
      }
      built(dcganGenerator({ size: 1024, filters: 1 }), (network) => assertEquals(output(network, "start"), [4, 4]));
      built(dcganDiscriminator({ size: 1024, filters: 1 }), (network) => assertEquals(output(network, "conv7"), [4, 4]));
      const stages = stackGanNetworks({ size: 1024, conditionSize: 2, filters: 1 });
      assertEquals([output(stages.sketcher), output(stages.refiner)], [[256, 256], [1024, 1024]]);
      for (const network of Object.values(stages) as tf.LayersModel[]) network.dispose();
    }),
  ["cpu"],
);
