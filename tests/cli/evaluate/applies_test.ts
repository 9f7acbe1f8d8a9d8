import { assertEquals, assertThrows } from "@std/assert";
import { refuseUnused } from "../../../lib/cli/evaluate.ts";
import { UsageError } from "../../../lib/cli/command.ts";

const NONE = {
  ...{ model: "m", data: undefined, targets: undefined, colourise: false, direction: undefined, others: undefined },
  ...{ skipBad: false, asGiven: false, crop: false, scale: undefined, classifier: undefined, count: undefined, seed: undefined },
};
const GIVEN = {
  data: "d",
  targets: "t",
  colourise: true,
  direction: "AtoB",
  others: "o",
  skipBad: true,
  asGiven: true,
  crop: true,
  scale: 2,
  classifier: "c",
};

Deno.test("refuseUnused() rejects exactly the options that the measures for a kind of model do not use", () => {
  const all = { ...GIVEN, count: 20, seed: 0 };
  const pairs = ["data", "targets", "colourise", "direction", "skipBad", "asGiven", "crop", "scale", "seed"];
  const labelled = ["data", "skipBad", "asGiven", "crop", "scale", "classifier", "count", "seed"];
  const taken = {
    ...{ pix2pix: pairs, bicyclegan: pairs, cyclegan: ["data", "others", "skipBad", "asGiven", "crop", "scale", "seed"] },
    ...{ gan: labelled, "conditional-gan": labelled, stackgan: ["count"] },
    classifier: ["data", "skipBad", "asGiven", "seed"],
    // these kinds are rejected elsewhere
    ...{ unheard: Object.keys(all), toString: Object.keys(all) },
  };
  for (const [kind, wanted] of Object.entries(taken)) {
    refuseUnused(kind, NONE);
    for (const [name, value] of Object.entries(all)) {
      const check = () => refuseUnused(kind, { ...NONE, [name]: value });
      if (wanted.includes(name)) check();
      else assertThrows(check, UsageError, "; omit ", `${kind}, ${name}`);
    }
  }
});

Deno.test("refuseUnused() names the option as it is typed, the model and its kind", () => {
  const { message } = assertThrows(() => refuseUnused("gan", { ...NONE, others: "o" }), UsageError);
  assertEquals(message, "Option --others does not apply to m, which is a gan model; omit it");
});
