import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Family, familyHelp, familyStatus, member } from "../../lib/cli/family.ts";
import { integer } from "../../lib/settings.ts";

/** A family that notes what it is told. */
function familyOf(): { family: Family; told: unknown[] } {
  const told: unknown[] = [];
  const options = { epochs: integer({ default: 3, help: "Passes." }) };
  const of = (name: string) =>
    member(`does ${name}`, { name: `train ${name}`, about: `Trains ${name}.`, options, examples: [] }, (values) => {
      told.push({ name, ...values });
      return Promise.resolve();
    });
  return { family: { name: "train", noun: "model", about: "Trains.", members: { cat: of("cat"), dog: of("dog") } }, told };
}

/** Runs, and gives the status and what was printed. */
async function run(family: Family, ...args: string[]): Promise<{ status: number; out: string; error: string }> {
  const { log, error } = console;
  const said = { out: "", error: "" };
  console.log = (text) => void (said.out += `${text}\n`);
  console.error = (text) => void (said.error += `${text}\n`);
  try {
    return { status: await familyStatus(family, args), ...said };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("familyStatus() runs the member that the first word names, with the rest", async () => {
  const { family, told } = familyOf();
  assertEquals((await run(family, "dog", "--epochs", "5")).status, 0);
  assertEquals(told, [{ name: "dog", epochs: 5 }]);
  const wrong = await run(family, "cat", "--epoch", "5");
  assertEquals(wrong.status, 2);
  assertStringIncludes(wrong.error, 'Unknown option --epoch of "deno task train cat"; did you mean --epochs?');
});

Deno.test("familyStatus() says which members there are", async () => {
  const { family, told } = familyOf();
  for (const args of [[], ["--epochs", "5"]]) {
    const { status, error } = await run(family, ...args);
    assertEquals(status, 2);
    assertMatch(error, /^The model is missing: wanted one of cat, dog; write deno task train MODEL \[options\]\n$/);
  }
  const { status, error } = await run(family, "dof");
  assertEquals([status, error], [2, 'Unknown model "dof": wanted one of cat, dog; did you mean dog?\n']);
  assertMatch((await run(family, "constructor")).error, /^Unknown model "constructor"/);
  assertEquals(told, []);
});

Deno.test("familyStatus() shows the family's help, and each member's", async () => {
  const { family } = familyOf();
  for (const word of ["--help", "-h", "help"]) {
    assertEquals(await run(family, word), { status: 0, out: `${familyHelp(family)}\n`, error: "" });
  }
  assertStringIncludes(familyHelp(family), "  cat  does cat");
  const { out } = await run(family, "cat", "--help");
  assertStringIncludes(out, "Usage: deno task train cat [options]");
});
