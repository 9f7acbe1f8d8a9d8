import { assertEquals, assertThrows } from "@std/assert";
import {
  codeSpans,
  equationsCited,
  equationsTagged,
  papersCited,
  references,
  resolves,
  statedValues,
  valueOf,
} from "./_prose.ts";
import { ROOT } from "./_notebooks.ts";

Deno.test("equationsTagged() and equationsCited() find equations, and no other numbers", () => {
  const text = "As in (7.3), for 0.5 (or 7.4):\n$$a = b \\tag{7.1}$$ and $$c \\tag{7.2}$$ (12.10)";
  assertEquals(equationsTagged(text), ["7.1", "7.2"]);
  assertEquals(equationsCited(text), ["7.3", "12.10"]);
});

Deno.test("papersCited() finds papers, not links, code or formulas", () => {
  assertEquals(papersCited("In [1] and [2, 10]; see [3](a.md), `x[4]`, $y[5]$ and $$z[6]$$."), [1, 2, 10]);
});

Deno.test("references() numbers the papers as they are marked, and refuses another order", () => {
  const entry = (n: number) => `% [${n}]\n@article{a${n},\n  title = {T${n}},\n  year = {2017},\n  eprint = {1611.0700${n}}\n}\n`;
  assertEquals(references(`% head\n\n${entry(1)}\n${entry(2)}`), [
    { title: "T1", year: "2017", eprint: "1611.07001" },
    { title: "T2", year: "2017", eprint: "1611.07002" },
  ]);
  assertThrows(() => references(entry(2)), Error, "entry a2 is numbered [2]");
});

Deno.test("codeSpans() leaves blocks of code out", () => {
  assertEquals(codeSpans("`a` and\n```ts\nconst x = `b`;\n```\n`c.d`"), ["a", "c.d"]);
});

Deno.test("resolves() knows public names, names in the code, files, tasks and switches, and no others", async () => {
  const around = { code: "const own = { training: true };", folder: `${ROOT}/notebooks`, root: ROOT, tasks: ["demo"] };
  const known = [
    ...["pix2pixStep", "losses.l1", "tf.variableGrads", "PIX2PIX.lambda", "own", "data.toytown(...)"],
    ...[
      "../mod.ts",
      "lib/models/unet.ts",
      "deno task demo",
      "FORGER_SIZE=full",
      "{ training: true }",
      "[batch, height, width, channels]",
    ],
  ];
  const unknown = [
    ...["pix3pix", "losses.l3", "tf.variableGrad", "PIX2PIX.lamda", "ow", "unknown()"],
    ...["../mode.ts", "lib/models/vnet.ts", "deno task dance", "FORGER_SIZES", "{ trainning: true }", "[batch, colour]"],
  ];
  for (const span of known) assertEquals([span, await resolves(span, around)], [span, true]);
  for (const span of unknown) assertEquals([span, await resolves(span, around)], [span, false]);
});

Deno.test("statedValues() finds what is said of constants, and valueOf() what they are", () => {
  assertEquals(statedValues("`PIX2PIX.lambda` = 100, `A.b` = -0.5, and `c` = 3"), [
    { path: "PIX2PIX.lambda", value: 100 },
    { path: "A.b", value: -0.5 },
  ]);
  assertEquals(valueOf({ a: { b: 1 } }, "a.b"), 1);
  assertEquals(valueOf({ a: { b: 1 } }, "a.c.d"), undefined);
});
