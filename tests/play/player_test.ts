import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { Player, type TranslateWish } from "../../lib/play/player.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";

const image = {
  data: Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => Math.sin(i)),
  shape: [1, 32, 32, 3],
};

/** Runs a test with an untrained pix2pix on the plain JavaScript backend. */
async function withPlayer(test: (player: Player, model: SomeModel) => Promise<void>): Promise<void> {
  await useBackend("cpu", { quiet: true });
  const model = pix2pix({ size: 32, filters: 4 }) as SomeModel;
  try {
    await test(new Player(model), model);
  } finally {
    model.dispose();
  }
}

Deno.test("with dropout, a seed gives the same image every time, and another seed another image", () =>
  withPlayer(async (player) => {
    const translate = async (options: TranslateWish) => (await player.translate(image, options)).data;
    const first = await translate({ dropout: true, dropoutSeed: 7 });
    assertNotEquals(await translate({ dropout: true, dropoutSeed: 8 }), first);
    assertNotEquals(await translate({ dropout: true }), first);
    assertEquals(await translate({ dropout: true, dropoutSeed: 7 }), first);
    assertNotEquals(await translate({ dropout: false }), first);
  }));

Deno.test("outputs that are not finite are an error for which the page tries the next backend", () =>
  withPlayer(async (player, model) => {
    const [kernel] = model.networks["generator"]!.trainableWeights;
    kernel!.write(tf.fill(kernel!.shape as number[], 3e38));
    const { message } = await assertRejects(() => player.translate(image, { dropout: false }), RangeError);
    assertEquals(message, "Cannot compute the output: its values are not finite; export the model again");
    assert(!/^Cannot (generate|translate|encode|classify)/.test(message)); // as in Client.ask
  }));
