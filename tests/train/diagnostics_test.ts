import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Image } from "../../lib/data/image_bytes.ts";
import type { SampleEvent, StepEvent } from "../../lib/events.ts";
import { EXPLODED_GRADIENT } from "../../lib/train/signs.ts";
import { Diagnostics, VANISHED, WINDOW } from "../../lib/train/diagnostics.ts";

function step(number: number, losses: Record<string, number>): StepEvent {
  return { type: "step", epoch: 1, step: number, steps: 9999, losses, learningRate: 1, milliseconds: 1 };
}

/** All that is said over some steps of the same losses. */
function over(signs: Diagnostics, steps: number, losses: Record<string, number>): string[] {
  return Array.from({ length: steps }, (_, i) => signs.look(step(i + 1, losses))).flat().map(({ message }) => message);
}

const grey = (...values: number[]): Image => ({ data: Uint8Array.from(values), height: 1, width: values.length, channels: 1 });

function sample(epoch: number, ...rows: Record<string, Image>[]): SampleEvent {
  return { type: "sample", epoch, step: 1, rows };
}

Deno.test("Diagnostics says once that a discriminator wins outright, with what would say that it cannot tell", () => {
  const signs = new Diagnostics({ discriminator: Math.LN2 });
  const said = over(signs, 3 * WINDOW, { discriminator: 0.001, adversarial: 9 });
  assertEquals(said.length, 1);
  assertStringIncludes(
    said[0]!,
    `its loss is 0.0010 in the mean of steps 1 to ${WINDOW}, and 0.69 would say that it cannot tell`,
  );
  assertEquals(over(new Diagnostics({ discriminator: Math.LN2 }), WINDOW - 1, { discriminator: 0 }), []);
  assertEquals(over(new Diagnostics({ discriminator: Math.LN2 }), WINDOW, { discriminator: 0.3 }), []);
  assertEquals(over(new Diagnostics(), WINDOW, { discriminator: 0 }), [], "a critic's loss may be 0");
});

Deno.test("Diagnostics says that a loss explodes", () => {
  const said = over(new Diagnostics(), WINDOW, { generator: 5e4 });
  assertEquals(said.length, 1);
  assertStringIncludes(said[0]!, "the generator loss is 5.0e+4");
});

Deno.test("Diagnostics says once whose gradients vanish or explode", () => {
  const signs = new Diagnostics();
  const look = (sizes: Record<string, number>) => signs.lookAtGradients(step(200, {}), sizes).map(({ message }) => message);
  assertEquals(look({ generatorAdam: VANISHED, sketchDiscriminatorAdam: EXPLODED_GRADIENT }), []);
  const [vanished, exploded] = look({ generatorAdam: 3e-9, sketchDiscriminatorAdam: 4e5 });
  assertStringIncludes(vanished!, "the gradients of the generator are 3.0e-9 at step 200");
  assertStringIncludes(vanished!, "they vanish");
  assertStringIncludes(exploded!, "of the sketch discriminator are 4.0e+5");
  assertStringIncludes(exploded!, "they explode");
  assertEquals(look({ generatorAdam: 3e-9, sketchDiscriminatorAdam: 4e5 }), [], "once");
});

Deno.test("Diagnostics sees flat samples after the training has begun, whatever stands beside them", () => {
  const given = { input: grey(0, 255), target: grey(9, 200) };
  const flat = { ...given, generated: grey(100, 102) };
  const signs = new Diagnostics();
  assertEquals(signs.look(sample(0, flat)), []);
  assertEquals(signs.look(sample(1, flat, { ...given, generated: grey(100, 180) })), []);
  assertStringIncludes(signs.look(sample(1, flat, flat))[0]!.message, "one flat colour");
  assertEquals(signs.look(sample(2, flat, flat)), [], "once");
});

Deno.test("Diagnostics sees that different noise gives the same picture", () => {
  const alike = { "1": grey(0, 200), "2": grey(1, 200), "3": grey(0, 199) };
  const signs = new Diagnostics();
  assertEquals(signs.look(sample(1, alike, { ...alike, "3": grey(200, 0) })), []);
  assertStringIncludes(signs.look(sample(2, alike, alike))[0]!.message, "mode collapse");
  const pair = { input: grey(0, 200), generated: grey(0, 200) };
  assertEquals(new Diagnostics().look(sample(1, pair)), [], "a translation may look like its input");
});
