import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  choice,
  completeSettings,
  defaultsOf,
  type Described,
  dimensionsOf,
  type Field,
  flag,
  fromData,
  integer,
  list,
  number,
  seed,
  type Size,
  size,
  text,
  wrongSetting,
} from "../lib/settings.ts";

interface Settings {
  size: number;
  depth: number;
  rate: number;
  norm: "batch" | "instance";
  widths: readonly number[];
  adversarial: boolean;
  channels: number;
  seed: number;
}

const width = integer(8, { min: 1, help: "Units." });

const FIELDS: Described<Settings> = {
  size: integer(256, { min: 4, unit: "pixels", help: "Size." }),
  depth: integer(({ size }) => Math.log2(size), { min: 2, help: "Depth." }),
  rate: number(0.5, { min: 0, below: 1, help: "Rate." }),
  norm: choice("batch", ["batch", "instance"], { help: "Normalization." }),
  widths: list([8, 8], width, { of: "integers ≥ 1", help: "Widths." }),
  adversarial: flag(true, { help: "Train with a discriminator.", off: { help: "Train without one." } }),
  channels: fromData(3, "Channels."),
  seed: seed(),
};

const complete = (given: Partial<Settings>) => completeSettings("a model", FIELDS, given);

Deno.test("defaultsOf() returns the defaults, also those that follow from other settings", () => {
  assertEquals(defaultsOf(FIELDS), {
    size: 256,
    depth: 8,
    rate: 0.5,
    norm: "batch",
    widths: [8, 8],
    adversarial: true,
    channels: 3,
    seed: 0,
  });
});

Deno.test("completeSettings() keeps the given settings and computes the defaults of the others from them", () => {
  assertEquals(complete({ size: 64, norm: "instance" }), { ...defaultsOf(FIELDS), size: 64, depth: 6, norm: "instance" });
  assertEquals(complete({ size: 64, depth: 3 }).depth, 3);
  assertEquals(complete({ size: undefined } as unknown as Partial<Settings>).size, 256, "undefined is not given");
  assertEquals(complete({ size: 5 }).depth, Math.log2(5), "which is for the caller to judge");
  assertEquals(Object.keys(complete({ seed: 1, size: 8 })), Object.keys(FIELDS), "the order is that of the fields");
});

Deno.test("completeSettings() refuses unknown settings, and lists those that exist", () => {
  for (const name of ["sice", "constructor", "toString"]) {
    assertThrows(
      () => complete({ [name]: 1 } as Partial<Settings>),
      RangeError,
      `Cannot build a model: unknown setting ${name}; the settings are ${Object.keys(FIELDS).join(", ")}`,
    );
  }
});

Deno.test("completeSettings() refuses values that do not fit, and names setting, expectation and value", () => {
  const cases: [given: Record<string, unknown>, message: string][] = [
    [{ size: 3 }, "size must be an integer ≥ 4, got 3; change size"],
    [{ size: 4.5 }, "size must be an integer ≥ 4, got 4.5"],
    [{ size: "64" }, 'size must be an integer ≥ 4, got "64"'],
    [{ size: null }, "size must be an integer ≥ 4, got null"],
    [{ rate: 1 }, "rate must be a number in [0, 1), got 1"],
    [{ rate: NaN }, "rate must be a number in [0, 1), got NaN"],
    [{ norm: "layer" }, 'norm must be either batch or instance, got "layer"'],
    [{ widths: [8, 0] }, "widths must be a comma-separated list of integers ≥ 1, got [8,0]"],
    [{ widths: 8 }, "widths must be a comma-separated list of integers ≥ 1, got 8"],
    [{ adversarial: 1 }, "adversarial must be true or false, got 1"],
    [{ channels: 0 }, "channels must be an integer ≥ 1, got 0"],
    [{ seed: 2 ** 31 }, "seed must be an integer from 0 to 2147483647, got 2147483648"],
    [{ size: 8, depth: 1 }, "depth must be an integer ≥ 2, got 1"],
  ];
  for (const [given, message] of cases) {
    assertThrows(() => complete(given as Partial<Settings>), RangeError, `Cannot build a model: ${message}`);
  }
});

Deno.test("completeSettings() accepts a default of undefined", () => {
  const fields: Described<{ epochs: number | undefined; folder: string | undefined }> = {
    epochs: integer(undefined, { min: 0, help: "Epochs." }),
    folder: text({ help: "Folder.", value: "FOLDER", default: undefined }),
  };
  assertEquals(completeSettings("a run", fields, {}), { epochs: undefined, folder: undefined });
  assertEquals(completeSettings("a run", fields, { epochs: 3 }).epochs, 3);
  assertThrows(() => completeSettings("a run", fields, { epochs: -1 }), RangeError, "epochs must be an integer ≥ 0, got -1");
});

Deno.test("wrongSetting() quotes strings and brackets lists", () => {
  assertEquals(wrongSetting("it", "a", "b", "c").message, 'Cannot build it: a must be b, got "c"; change a');
  assertEquals(wrongSetting("it", "a", "b", [1, 2]).message, "Cannot build it: a must be b, got [1,2]; change a");
});

Deno.test("completeSettings() refuses a required text that is missing", () => {
  const fields: Described<{ folder: string }> = { folder: text({ help: "Folder.", value: "FOLDER" }) };
  assertThrows(() => completeSettings("a run", fields, {}), RangeError, "folder must be a folder, got undefined");
});

Deno.test("completeSettings() checks settings before other defaults follow from them", () => {
  const fields: Described<{ shape: number[]; dropout: number }> = {
    dropout: number(({ shape }) => shape.length === 1 ? 0 : 0.5, { min: 0, help: "Dropout." }),
    shape: fromData([2], "Shape."),
  };
  assertEquals(completeSettings("it", fields, { shape: [8, 8, 1] }).dropout, 0.5);
  assertThrows(() => completeSettings("it", fields, { shape: null as unknown as number[] }), RangeError, "shape must be");
});

/** Values that a field accepts among some. */
const accepted = (field: Field<unknown>, ...values: unknown[]) => values.filter((value) => field.fits(value));

Deno.test("integer() accepts safe integers within its limits, and reads decimals", () => {
  const field = integer(1, { min: 1, max: 6, unit: "layers", help: "Layers." });
  assertEquals(accepted(field, 0, 1, 6, 7, 1.5, "1", NaN, Infinity, null, undefined, [1]), [1, 6]);
  assertEquals([field.accepts, field.value, field.unit], ["an integer from 1 to 6", "N", "layers"]);
  assertEquals(["3", "-2", "1e3", "1.5"].map(field.read), [3, -2, 1000, 1.5]);
  for (const wrong of ["", " ", "three", "3px"]) assertEquals(field.read(wrong), NaN, `"${wrong}"`);
  assertEquals(accepted(integer(0, { help: "Any." }), -5, 2 ** 53, 2 ** 53 - 1), [-5, 2 ** 53 - 1]);
});

Deno.test("number() accepts finite numbers within its limits", () => {
  const field = number(0.5, { min: 0, below: 1, help: "Rate." });
  assertEquals(accepted(field, -0.1, 0, 0.999, 1, NaN, Infinity, "0.5"), [0, 0.999]);
  assertEquals(accepted(number(0, { help: "Any." }), -1e300, Infinity), [-1e300]);
});

Deno.test("integer() and number() describe their limits", () => {
  const kinds = [{}, { min: 0 }, { max: 2 }, { below: 2 }, { min: 0, max: 2 }, { min: 0, below: 2 }];
  assertEquals(kinds.map((limits) => number(1, { help: "", ...limits }).accepts), [
    "a number",
    "a number ≥ 0",
    "a number ≤ 2",
    "a number < 2",
    "a number from 0 to 2",
    "a number in [0, 2)",
  ]);
});

Deno.test("flag() accepts true and false, and reads the opposite of its default", () => {
  const [off, on] = [flag(false, { help: "Halve." }), flag(true, { help: "See.", off: { name: "blind", help: "Do not see." } })];
  assertEquals(accepted(off, true, false, 0, "true", undefined), [true, false]);
  assertEquals([off.value, on.value], [undefined, undefined]);
  assertEquals([off.read(""), on.read("")], [true, false]);
  assertEquals([off.off, on.off], [undefined, { name: "blind", help: "Do not see." }]);
});

Deno.test("choice() accepts its words only", () => {
  const field = choice("a", ["a", "b", "c"], { help: "Letter." });
  assertEquals(accepted(field, "a", "c", "d", "A", "", 0, undefined), ["a", "c"]);
  assertEquals([field.accepts, field.value, field.read("d")], ["one of a, b, c", "WORD", "d" as "a"]);
  assertEquals(choice("a", ["a", "b"], { help: "Letter." }).accepts, "either a or b");
  assertEquals(choice(undefined, ["a", "b"], { help: "Letter." }).default, undefined);
});

Deno.test("text() accepts texts that are not empty, and is required without a default", () => {
  const [needed, optional] = [
    text({ help: "Folder.", value: "IMAGE_FOLDER" }),
    text({ help: "File.", value: "FILE", default: "x" }),
  ];
  assertEquals(accepted(needed, "a", "", 1, undefined), ["a"]);
  assertEquals([needed.required, optional.required], [true, false]);
  assertEquals([needed.accepts, needed.read("a b"), optional.default], ["an image folder", "a b", "x"]);
  assertEquals(text({ help: "File.", value: "FILE", default: undefined }).required, false);
});

Deno.test("list() accepts lists whose elements fit, and reads them between commas", () => {
  const numbers = list([8], width, { of: "integers ≥ 1", help: "Widths." });
  assertEquals(numbers.read("16, 32,64"), [16, 32, 64]);
  assertEquals(accepted(numbers, [1], [], [0], 1, "1", undefined), [[1], []]);
  for (const wrong of ["", "16,", "16,x", ",16"]) assert(!numbers.fits(numbers.read(wrong)), `"${wrong}"`);
  const words = list<"a" | "b", readonly ("a" | "b")[]>([], choice("a", ["a", "b"], { help: "Letter." }), {
    of: "a, b",
    help: "",
  });
  assertEquals([words.read("b,a"), words.fits(["b", "c"])], [["b", "a"], false]);
  assertEquals([words.default, words.accepts], [[], "a comma-separated list of a, b"]);
});

Deno.test("fromData() has no option, and accepts counts, or lists of them where the default is one", () => {
  const [count, shape] = [fromData(3, "Channels."), fromData([28, 28, 1], "Shape.")];
  assertEquals([count.fromData, count.value], [true, undefined]);
  assertEquals(accepted(count, 1, 5, 0, -1, 1.5, [1], "1"), [1, 5]);
  assertEquals(accepted(shape, [2], [8, 8, 3], [8, 0], [1.5], 3, "8"), [[2], [8, 8, 3]]);
});

Deno.test("seed() accepts integers from 0 to 2^31 - 1", () => {
  assertEquals(accepted(seed(), -1, 0, 2 ** 31 - 1, 2 ** 31, 0.5), [0, 2 ** 31 - 1]);
  assertEquals(seed("Seed of the data.").help, "Seed of the data.");
});

Deno.test("size() accepts a number, WIDTHxHEIGHT and [height, width], each side within the limits", () => {
  const field = size(256, { min: 8, max: 1024, help: "Size." });
  const cases: [text: string, value: Size][] = [["256", 256], ["512x256", [256, 512]], ["96X128", [128, 96]], ["64x64", 64]];
  for (const [text, value] of cases) {
    assertEquals([field.read(text), field.fits(value)], [value, true]);
    assertEquals(field.read(field.show!(value)), value);
  }
  for (const text of ["", "x", "256x", "x256", "0", "7", "1025", "8x1025", "7x8", "8x8x8", "8.5x8", "8x-8"]) {
    assertEquals(field.fits(field.read(text)), false, text);
  }
  for (const value of [[], [8], [8, 8, 8], [8, 7], [8, "8"], [[8, 8], 8], "8x8", null]) assertEquals(field.fits(value), false);
  assertEquals([dimensionsOf(8), dimensionsOf([8, 16])], [{ height: 8, width: 8 }, { height: 8, width: 16 }]);
});
