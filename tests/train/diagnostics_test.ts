import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Image } from "../../lib/data/image_bytes.ts";
import type { SampleEvent, StepEvent } from "../../lib/events.ts";
import { Diagnostics, EXPLODED, VANISHED, WINDOW } from "../../lib/train/diagnostics.ts";

function step(number: number, losses: Record<string, number>): StepEvent {
  return { type: "step", epoch: 1, step: number, steps: 9999, losses, learningRate: 1, milliseconds: 1 };
}

/** All warnings during a number of steps with the same losses. */
function over(diagnostics: Diagnostics, steps: number, losses: Record<string, number>): string[] {
  return Array.from({ length: steps }, (_, i) => diagnostics.check(step(i + 1, losses))).flat().map(({ message }) => message);
}

const grey = (...values: number[]): Image => ({ data: Uint8Array.from(values), height: 1, width: values.length, channels: 1 });

function sample(epoch: number, ...rows: Record<string, Image>[]): SampleEvent {
  return { type: "sample", epoch, step: 1, rows };
}

Deno.test("Diagnostics warns once about a discriminator that wins, and states its loss at equilibrium", () => {
  const diagnostics = new Diagnostics({ discriminator: Math.LN2 });
  const warnings = over(diagnostics, 3 * WINDOW, { discriminator: 0.001, adversarial: 9 });
  assertEquals(warnings.length, 1);
  assertStringIncludes(
    warnings[0]!,
    `its loss averages 0.0010 over steps 1 to ${WINDOW}, compared with 0.69 at equilibrium`,
  );
  assertEquals(over(new Diagnostics({ discriminator: Math.LN2 }), WINDOW - 1, { discriminator: 0 }), []);
  assertEquals(over(new Diagnostics({ discriminator: Math.LN2 }), WINDOW, { discriminator: 0.3 }), []);
  assertEquals(over(new Diagnostics(), WINDOW, { discriminator: 0 }), [], "the loss of a critic may be 0");
});

Deno.test("Diagnostics warns about a loss that diverges", () => {
  const warnings = over(new Diagnostics(), WINDOW, { generator: 5e4 });
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, "the generator loss averages 5.0e+4");
});

Deno.test("Diagnostics warns once about vanishing and exploding gradients", () => {
  const diagnostics = new Diagnostics();
  const check = (sizes: Record<string, number>) => diagnostics.checkGradients(step(200, {}), sizes).map(({ message }) => message);
  assertEquals(check({ generatorAdam: VANISHED, sketchDiscriminatorAdam: EXPLODED }), []);
  const [vanished, exploded] = check({ generatorAdam: 3e-9, sketchDiscriminatorAdam: 4e5 });
  assertStringIncludes(vanished!, "the RMS gradient of the generator is 3.0e-9 at step 200");
  assertStringIncludes(vanished!, "gradients vanish");
  assertStringIncludes(exploded!, "of the sketch discriminator is 4.0e+5");
  assertStringIncludes(exploded!, "gradients explode");
  assertEquals(check({ generatorAdam: 3e-9, sketchDiscriminatorAdam: 4e5 }), [], "once");
});

Deno.test("Diagnostics warns about flat samples after the first step, independently of their inputs", () => {
  const given = { input: grey(0, 255), target: grey(9, 200) };
  const flat = { ...given, generated: grey(100, 102) };
  const diagnostics = new Diagnostics();
  assertEquals(diagnostics.check(sample(0, flat)), []);
  assertEquals(diagnostics.check(sample(1, flat, { ...given, generated: grey(100, 180) })), []);
  assertStringIncludes(diagnostics.check(sample(1, flat, flat))[0]!.message, "a single flat colour");
  assertEquals(diagnostics.check(sample(2, flat, flat)), [], "once");
});

Deno.test("Diagnostics warns about samples that do not depend on the noise", () => {
  const alike = { "1": grey(0, 200), "2": grey(1, 200), "3": grey(0, 199) };
  const diagnostics = new Diagnostics();
  assertEquals(diagnostics.check(sample(1, alike, { ...alike, "3": grey(200, 0) })), []);
  assertStringIncludes(diagnostics.check(sample(2, alike, alike))[0]!.message, "mode collapse");
  const pair = { input: grey(0, 200), generated: grey(0, 200) };
  assertEquals(new Diagnostics().check(sample(1, pair)), [], "a translation may equal its input");
});
