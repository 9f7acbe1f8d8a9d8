import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { completeSettings, type Fields } from "../../lib/settings.ts";
import { registerSystem, type SomeSystem, systemOf, systems } from "../../lib/systems/registry.ts";
import { testOnBackends } from "../_backends.ts";
import { LINE_SYSTEM } from "../train/_line.ts";

const KINDS = ["gan", "conditional-gan", "pix2pix", "bicyclegan", "cyclegan", "stackgan", "classifier"];

/** Settings of a small model of each kind. */
const SMALL: Record<string, Record<string, unknown>> = {
  "gan": { shape: [2], hidden: [2], discriminatorHidden: [2] },
  "conditional-gan": { shape: [8, 8, 1], hidden: [2, 2], discriminatorHidden: [2, 2], labelUnits: 1, discriminatorLabelUnits: 1 },
  "pix2pix": { size: 16, filters: 1, layers: 1 },
  "bicyclegan": { size: 32, filters: 1, layers: 1 },
  "cyclegan": { size: 16, filters: 1, layers: 1, blocks: 0 },
  "stackgan": { size: 32, filters: 1, conditionSize: 2 },
  "classifier": { size: 8, filters: 1, features: 2 },
};

/** The method required for each use. */
const METHODS: Record<string, string> = {
  translate: "translate",
  variants: "translate",
  back: "translate",
  generate: "generate",
  labels: "generate",
  captions: "generate",
  classify: "classify",
};

/** Every field of every system. */
function* allFields(): Generator<[system: SomeSystem, name: string, field: Fields[string]]> {
  for (const system of systems()) {
    for (const [name, field] of Object.entries(system.fields as Fields)) yield [system, name, field];
  }
}

Deno.test("systems() lists all systems, which systemOf() finds by kind", () => {
  assertEquals(systems().map(({ kind }) => kind), KINDS);
  for (const kind of KINDS) assertEquals(systemOf(kind)?.kind, kind);
  for (const kind of ["pix3pix", "", "constructor", "__proto__"]) assertEquals(systemOf(kind), undefined);
});

testOnBackends("systems() build models of their kind, with the capabilities that the systems state", () => {
  for (const { kind, build, uses, fields } of systems()) {
    const model = build(SMALL[kind]);
    assertEquals(model.kind, kind);
    assertEquals(Object.keys(model.settings), Object.keys(fields));
    assertEquals(model.settings, completeSettings(kind, fields, SMALL[kind]!));
    assert(uses.length > 0);
    for (const use of uses) {
      assertEquals(typeof (model as unknown as Record<string, unknown>)[METHODS[use]!], "function", `${kind} ${use}`);
    }
    model.dispose();
  }
}, ["cpu"]);

Deno.test("systems() describe every setting in sentences, with a valid default", () => {
  for (const [{ kind, fields }, name, field] of allFields()) {
    const what = `${kind} ${name}`;
    assert(/^\S.*\S\.$/s.test(field.help), `${what}: ${field.help}`);
    const complete = completeSettings(kind, fields, {}) as Record<string, unknown>;
    assert(field.fits(complete[name]), `${what}: ${complete[name]}`);
    assert(field.fromData || field.value !== undefined || typeof field.default === "boolean", what);
  }
});

Deno.test("systems() refuse invalid values of every setting, and name the setting", () => {
  for (const [{ kind, build }, name, field] of allFields()) {
    for (const wrong of [{}, NaN, Infinity, -1, "?", ["?"], null]) {
      assert(!field.fits(wrong), `${kind} ${name} accepts ${wrong}`);
      assertThrows(
        () => build({ ...SMALL[kind], [name]: wrong }),
        RangeError,
        `Cannot build ${kind}: ${name} must be ${field.accepts}, got `,
      );
    }
  }
});

Deno.test("systems() refuse sizes that their networks do not accept, and suggest others", () => {
  for (const kind of ["pix2pix", "cyclegan", "bicyclegan"]) {
    assertThrows(
      () => systemOf(kind)!.build({ size: 30, filters: 1 }),
      RangeError,
      "size must be a multiple of 4, got 30; use 28 or 32",
    );
  }
});

Deno.test("systems() have presets and defaults only for existing settings and training options", () => {
  const training = ["epochs", "batch", "learningRate"];
  for (const { kind, fields, presets = {}, options = {}, commandDefaults = {}, training: defaults } of systems()) {
    assert(Number.isSafeInteger(defaults.epochs) && defaults.epochs > 0, kind);
    for (const [preset, values] of [...Object.entries(presets), ["command", commandDefaults] as const]) {
      for (const [name, value] of Object.entries(values as Record<string, unknown>)) {
        const field = (fields as Fields)[name] ?? options[name];
        assert(field?.fits(value) ?? training.includes(name), `${kind} ${preset} ${name}`);
      }
    }
  }
});

Deno.test("registerSystem() adds a system, and refuses a second system of the same kind", () => {
  for (const kind of KINDS) {
    const error = assertThrows(() => registerSystem({ ...LINE_SYSTEM, kind }), RangeError, "Cannot register the system");
    assertStringIncludes(error.message, `kind ${kind} `);
  }
  assertEquals(systems().length, KINDS.length);
  registerSystem(LINE_SYSTEM);
  assertEquals(systems().map(({ kind }) => kind), [...KINDS, "line"]);
  assertEquals(systemOf("line")?.title, "Line");
  assertThrows(() => registerSystem(LINE_SYSTEM), RangeError, "kind line already exists");
});
